"""Serving pictures from the folder they are kept in: for development alone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve

from api.views import unknown_path

# What `api.storage` writes, and nothing else that may lie in the folder.
MEDIA_PATH = r"^media/(?P<path>(?:attachments|pictures)/[0-9a-f]{2}/[0-9a-f]{32}\.(?:jpg|png|gif))$"
TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}


@csrf_exempt  # so that a write is told that there is nothing to write to
def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file as the picture that we made it, and as nothing else, whatever stands in it."""
    if request.method not in ("GET", "HEAD"):
        return unknown_path(request)
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except Http404:
        return unknown_path(request)
    response["Content-Type"] = TYPES[path.rpartition(".")[2]]
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # A name is never used for another picture.
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
