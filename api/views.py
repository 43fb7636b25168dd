"""View bases: strict parameters, writes that answer with the read representation, and the unknown path."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api.errors import error_response, invalid


class GenericViewSet(viewsets.GenericViewSet):
    """What every ViewSet of ours shares.

    - `serializer_class` reads; `write_serializer_class` (or `write_serializer_classes` by action) writes.
    - `orderings` maps the values of `?ordering=` to order keys that end in a unique one, the default first.
    - `parser_classes_by_action` has the parsers of actions that take no JSON.
    - `raises` maps an action to the domain errors it can answer with, and `invalidates` an action to
      `{attr: codes}` that its services refuse with, both for the schema.
    """

    write_serializer_class: ClassVar[type[BaseSerializer] | None] = None
    write_serializer_classes: ClassVar[dict[str, type[BaseSerializer]]] = {}
    parser_classes_by_action: ClassVar[dict[str, tuple[type[BaseParser], ...]]] = {}
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"oldest": ("id",)}
    raises: ClassVar[dict[str, tuple[type[APIException], ...]]] = {}
    invalidates: ClassVar[dict[str, dict[str, tuple[str, ...]]]] = {}
    # What an action asks for beside signing in, in this order; without an entry, `default_permissions`.
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    default_permissions: ClassVar[tuple[type[BasePermission], ...]] = ()
    permissions_by_action: ClassVar[dict[str, tuple[type[BasePermission], ...]]] = {}
    ordering_param = "ordering"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is not None:  # None: the method is not allowed, which is said first
            self.refuse_unknown_parameters(request)

    def get_permissions(self) -> list[Any]:
        # Without an action there is nothing to permit: the method is not allowed, whoever asks.
        more = self.permissions_by_action.get(self.action, self.default_permissions) if self.action else ()
        return [*super().get_permissions(), *(permission() for permission in more)]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        # DRF sets it after it has asked for the parsers.
        self.action = self.action_map.get(request.method.lower(), "")
        return super().initialize_request(request, *args, **kwargs)

    def get_parsers(self) -> list[BaseParser]:
        return [parser() for parser in self.parser_classes_by_action.get(self.action, self.parser_classes)]

    def get_authenticate_header(self, request: Request) -> str:
        # Also where signing in is not asked for: without it DRF turns every 401 into 403.
        return 'Bearer realm="api"'

    @property
    def user(self) -> Any:
        """Who is asking. Views that let strangers in get an AnonymousUser."""
        return self.request.user

    # --- Parameters -----------------------------------------------------------------------------
    def get_query_params(self) -> set[str]:
        """The query parameters this action takes."""
        if self.action != "list":
            return set()
        known = set(getattr(self.paginator, "query_params", ()))
        if len(self.orderings) > 1:
            known.add(self.ordering_param)
        filterset_class = getattr(self, "filterset_class", None)
        return known | set(filterset_class.base_filters if filterset_class else ())

    def refuse_unknown_parameters(self, request: Request) -> None:
        unknown = set(request.query_params) - self.get_query_params()
        if unknown:
            message = gettext("There is no such parameter here.")
            raise ValidationError(
                {name: [ErrorDetail(message, code="unknown_parameter")] for name in sorted(unknown)}
            )

    def get_ordering(self) -> tuple[str, ...]:
        """The order keys of this list. An unknown `ordering` is refused with 400."""
        chosen = self.request.query_params.get(self.ordering_param, next(iter(self.orderings)))
        if chosen not in self.orderings:
            message = _("Order by one of: %(choices)s.") % {"choices": ", ".join(self.orderings)}
            raise invalid(self.ordering_param, message, "invalid_choice")
        return self.orderings[chosen]

    def get_walk(self, ordering: tuple[str, ...]) -> QuerySet | None:
        """Rows among which those of the list stand, and which an index has in this order, for deep pages.

        None where there is no such index.
        """
        return None

    # --- Reading and writing ----------------------------------------------------------------------
    def get_write_serializer_class(self) -> type[BaseSerializer] | None:
        return self.write_serializer_classes.get(self.action or "", self.write_serializer_class)

    def get_write_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer:
        serializer_class = self.get_write_serializer_class() or self.get_serializer_class()
        return serializer_class(*args, **kwargs, context=self.get_serializer_context())

    def validated(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        """The valid body of a write; 400 otherwise."""
        serializer = self.get_write_serializer(data=request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def represent(self, instance: Model) -> Any:
        """A row as reading it would answer, read anew so that counts and marks are right."""
        return self.get_serializer(get_object_or_404(self.get_read_queryset(), pk=instance.pk)).data

    def get_read_queryset(self) -> QuerySet:
        return self.get_queryset()


class CreateModelMixin(GenericViewSet):
    """POST makes a row: `perform_create` takes the valid serializer and returns it."""

    def perform_create(self, serializer: BaseSerializer) -> Model:
        raise NotImplementedError

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_write_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        instance = self.perform_create(serializer)
        return Response(self.represent(instance), status=status.HTTP_201_CREATED)


class UpdateModelMixin(GenericViewSet):
    """PATCH alone: a PUT of a whole post would have to repeat what can't change."""

    def perform_update(self, serializer: BaseSerializer) -> Model:
        raise NotImplementedError

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        instance = self.get_object()
        serializer = self.get_write_serializer(instance, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        return Response(self.represent(self.perform_update(serializer)))


class ModelViewSet(
    CreateModelMixin,
    mixins.RetrieveModelMixin,
    UpdateModelMixin,
    mixins.DestroyModelMixin,
    mixins.ListModelMixin,
    GenericViewSet,
):
    """DRF's ModelViewSet with PATCH alone for updates, and writes that answer like reads."""

    lookup_value_converter = "int"


@csrf_exempt  # so that a write to a path that is not there is told just that
def unknown_path(request: HttpRequest) -> HttpResponse:
    """The 404 of a path that is not there; says so where only the slash is missing."""
    detail: Any = _("There is nothing at this path.")
    if not request.path_info.endswith("/"):
        try:
            match = resolve(f"{request.path_info}/")
        except Resolver404:
            match = None
        if match is not None and match.func is not unknown_path:
            detail = _("Paths end with a slash: call %(path)s/") % {"path": request.path_info}
    return error_response(404, "not_found", detail)
