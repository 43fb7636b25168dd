"""The refresh token as a cookie, for pages in a browser: their own scripts can't read it.

A browser sends a cookie along whoever's page asks. So everything that reads or gives this one looks first at
where the request comes from. See `docs/decisions/0022`.
"""

import re
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.exceptions import OriginNotAllowed

NAME = "madang_refresh"
# What `auth/refresh/` and `auth/logout/`, which read it, have in common.
PATH = "/api/v1/auth/"


def read_cookie(request: Request) -> str:
    """The refresh token that a browser sent along; '' without one. OriginNotAllowed from a foreign page."""
    raw: str = request.COOKIES.get(NAME, "")
    if raw:
        refuse_foreign_page(request)
    return raw


def give_cookie(response: Response, refresh: str) -> None:
    """For as long as the token is good."""
    lifetime = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    response.set_cookie(NAME, refresh, max_age=lifetime, **attributes())


def take_cookie(response: Response) -> None:
    """Make the browser forget it. What does not come with the same attributes, some browsers ignore."""
    response.set_cookie(NAME, "", max_age=0, expires="Thu, 01 Jan 1970 00:00:00 GMT", **attributes())


def attributes() -> dict[str, Any]:
    return {
        "path": PATH,
        "secure": settings.REFRESH_COOKIE_SECURE,
        "httponly": True,
        "samesite": settings.REFRESH_COOKIE_SAMESITE,
    }


def refuse_foreign_page(request: Request) -> None:
    """Let pages of our own host and of the listed origins through, and nobody else.

    Every browser names the origin of a POST, and no script can change these two headers. What is no browser
    names none, and has no need of cookies.
    """
    origin = request.headers.get("Origin", "")
    is_own = origin == f"{request.scheme}://{request.get_host()}"
    # A browser knows that it is at home also where a proxy has changed the host.
    if not (is_own or is_listed(origin) or request.headers.get("Sec-Fetch-Site") == "same-origin"):
        raise OriginNotAllowed


def is_listed(origin: str) -> bool:
    """Whether pages of this origin may call the API with cookies: the list is that of CORS."""
    patterns = settings.CORS_ALLOWED_ORIGIN_REGEXES
    return origin in settings.CORS_ALLOWED_ORIGINS or any(re.fullmatch(each, origin) for each in patterns)
