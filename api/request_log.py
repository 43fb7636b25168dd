"""A line in the log, and a measure in the metrics, for each request."""

import logging
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from api import metrics

logger = logging.getLogger("madang.requests")
UNKNOWN = "unknown"


def route_of(request: HttpRequest) -> str:
    """The pattern of the path, such as `api/v1/posts/<int:pk>/`: the path itself may open something."""
    return (request.resolver_match and request.resolver_match.route) or UNKNOWN


def code_of(response: HttpResponse) -> str | None:
    """The code of an error of ours, such as `throttled`."""
    data = getattr(response, "data", None)
    if response.status_code < 400 or not isinstance(data, dict) or not data.get("errors"):
        return None
    return str(data["errors"][0]["code"])


def forget(**signal: Any) -> None:
    """What comes next in this thread is no longer about the request, or the task."""
    structlog.contextvars.clear_contextvars()


class Queries:
    """Counts the queries that it wraps, and their time in milliseconds."""

    def __init__(self) -> None:
        self.number, self.ms = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.number += 1
            self.ms += (time.perf_counter() - began) * 1000


class RequestLogMiddleware:
    """Says of each request what it was, and what it took; never who sent it, from where, or what was in it.

    What else is logged meanwhile has its id and route as well. The health paths are answered before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            request_id=request.request_id,  # type: ignore[attr-defined]
            method=request.method,
        )
        queries, began = Queries(), time.perf_counter()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        ms = (time.perf_counter() - began) * 1000
        route, code = route_of(request), code_of(response)
        logger.info(
            "request",
            extra={
                "route": route,
                "status": response.status_code,
                **({"code": code} if code else {}),
                "ms": round(ms, 1),
                "queries": queries.number,
                "sql_ms": round(queries.ms, 1),
            },
        )
        metrics.count(request.method or "", route, response.status_code, ms / 1000, queries.number, code)
        if settings.SERVER_TIMING:
            response["Server-Timing"] = (
                f'db;dur={queries.ms:.1f};desc="{queries.number} queries", total;dur={ms:.1f}'
            )
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        structlog.contextvars.bind_contextvars(route=route_of(request))
