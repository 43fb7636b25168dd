"""Queueing work beside the answer: queued if, and only if, what causes it is kept."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult


def enqueue(task: Task[..., Any], *args: int) -> None:
    """Queue a task in the transaction that causes it.

    In the database its row is of that transaction, and a worker finds it after the commit. Done at once, it
    waits for the commit itself: the backend would run it before. A task may run more than once, and finds
    out by itself what has become of its cause. Arguments are ids of content and moments, and never name
    anybody: the queue must not tell who wrote anything.
    """
    if isinstance(task.get_backend(), ImmediateBackend):
        transaction.on_commit(partial(task.enqueue, *args))
    else:
        task.enqueue(*args)


def try_later(task: Task[..., Any], *args: int, tries: int) -> bool:
    """Queue a task that has failed `tries` times once more, a while from now: 1 minute, 2, 4 … up to an hour.

    False where the backend can't wait: what is done at once has one try.
    """
    if not task.get_backend().supports_defer:
        return False
    wait = timedelta(minutes=min(2 ** (tries - 1), 60))
    enqueue(task.using(run_after=timezone.now() + wait), *args)
    return True


def name_task(task_result: TaskResult[Any], **signal: Any) -> None:
    """Let what is logged meanwhile say in which task, as the request that queued it has said."""
    structlog.contextvars.bind_contextvars(task=task_result.task.module_path, task_id=str(task_result.id))


def forget_task(**signal: Any) -> None:
    structlog.contextvars.unbind_contextvars("task", "task_id")


def moment(when: datetime) -> int:
    """A moment as a number, which grows: microseconds since 1970."""
    return int(when.timestamp() * 1_000_000)


def moment_of(number: int) -> datetime:
    """The moment that a number stands for; at most a microsecond before the one it was made of."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=number)
