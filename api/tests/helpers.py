"""What tests of every app use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

from django.db import connections
from django_tasks_db.management.commands.db_worker import Worker
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


def work() -> None:
    """Let a worker do all that the queue in the database has."""
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
        excluded_queue_names=[],
    ).run()
