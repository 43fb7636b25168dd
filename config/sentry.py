"""Errors told to Sentry: where in the code, and in which request, and nothing that anybody wrote or is."""

from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.utils import BadDsn, Dsn

from config.logs import number_of

# All that an event may keep. What a later version of the client adds stays out by itself.
EVENT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk", "modules")
FRAME = (
    "abs_path",
    "filename",
    "module",
    "function",
    "lineno",
    "in_app",
    "pre_context",
    "context_line",
    "post_context",
)


def keep(whole: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: whole[name] for name in names if name in whole}


def scrub(event: Any, hint: dict[str, Any]) -> Any:
    """The event as it may be sent: types, numbers and places of errors, the route, the request's id."""
    context = structlog.contextvars.get_contextvars()
    sent = keep(event, EVENT) | {
        "tags": keep(context, ("request_id", "method", "route", "task", "task_id")),
        "transaction": context.get("route") or context.get("task"),
    }
    error = (hint.get("exc_info") or (None, None, None))[1]
    chain = event.get("exception", {}).get("values", [])
    if chain:
        sent["exception"] = {"values": [scrub_error(one) for one in chain]}
        if error is not None and (number := number_of(error)) is not None:
            sent["exception"]["values"][-1]["value"] = str(number)
    elif "logger" in event:
        # A log line without an error: where it came from. Its text may be anything.
        sent["logentry"] = {"message": f"logged by {event['logger']}"}
    return sent


def scrub_error(error: dict[str, Any]) -> dict[str, Any]:
    """Without its text: a database's holds what was to be written."""
    frames = (error.get("stacktrace") or {}).get("frames", [])
    return keep(error, ("type", "module")) | {
        "value": "",
        "stacktrace": {"frames": [keep(frame, FRAME) for frame in frames]},
    }


def is_dsn(value: str) -> bool:
    """Whether it is a DSN, or nothing."""
    try:
        return not value or bool(Dsn(value))
    except BadDsn:
        return False


def start(dsn: str, *, release: str, environment: str, **options: Any) -> None:
    """Tell Sentry from now on; nothing without a DSN. A thread of its own drops what can't be delivered."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn,
        release=release or None,
        environment=environment,
        integrations=[DjangoIntegration(middleware_spans=False, signals_spans=False)],
        before_send=scrub,
        # None of this would get past `scrub`. Nor shall it be collected.
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
        # The defaults send these beside events.
        auto_session_tracking=False,
        send_client_reports=False,
        shutdown_timeout=2,
        **options,
    )
