"""Watching a lecture, and changing one by hand."""

from typing import Any

from django.http import Http404

from accounts.models import User
from api.db import write
from timetable.catalogue.rows import COLUMNS, in_order
from timetable.models import Course, Lecture, LectureTime, LectureWatch, Semester
from timetable.models.lectures import meeting_fields, professor_key
from timetable.services.catalogue.plan import Change
from timetable.services.catalogue.sync import record_changes
from timetable.services.locks import lock_lectures, lock_owner
from timetable.times import Meeting


@write
def watch(*, user: User, lecture: Lecture, wanted: bool) -> None:
    """Watch a lecture, or no longer. Twice is once; 404 where an operator deleted the lecture meanwhile."""
    watches = LectureWatch.objects.filter(user=user, lecture=lecture)
    if not wanted:
        watches.delete()
        return
    # The row locks what it points to; the person comes first in everybody's order.
    lock_owner(user)
    if not lock_lectures([lecture.pk]):
        raise Http404
    watches.get_or_create(user=user, lecture=lecture)


# --- By hand. The caller has a transaction around all of it.


def begin_edit(lecture: Lecture) -> dict[str, Any]:
    """What a lecture is like before somebody changes it, for `finish_edit`. No import comes between."""
    Semester.objects.select_for_update().get(pk=lecture.semester_id)
    return catalogue_fields(lock_lectures([lecture.pk])[lecture.pk])


def finish_edit(lecture: Lecture, before: dict[str, Any] | None) -> None:
    """Bring what follows from a lecture's fields and times up to date, and tell who has it what changed.

    Another code or professor makes it another course. `before` is None for a new lecture.
    """
    lecture = Lecture.objects.select_related("semester__school").get(pk=lecture.pk)
    after = catalogue_fields(lecture)
    lecture.course = course_of(lecture)
    lecture.index(meeting.place for meeting in after["times"])
    lecture.save(update_fields=["course", "search_text", "title_initials", "updated_at"])
    if before is not None:
        changed = {name: (before[name], value) for name, value in after.items() if before[name] != value}
        record_changes([Change(lecture, None, changed)])


def catalogue_fields(lecture: Lecture) -> dict[str, Any]:
    """All that a catalogue says of a lecture, as the importer compares it."""
    times = LectureTime.objects.filter(lecture=lecture)
    meetings = (Meeting(**meeting_fields(time)) for time in times)  # type: ignore[arg-type]
    fields = {name: getattr(lecture, name) for name in (*COLUMNS, "is_cancelled")}
    return fields | {"times": in_order(meetings)}


def course_of(lecture: Lecture) -> Course:
    """The course that a lecture's code and professor make it one of; made where it is missing."""
    school = lecture.semester.school
    course = Course(school=school, code=lecture.code, title=lecture.title, professor=lecture.professor)
    course.index()
    # Somebody else may make it at the same moment.
    Course.objects.bulk_create([course], ignore_conflicts=True)
    key = professor_key(lecture.professor)
    return Course.objects.get(school=school, code_key=lecture.code, professor_key=key)
