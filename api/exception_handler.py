"""How errors inside DRF become answers. Apart from `api.errors`, which DRF's own settings lead to."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from drf_standardized_errors import formatter, handler
from drf_standardized_errors.types import ErrorResponse
from rest_framework.exceptions import APIException

from api.errors import (
    SERVER_ERROR,
    BadRequest,
    PayloadTooLarge,
    ServiceUnavailable,
    error_body,
    request_id_meta,
)


class ExceptionFormatter(formatter.ExceptionFormatter):
    """Adds `meta` to each error."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        meta = getattr(self.original_exc, "meta", None)
        if error_response.type == "server_error":
            meta = (meta or {}) | request_id_meta(self.context["request"])
        return error_body(
            error_response.type,
            [(error.code, error.detail, error.attr, meta) for error in error_response.errors],
        )


class ExceptionHandler(handler.ExceptionHandler):
    """Turns what Django and the database raise into our errors."""

    def convert_unhandled_exceptions(self, exc: Exception) -> APIException:
        return exc if isinstance(exc, APIException) else APIException(SERVER_ERROR)

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, RequestDataTooBig):
            return PayloadTooLarge()
        if isinstance(exc, SuspiciousOperation):
            return BadRequest()
        if isinstance(exc, OperationalError) or is_about_a_missing_row(exc):
            return ServiceUnavailable()
        return super().convert_known_exceptions(exc)


def is_about_a_missing_row(exc: Exception) -> bool:
    """Whether a row that this one points to was deleted meanwhile: trying again finds that it is gone."""
    return isinstance(exc, IntegrityError) and (1452 in exc.args[:1] or "FOREIGN KEY" in str(exc))
