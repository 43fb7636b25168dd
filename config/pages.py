"""The pages that show the OpenAPI document, served whole from here."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from api.errors import BadRequest

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


@method_decorator(cache_page(3600), name="get")
class SchemaView(SpectacularAPIView):
    """The OpenAPI document, in YAML or, where `Accept` asks for it, in JSON.

    Made once an hour: it costs as much as a hundred other requests. It takes no parameters, each value
    of which would be another to make.
    """

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.query_params:
            raise BadRequest


@method_decorator(load_nothing_from_elsewhere, name="dispatch")
class DocsView(SpectacularSwaggerView):
    """Swagger: read, sign in through Authorize, and try."""


@method_decorator(load_nothing_from_elsewhere, name="dispatch")
class RedocView(SpectacularRedocView):
    """ReDoc: read. The template of our own has no web fonts."""

    template_name = "redoc.html"
