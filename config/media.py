"""Serving uploaded pictures from the folder they are kept in: for development alone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.static import serve

# What `api.storage` writes, and nothing else that may lie in the folder.
MEDIA_PATH = r"^media/(?P<path>(?:attachments|pictures)/[0-9a-f]{2}/[0-9a-f]{32}\.(?:jpg|png|gif))$"


def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file as the picture that we made it, and as nothing else."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
