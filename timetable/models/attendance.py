"""Who had a course in a semester, as timetables say: who may write about it, and how many people that is."""

from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from timetable.models.lectures import Course
from timetable.models.semesters import Semester
from timetable.models.timetables import TimetableEntry


def has_attended(user: User, course: Course, semester: Semester) -> bool:
    """Whether a lecture of the course is in a timetable of theirs of that semester, which has begun."""
    entries = TimetableEntry.objects.visible_to(user).filter(
        timetable__semester=semester, lecture__course=course
    )
    return semester.starts_on <= timezone.localdate() and entries.exists()


def with_savers() -> dict[str, Any]:
    """An annotation for rows with a course and a semester: how many people have saved the course in it."""
    entries = TimetableEntry.objects.filter(
        lecture__course=OuterRef("course"), lecture__semester=OuterRef("semester")
    )
    people = (
        entries.order_by().values("lecture__course").annotate(number=Count("timetable__user", distinct=True))
    )
    return {"savers": Coalesce(Subquery(people.values("number")), 0)}


def shows_semester_to(user: User) -> Q:
    """Of rows with an author and `with_savers`, those whose semester somebody may see.

    While few have saved the course in it (`SAVERS_TO_SHOW_SEMESTER`), it would say too much of who wrote.
    """
    return Q(author=user) | Q(savers__gte=settings.SAVERS_TO_SHOW_SEMESTER)


def shows_semester(row: Any, user: User) -> bool:
    """The same of one row that was read."""
    return row.is_written_by(user) or row.savers >= settings.SAVERS_TO_SHOW_SEMESTER
