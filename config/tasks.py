"""Trying again what the worker left undone: django-tasks-db itself tries each task once."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from api.db import write

ATTEMPTS = 5
STUCK_AFTER = timedelta(minutes=10)


@write
def retry_tasks(*, attempts: int = ATTEMPTS, stuck_after: timedelta = STUCK_AFTER) -> dict[str, int]:
    """Put back what failed, and what a killed worker left running: how many, and how many are given up.

    Given up is what has had so many attempts. It stays failed, for somebody to look at, until it is pruned.
    A worker that is only slow may still be at it: a task can run twice at once, and must bear it.
    """
    put_back = given_up = 0
    for task in undone(stuck_after).select_for_update(skip_locked=True):
        if len(task.worker_ids) < attempts:
            put_back += 1
            task.status, task.finished_at = TaskResultStatus.READY, None
        else:
            given_up += 1
            task.status, task.finished_at = TaskResultStatus.FAILED, task.finished_at or timezone.now()
        task.save(update_fields=["status", "finished_at"])
    return {"put back": put_back, "given up": given_up}


def undone(stuck_after: timedelta) -> DBTaskResultQuerySet:
    """What failed, and what has been running for so long that its worker must be gone."""
    stuck = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - stuck_after)
    return stuck | DBTaskResult.objects.failed()
