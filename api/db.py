"""Writing to the database: one transaction, tried again when the server asks for it."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
T = TypeVar("T")

# Deadlock; lock wait time-out; and, on MariaDB from 11.6.2, a row changed since it was read.
RETRYABLE = {1213, 1205, 1020}
TRIES = 3


def write(function: Callable[P, T]) -> Callable[P, T]:
    """Run a service function in one transaction, up to three times while the server picks it as a victim.

    Inside another `write` it joins that transaction, which is the only one that can be tried again.
    The function may run more than once, so what leaves the database (mail, files) waits for the commit.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if connection.in_atomic_block:
            return function(*args, **kwargs)
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if attempt == TRIES or not RETRYABLE.intersection(error.args[:1]):
                    raise
                time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 (spreads retries, no secret)
        raise AssertionError("unreachable")

    return run
