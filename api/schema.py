"""How drf-spectacular describes our API: write serializers, parameters, and every error with its codes."""

import inspect
from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.openapi import AutoSchema as BaseAutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from drf_standardized_errors.openapi_utils import (
    get_flat_serializer_fields,
    get_serializer_fields_with_error_codes,
)
from inflection import camelize
from rest_framework import exceptions

from api.errors import BadRequest, PayloadTooLarge, ServiceUnavailable
from api.serializers import CharField, NameField

# What the authenticator can say, in the order of `docs/api.md`.
UNAUTHORIZED_CODES = ("not_authenticated", "token_invalid", "token_expired", "session_ended")
FILTER_CODES = (
    "invalid",
    "does_not_exist",
    "blank",
    "max_length",
    "invalid_choice",
    "null_characters_not_allowed",
)
PAGE_CODES = ("invalid", "out_of_range", "invalid_cursor")
ALWAYS: tuple[type[exceptions.APIException], ...] = (
    exceptions.MethodNotAllowed,
    exceptions.NotAcceptable,
    exceptions.APIException,
    ServiceUnavailable,
)
WITH_BODY: tuple[type[exceptions.APIException], ...] = (
    exceptions.ParseError,
    exceptions.UnsupportedMediaType,
    PayloadTooLarge,
)
STANDARD_ACTIONS = {
    "list": "List: {noun}",
    "create": "Create: {noun}",
    "retrieve": "Read: {noun}",
    "partial_update": "Change: {noun}",
    "destroy": "Delete: {noun}",
}
# The errors that are the same wherever they occur: one component each.
SAME_EVERYWHERE: tuple[type[exceptions.APIException], ...] = (*ALWAYS, *WITH_BODY[1:], exceptions.NotFound)
STANDARD: dict[int, list[str]] = {401: list(UNAUTHORIZED_CODES)} | {
    error.status_code: [error.default_code] for error in SAME_EVERYWHERE
}


class FilterExtension(DjangoFilterExtension):
    """Publishes what each filter means. Spectacular leaves that out where a filter tells its own type."""

    target_class = "api.filters.FilterBackend"
    priority = 1

    def resolve_filter_field(  # type: ignore[no-untyped-def]
        self, auto_schema, model, filterset_class, field_name, filter_field
    ) -> list[dict[str, Any]]:
        parameters = super().resolve_filter_field(
            auto_schema, model, filterset_class, field_name, filter_field
        )
        for parameter in parameters:
            parameter.setdefault("description", str(filter_field.label))
        return parameters


class AutoSchema(BaseAutoSchema):
    """Knows the attributes of `api.views.GenericViewSet`."""

    def get_summary(self) -> str | None:
        """The first sentence of an action's own docstring; the standard actions have none and need none."""
        action = getattr(self.view, "action", None) or ""
        if action in STANDARD_ACTIONS:
            noun = getattr(self.view, "basename", "").replace("-", " ")
            return STANDARD_ACTIONS[action].format(noun=noun)
        text = inspect.getdoc(getattr(self.view, action, None)) or ""
        return text.partition("\n")[0].rstrip(".") or None

    # --- Bodies -----------------------------------------------------------------------------------
    def get_request_serializer(self) -> Any:
        view: Any = self.view
        if self.method in ("POST", "PUT", "PATCH") and hasattr(view, "get_write_serializer"):
            return view.get_write_serializer() if view.get_write_serializer_class() else None
        return super().get_request_serializer()

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        schema = super()._map_serializer_field(field, direction, bypass_extensions)
        if direction == "request" and isinstance(field, CharField) and field.refuses_blank:
            schema.setdefault("pattern", r"\S")
        if hasattr(field, "step"):
            schema["multipleOf"] = field.step
        return schema

    # --- Parameters -------------------------------------------------------------------------------
    @property
    def is_list(self) -> bool:
        return getattr(self.view, "action", None) == "list"

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        orderings = getattr(self.view, "orderings", {})
        if self.is_list and len(orderings) > 1:
            names = list(orderings)
            parameters.append(
                OpenApiParameter(
                    "ordering", str, enum=names, default=names[0], description="The order of the list."
                )
            )
        if getattr(self.view, "action", None) in getattr(self.view, "idempotent_actions", ()):
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
                    OpenApiParameter.HEADER,
                    description="Any text of your own, new for each thing you make. The same key and body "
                    "again within 24 hours answer with the first result instead of making another.",
                )
            )
        return parameters

    # --- Errors -----------------------------------------------------------------------------------
    def _get_response_bodies(self, direction: Any = "response") -> Any:
        responses = super()._get_response_bodies(direction)
        if direction == "response":
            for status, codes in sorted(self.get_error_codes().items()):
                responses.setdefault(str(status), self.get_error_response(status, codes))
        return responses

    def get_error_codes(self) -> dict[int, list[str]]:
        """Every error code this operation can answer with, by status."""
        found: dict[int, dict[str, None]] = defaultdict(dict)
        for error in self.get_errors():
            found[error.status_code][error.default_code] = None
        for code in self.get_invalid_codes():
            found[400][code] = None
        if self.get_auth() and {} not in self.get_auth():
            found[401] |= dict.fromkeys(UNAUTHORIZED_CODES)
        return {status: list(codes) for status, codes in found.items()}

    def get_errors(self) -> Iterable[type[exceptions.APIException]]:
        yield from ALWAYS
        if self.get_request_serializer() is not None and self.method in ("POST", "PUT", "PATCH"):
            yield from WITH_BODY
        if any(parameter["in"] == "path" for parameter in self._get_parameters()):
            yield exceptions.NotFound
        if getattr(self.view, "action", None) in getattr(self.view, "throttle_scopes", {}):
            yield exceptions.Throttled
        for permission in self.view.get_permissions():
            yield from getattr(permission, "errors", ())
        yield from getattr(self.view, "raises", {}).get(getattr(self.view, "action", None), ())

    def get_invalid_codes(self) -> Iterable[str]:
        yield BadRequest.default_code
        if hasattr(self.view, "get_query_params"):
            yield "unknown_parameter"
        if self.is_list:
            yield from PAGE_CODES
            yield from FILTER_CODES
        if self.method in ("POST", "PUT", "PATCH"):
            yield from self.get_body_codes()
        invalidates = getattr(self.view, "invalidates", {}).get(getattr(self.view, "action", None), {})
        for codes in invalidates.values():
            yield from codes

    def get_body_codes(self) -> Iterable[str]:
        serializer = self.get_request_serializer()
        if serializer is None:
            return
        fields = get_flat_serializer_fields(serializer)
        for field in get_serializer_fields_with_error_codes(fields):
            yield from sorted(field.error_codes)
        if any(isinstance(field.field, NameField) for field in fields if hasattr(field, "field")):
            yield "invisible_characters"

    def get_error_response(self, status: int, codes: list[str]) -> dict[str, Any]:
        name = f"{self.name_error(status, codes)}Error"
        component = ResolvedComponent(
            name=name, type=ResolvedComponent.SCHEMA, schema=error_schema(status, codes), object=name
        )
        self.registry.register_on_missing(component)
        return {
            "description": ", ".join(f"`{code}`" for code in codes),
            "content": {"application/json": {"schema": component.ref}},
        }

    def name_error(self, status: int, codes: list[str]) -> str:
        """One name for the same codes wherever they occur, so that the document has each once."""
        if STANDARD.get(status) == codes:
            return HTTPStatus(status).phrase.title().replace(" ", "")
        if len(codes) <= 3:
            return "Or".join(camelize(code) for code in sorted(codes))
        return camelize(f"{self.get_operation_id()}_{HTTPStatus(status).phrase.replace(' ', '_')}")


def error_schema(status: int, codes: list[str]) -> dict[str, Any]:
    types = {400: ["validation_error", "client_error"]}.get(
        status, ["client_error" if status < 500 else "server_error"]
    )
    error = {
        "type": "object",
        "required": ["code", "detail", "attr", "meta"],
        "properties": {
            "code": {"type": "string", "enum": codes},
            "detail": {"type": "string"},
            "attr": {"type": ["string", "null"]},
            "meta": {"type": ["object", "null"], "additionalProperties": True},
        },
    }
    return {
        "type": "object",
        "required": ["type", "errors"],
        "properties": {
            "type": {"type": "string", "enum": types},
            "errors": {"type": "array", "minItems": 1, "items": error},
        },
    }


def finish_schema(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """Post-processing: nothing names a host, so that one document serves every school."""
    result.pop("servers", None)
    return result
