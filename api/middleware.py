"""What happens around every request, inside and outside DRF."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, UnreadablePostError

from api.health import healthz, readyz

GetResponse = Callable[[HttpRequest], HttpResponse]

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestIDMiddleware:
    """Gives each request an id, the client's own where it is a plain token, and answers with it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class UnreadBodyMiddleware:
    """Reads what nobody read of a body before the answer leaves, up to what nginx lets through.

    A connection that is closed with bytes unread is reset, and nginx, still writing them, would answer 502 in
    place of our refusal. gunicorn itself reads 64 KiB and closes.
    """

    LIMIT = 11 * 1024 * 1024
    CHUNK = 64 * 1024

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) <= self.LIMIT:
                while request.read(self.CHUNK):
                    pass
        except (ValueError, UnreadablePostError):
            pass  # no length, or a client that is gone
        return response


class SecurityHeadersMiddleware:
    """What every answer tells the browser, also those of the health paths and of errors.

    Answers of the API are data: as a page they may load, run and send nothing. The admin's pages may use what
    comes from here, and show pictures, which a bucket may have. What a view has set itself stays.
    """

    DATA = "default-src 'none'; frame-ancestors 'none'"
    ADMIN = (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    HEADERS = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = self.ADMIN if request.path_info.startswith("/admin/") else self.DATA
        for name, value in (("Content-Security-Policy", policy), *self.HEADERS.items()):
            response.headers.setdefault(name, value)
        return response


class HealthMiddleware:
    """Answers the health paths before the Host and HTTPS checks: load balancers call by address."""

    PATHS = {"/healthz": healthz, "/readyz": readyz}

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if view := self.PATHS.get(request.path_info):
            return view(request)
        return self.get_response(request)


class PrivateCacheMiddleware:
    """Keeps the API's answers out of shared caches, unless the view set its own `Cache-Control`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/api/") and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response
