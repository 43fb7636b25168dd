"""How many people have a lecture: people, and not timetables. And mending what is counted or summed up."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.models import F

from api.counters import Counter, reconcile
from timetable.models import Lecture, PointAccount, PointEntry, Review, ReviewLike, TimetableEntry
from timetable.services.locks import lock_lectures
from timetable.services.summaries import reconcile_summaries

COUNTERS = (
    Counter(Lecture, "saved_count", TimetableEntry.objects.all, "lecture", of="timetable__user"),
    Counter(PointAccount, "balance", PointEntry.objects.all, "user", of="amount", sums=True),
    Counter(Review, "like_count", ReviewLike.objects.all, "review"),
)


def reconcile_counters() -> dict[str, int]:
    """Mend every counter that is off; how many rows were, by counter."""
    return reconcile(COUNTERS) | reconcile_summaries()


@contextmanager
def counting_savers(user_id: UUID, ids: Collection[int]) -> Iterator[dict[int, Lecture]]:
    """Lock these lectures while one's entries change, then count oneself in or out where that changed.

    Under the lock nobody else decides whether one has the lecture elsewhere. The timetable is locked before.
    """
    lectures = lock_lectures(ids)
    before = saved_among(user_id, ids)
    yield lectures
    after = saved_among(user_id, ids)
    Lecture.objects.filter(pk__in=after - before).update(saved_count=F("saved_count") + 1)
    # A count that is off already must not keep anybody from taking a lecture out.
    gone = Lecture.objects.filter(pk__in=before - after, saved_count__gt=0)
    gone.update(saved_count=F("saved_count") - 1)


def saved_among(user_id: UUID, ids: Collection[int]) -> set[int]:
    """Which of these lectures someone has in a timetable."""
    entries = TimetableEntry.objects.filter(timetable__user=user_id, lecture__in=ids)
    return set(entries.values_list("lecture", flat=True))
