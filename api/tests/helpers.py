"""What tests of every app use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

from django.db import connections
from PIL import Image


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


def make_picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), **options: Any) -> bytes:
    """A file with a picture in it, as somebody would send it."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()
