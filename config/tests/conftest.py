import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from logging.config import dictConfig
from typing import Any

import pytest

from config.logs import logging_config

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """`lines()`: what a server would have logged."""
    stream, config = StringIO(), logging_config("json")
    config["handlers"]["console"]["stream"] = stream
    loggers = [logging.getLogger(name) for name in (None, *config["loggers"])]
    before = [(one, one.level, one.propagate, one.handlers[:]) for one in loggers]
    dictConfig(config)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for one, level, propagate, handlers in before:
        one.setLevel(level)
        one.propagate = propagate
        one.handlers[:] = handlers
