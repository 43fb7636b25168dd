"""The demo's exam notes: `by` a student's number, of a `lecture` they have.

Some are `opened_by` other students, with what these earned by their own.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from accounts.demo import Cast
from timetable.exceptions import NotEnoughPoints
from timetable.models import ExamNote, Lecture, PointEntry, Semester
from timetable.services.exam_notes import create_note, unlock_note

# The first was written so long ago, each other one so much later; the first was opened so long ago.
WRITTEN, APART, OPENED = timedelta(days=12), timedelta(hours=31), timedelta(days=3)


def tell_of_exams(cast: Cast, semester: Semester, scripts: list[dict[str, Any]], now: datetime) -> None:
    """Write them all, oldest first, then open some."""
    moments = (now - WRITTEN + number * APART for number in range(len(scripts)))
    notes = [write_note(cast, semester, script, next(moments)) for script in scripts]
    for note, script in zip(notes, scripts, strict=True):
        for number in script.get("opened_by", ()):
            with suppress(NotEnoughPoints):  # as a setting may have it
                unlock_note(user=cast.students[number - 1], note=note)
    date_unlocks(notes, now)


def write_note(cast: Cast, semester: Semester, script: dict[str, Any], at: datetime) -> ExamNote:
    user = cast.students[script["by"] - 1]
    code, section = script["lecture"].split("-")
    lecture = Lecture.objects.get(semester=semester, code=code, section=section)
    fields = {name: script[name] for name in ("kind", "strategy", "samples")}
    note = create_note(user=user, course=lecture.course, semester=semester, **fields)
    ExamNote.objects.filter(pk=note.pk).update(created_at=at)
    PointEntry.objects.filter(user=user, course=lecture.course).update(created_at=at)
    return note


def date_unlocks(notes: list[ExamNote], now: datetime) -> None:
    """After the last note was written, in the order of their ids."""
    entries = PointEntry.objects.filter(note__in=[note.pk for note in notes]).order_by("pk")
    for number, pk in enumerate(entries.values_list("pk", flat=True)):
        PointEntry.objects.filter(pk=pk).update(created_at=now - OPENED + number * APART / 4)
