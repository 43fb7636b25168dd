"""Writing exam notes, and opening those of others."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.services.cases import close_moot
from accounts.services.writing import edit, lock_living, recheck_writer
from api.db import write
from timetable.exceptions import NotAttended
from timetable.models import Course, ExamNote, PointEntry, Semester
from timetable.models.attendance import has_attended
from timetable.services.points import earn_points, spend_points


@write
def create_note(*, user: User, course: Course, semester: Semester, **fields: Any) -> ExamNote:
    """Tell of an exam. The first note of a course and semester earns points."""
    if not has_attended(user, course, semester):
        raise NotAttended
    note = ExamNote.objects.create(
        author=user, school_id=course.school_id, course=course, semester=semester, **fields
    )
    recheck_writer(user, note.school_id)
    earn_points(user=user, reason=PointEntry.Reason.EXAM_NOTE, course=course, semester=semester)
    return note


@write
def update_note(*, note: ExamNote, changes: dict[str, Any]) -> ExamNote:
    """Change strategy or samples, unless it is hidden. Who opened it reads what it says now."""
    note = lock_living(note)
    edit(note, changes)
    return note


@write
def delete_note(*, note: ExamNote) -> None:
    """Take a note out of sight, of those who opened it too. What it earned, and what they paid, stays so."""
    note = lock_living(note)
    note.deleted_at = timezone.now()
    note.save(update_fields=["deleted_at", "updated_at"])
    close_moot(kind="exam_note", target_id=note.pk)


@write
def unlock_note(*, user: User, note: ExamNote) -> None:
    """Pay for a note, which is then open for good; twice costs once. Raises NotEnoughPoints, or Frozen."""
    # Locked, so that nobody pays for what is hidden or deleted at that moment.
    spend_points(user=user, note=lock_living(note))
