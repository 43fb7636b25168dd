"""How logs are written: a JSON line each on a server, a readable one in development.

What they hold, and why not more, is in docs/decisions/0026-what-logs-hold.md.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Kind = Literal["json", "console"]
ROOT = Path(__file__).resolve().parent.parent
# What the code may say of an event beside its text.
SAID = ("route", "status", "code", "ms", "queries", "sql_ms")
# gunicorn repeats what it could not read, which may be a body, and the path of what it could not answer.
GUNICORN = re.compile(r"(Invalid request) from ip=\S+?(: [^:'\"]*).*|(Error handling request) .*", re.DOTALL)
# What somebody sent: an origin, a page they came from.
ADDRESS = re.compile(r"\S*[/@?]\S*")


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """An error, what it was raised from or amid, and so on."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        yield following
        seen.add(id(following))
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)


def number_of(error: BaseException) -> int | None:
    """What the database or the system calls it: 1062 for a duplicate, 111 for a refused connection."""
    number = next(iter(error.args), None)
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def describe(error: BaseException) -> dict[str, Any]:
    """An error's type, number and places. Its text stays out: a database's holds what was to be written."""
    said: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    if (number := number_of(error)) is not None:
        said["number"] = number
    return said | {
        "at": [
            f"{place.filename.removeprefix(f'{ROOT}/')}:{place.lineno} {place.name}"
            for place in traceback.extract_tb(error.__traceback__)
        ]
    }


def without_values(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Describe the error instead of printing it, and leave out what a client sent: it may open something."""
    record, text = event["_record"], str(event["event"])
    arguments = event.pop("positional_args", None)
    if hasattr(record, "request"):
        # Django's own, of a request: the reason, then the path. The route is told already.
        text = ADDRESS.sub("…", str(arguments[0] if arguments else text))
    elif record.name == "gunicorn.error":
        text = GUNICORN.sub(r"\1\2\3", text)
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[1] is not None:
        causes = list(causes_of(info[1]))
        event["exception"] = [describe(cause) for cause in causes]
        for said in filter(None, map(str, causes)):
            text = text.replace(said, "…")
    event["event"] = text
    return event


def tell_uncaught() -> None:
    """Log what nothing caught, in a command or a thread: Python would print its text. On a terminal it may.

    And warnings, so that each line is of one shape.
    """
    if sys.stderr.isatty():
        return
    logger = logging.getLogger("madang.uncaught")

    def tell(kind: Any, error: Any, trace: Any) -> None:
        if issubclass(kind, Exception):
            logger.critical("Nothing caught this.", exc_info=(kind, error, trace))
        elif kind is not SystemExit:
            sys.__excepthook__(kind, error, trace)

    sys.excepthook = tell
    threading.excepthook = lambda told: tell(told.exc_type, told.exc_value, told.exc_traceback)
    logging.captureWarnings(True)


def to_json(event: EventDict, **options: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def formatter(kind: Kind) -> logging.Formatter:
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=SAID),
    ]
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if kind == "json":
        time = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
        last: list[Processor] = [without_values, clean, structlog.processors.JSONRenderer(to_json)]
    else:
        time = structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
        last = [clean, structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False)]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*common, time], processors=last, pass_foreign_args=kind == "json"
    )


def logging_config(kind: Kind) -> dict[str, Any]:
    """For Django's LOGGING and gunicorn's logconfig_dict."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {kind: {"()": "config.logs.formatter", "kind": kind}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": kind}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Each request has a line already; what Django says of refused ones would add their paths.
            "django.request": {"level": "ERROR"},
            # A Host that is not ours: anybody's text, and many a scanner's. The request's line says 400.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # What it tries again it names: a picture in a bucket.
            "urllib3": {"level": "ERROR"},
            # SQL with its values, should somebody turn it on in the code.
            "django.db.backends": {"level": "INFO", "propagate": False},
            # Which request queued a task: the queue itself does not say.
            "django_tasks": {"level": "DEBUG" if kind == "json" else "WARNING"},
            "gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []},
            "gunicorn.access": {"level": "WARNING", "propagate": True, "handlers": []},
        },
    }
