"""What the timetable tells people about: tasks, queued by what causes it, with ids alone.

Each finds whom to tell in the rows: nobody is named in the queue.
"""

from collections.abc import Collection

from django_tasks import task

from accounts.services.notifications import notify
from api.tasks import enqueue, moment_of
from timetable.models import Friendship, LectureChange, LectureWatch

FRIENDSHIP = "friendship"


def tell_watchers(*, since: int, changed: Collection[int], freed: Collection[int]) -> None:
    """Queue the news for who watches lectures, two tasks at most however many lectures there are.

    `changed` have got a `LectureChange` at the moment `since` or later, `freed` have a seat again.
    """
    for tell, lectures in ((tell_of_changes, changed), (tell_of_free_seats, freed)):
        watched = LectureWatch.objects.filter(lecture__in=lectures).order_by("lecture")
        if ids := watched.values_list("lecture", flat=True).distinct():
            enqueue(tell, since, *ids)


@task
def tell_of_changes(since: int, *lecture_ids: int) -> None:
    """Tell who watches lectures what has changed about these since a moment."""
    changes = LectureChange.objects.filter(lecture__in=lecture_ids, created_at__gte=moment_of(since))
    for change in changes.order_by("pk").prefetch_related("lecture__watchers"):
        for user in change.lecture.watchers.all():
            notify(
                user=user,
                kind="lecture_changed",
                target_kind="lecture",
                target_id=change.lecture_id,
                cause=change.pk,
            )


@task
def tell_of_free_seats(since: int, *lecture_ids: int) -> None:
    """Tell who watches lectures that these had no seat, and have one since a moment."""
    watches = LectureWatch.objects.filter(lecture__in=lecture_ids).select_related("user")
    for watch in watches.order_by("pk"):
        notify(
            user=watch.user,
            kind="seat_free",
            target_kind="lecture",
            target_id=watch.lecture_id,
            cause=since,
        )


@task
def tell_of_friend_request(friendship_id: int) -> None:
    """Tell whoever was asked."""
    tell_side(friendship_id, "friend_request", "asked")


@task
def tell_of_friend(friendship_id: int, to_asker: int) -> None:
    """Tell one of the two, the one who asked (1) or who was asked (0), that they are friends now."""
    tell_side(friendship_id, "friend_accepted", "asker" if to_asker else "asked")


def tell_side(friendship_id: int, kind: str, side: str) -> None:
    row = Friendship.objects.select_related(side).filter(pk=friendship_id).first()
    if row is not None:
        notify(user=getattr(row, side), kind=kind, target_kind=FRIENDSHIP, target_id=row.pk, cause=row.pk)
