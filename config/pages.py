"""The pages that show the OpenAPI document, served whole from here."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; worker-src blob:; frame-ancestors 'none'"
)


def load_nothing_from_elsewhere(view: Any) -> Any:
    """Without this policy ReDoc fetches a logo from its makers' server."""

    def with_policy(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = view(*args, **kwargs)
        response["Content-Security-Policy"] = POLICY
        return response

    return with_policy


@method_decorator(load_nothing_from_elsewhere, name="dispatch")
class DocsView(SpectacularSwaggerView):
    """Swagger: read, sign in through Authorize, and try."""


@method_decorator(load_nothing_from_elsewhere, name="dispatch")
class RedocView(SpectacularRedocView):
    """ReDoc: read. The template of our own has no web fonts."""

    template_name = "redoc.html"
