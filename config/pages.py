"""The pages that show the OpenAPI document, served whole from here."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.request import Request

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


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, in YAML or, where `Accept` asks for it, in JSON. It takes no parameters."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.query_params:
            raise BadRequest
        renderer_class: Any = type(request.accepted_renderer)
        document = render_document(renderer_class, get_language() or "")
        response = HttpResponse(document, content_type=renderer_class.media_type)
        response["Cache-Control"] = "public, max-age=300"
        return response

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        """Errors are JSON here too, whatever the document is in."""
        response: Any = super().handle_exception(exc)
        headers = {name: value for name, value in response.items() if name != "Content-Type"}
        return JsonResponse(response.data, status=response.status_code, headers=headers)


@lru_cache(maxsize=8)
def render_document(renderer_class: Any, language: str) -> bytes:
    """The document, made once a process: it costs as much as a hundred other requests."""
    return renderer_class().render(SchemaGenerator().get_schema(public=True), renderer_context={})


@method_decorator(load_nothing_from_elsewhere, name="dispatch")
class DocsView(SpectacularSwaggerView):
    """Swagger: read, sign in through Authorize, and try."""


@method_decorator(load_nothing_from_elsewhere, name="dispatch")
class RedocView(SpectacularRedocView):
    """ReDoc: read. The template of our own has no web fonts."""

    template_name = "redoc.html"
