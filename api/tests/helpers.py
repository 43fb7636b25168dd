"""What tests of every app use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def codes(response: Any) -> set[tuple[str | None, str]]:
    """Each error of an answer, as (attr, code)."""
    return {(error["attr"], error["code"]) for error in response.json()["errors"]}


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run each call in a thread and a connection of its own, all from one moment. Their results, in order."""
    start = Barrier(len(calls), timeout=20)

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
