"""Locks, in the order everybody takes them: the user, the semester, the timetable, its lectures by id.

A row that is inserted locks what it points to as well: a timetable its semester, an entry its lecture.
"""

from collections.abc import Iterable

from django.shortcuts import get_object_or_404

from accounts.models import User
from timetable.models import Lecture, Timetable


def lock_owner(user: User) -> User:
    """The user, locked: one change of a person's set of timetables at a time. 404 where they have left."""
    return get_object_or_404(User.objects.select_for_update(), pk=user.pk)


def lock_timetable(pk: int) -> Timetable:
    """A timetable as it is now, locked: one change of its entries at a time. 404 where it is gone."""
    return get_object_or_404(Timetable.objects.select_for_update(), pk=pk)


def lock_lectures(ids: Iterable[int]) -> dict[int, Lecture]:
    """The lectures as they are now, locked: no import changes them meanwhile."""
    lectures = Lecture.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {lecture.pk: lecture for lecture in lectures}
