"""What somebody's grades come to."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.conf import settings

from accounts.models import User
from timetable.grades import SCALES, Result, Summary, retaken, summarise
from timetable.models import Semester, TimetableEntry


def summarise_grades(*, user: User, scale: str) -> dict[str, Any]:
    """One's grades by semester, newest first, and in sum, on one of `SCALES`.

    A semester's own numbers have all that was graded in it. In the sum a course that was taken again counts
    once, by `GRADE_RETAKE`.
    """
    points = SCALES[scale]
    entries = TimetableEntry.objects.visible_to(user).graded().select_related("lecture__semester")
    entries = entries.order_by("lecture__semester__starts_on", "lecture__semester_id", "pk")
    semesters = [
        (semester, [result_of(entry) for entry in group]) for semester, group in groupby(entries, semester_of)
    ]
    results = [result for _semester, group in semesters for result in group]
    replaced = {result.id for result in retaken(results, settings.GRADE_RETAKE)}
    counting = [result for result in results if result.id not in replaced]
    return {
        "scale": scale,
        **both(counting, points),
        "retaken": sorted(replaced),
        "semesters": [
            {"semester": semester, **both(group, points)} for semester, group in reversed(semesters)
        ],
    }


def both(results: Iterable[Result], points: Any) -> dict[str, Summary]:
    results = list(results)
    return {
        "all": summarise(results, points),
        "major": summarise((result for result in results if result.is_major), points),
    }


def semester_of(entry: TimetableEntry) -> Semester:
    lecture: Any = entry.lecture
    return lecture.semester


def result_of(entry: TimetableEntry) -> Result:
    """The course is known by its code, whoever teaches it."""
    lecture: Any = entry.lecture
    return Result(entry.pk, lecture.code_key, lecture.credit, entry.grade, entry.is_major)
