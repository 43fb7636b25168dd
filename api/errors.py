"""The one error shape `{"type", "errors": [{"code", "detail", "attr", "meta"}]}`, and what we raise."""

import sys
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status

SERVER_ERROR = _("Something went wrong on our side. Please name the request id when you report it.")


class DomainError(exceptions.APIException):
    """A rule of ours that said no. Subclasses set the status, the code and the text.

    `meta` goes into the answer as it is: say in the subclass what it holds.
    """

    meta: dict[str, Any] | None = None

    def __init__(self, detail: Any = None, *, meta: dict[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.meta = meta


class Unauthorized(exceptions.AuthenticationFailed):
    """401 with a code of its own. The view's `WWW-Authenticate` goes along."""


class Forbidden(DomainError):
    """403: may be seen, but not done."""

    status_code = status.HTTP_403_FORBIDDEN


class Conflict(DomainError):
    """409: right in itself, but not in the state things are in."""

    status_code = status.HTTP_409_CONFLICT


class PayloadTooLarge(DomainError):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "payload_too_large"
    default_detail = _("The request body is too large.")


class BadRequest(DomainError):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_request"
    default_detail = _("The request can't be read.")


class ServiceUnavailable(DomainError):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = _("The service is busy. Please try again in a moment.")
    wait = 5


class StorageUnavailable(ServiceUnavailable):
    """Files can't be kept for now. What was to be written with them has not been written."""

    default_code = "storage_unavailable"
    default_detail = _("Pictures can't be stored just now. Please try again in a moment.")


def invalid(attr: str, message: Any, code: str) -> exceptions.ValidationError:
    """A 400 that names one field."""
    return exceptions.ValidationError({attr: [exceptions.ErrorDetail(message, code=code)]})


NOTHING_THERE = _("There is nothing with this id.")


def does_not_exist(attr: str) -> exceptions.ValidationError:
    """The 400 for an id in a body or query that does not exist or may not be seen: one and the same."""
    return invalid(attr, NOTHING_THERE, "does_not_exist")


def request_id_meta(request: Any) -> dict[str, Any]:
    return {"request_id": getattr(request, "request_id", None)}


def error_body(kind: str, errors: list[tuple[str, Any, str | None, Any]]) -> dict[str, Any]:
    return {
        "type": kind,
        "errors": [
            {"code": code, "detail": str(detail), "attr": attr, "meta": meta}
            for code, detail, attr, meta in errors
        ],
    }


def error_response(
    status_code: int, code: str, detail: Any, meta: dict[str, Any] | None = None
) -> JsonResponse:
    """An error from outside a DRF view: a middleware, or one of Django's handlers."""
    kind = "server_error" if status_code >= 500 else "client_error"
    body = error_body(kind, [(code, detail, None, meta)])
    response = JsonResponse(body, status=status_code, json_dumps_params={"ensure_ascii": False})
    response.data = body  # type: ignore[attr-defined] # as DRF's have it
    return response


def server_error(request: HttpRequest) -> JsonResponse:
    """Django's `handler500`, for what fails outside a DRF view. Names the request, for the operators."""
    error = sys.exc_info()[1]
    if isinstance(error, ServiceUnavailable):  # a busy hasher, say, at the admin's sign-in
        response = error_response(error.status_code, error.default_code, error.detail)
        response["Retry-After"] = str(error.wait)
        return response
    return error_response(500, "error", SERVER_ERROR, request_id_meta(request))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's `handler400`: an unknown Host, a body with too many fields."""
    return error_response(400, "bad_request", BadRequest.default_detail)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's `handler403`."""
    return error_response(403, "permission_denied", exceptions.PermissionDenied.default_detail)


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's `handler404`."""
    return error_response(404, "not_found", exceptions.NotFound.default_detail)


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    """Django's `CSRF_FAILURE_VIEW`: the admin's forms alone have CSRF tokens."""
    return error_response(403, "csrf_failed", reason)
