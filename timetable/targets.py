"""What reports, cases and sanctions may do with what students write about courses."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.authors import Author, anonymous_author
from accounts.models import User
from accounts.targets import WritingTarget
from timetable.models import ExamNote


class ExamNoteTarget(WritingTarget):
    """An exam note, which is reported by who has opened it."""

    kind = "exam_note"
    label = _("exam note")
    model = ExamNote

    def visible_to(self, user: User) -> QuerySet[ExamNote]:
        return ExamNote.objects.visible_to(user).open_to(user)

    def rows(self) -> QuerySet[ExamNote]:
        return ExamNote.objects.select_related("author", "course")

    def open_to(self, moderator: User) -> QuerySet[ExamNote]:
        """None: nobody decides about what they can't read, until somebody reports it."""
        return ExamNote.objects.none()

    def author(self, row: ExamNote) -> Author:
        return anonymous_author(None)

    def school_id(self, row: ExamNote) -> int:
        return row.school_id

    def text(self, row: ExamNote) -> dict[str, str]:
        """The strategy, and the samples, a line each, where there are any."""
        samples = "\n".join(row.samples)
        return {"content": row.strategy} | ({"samples": samples} if samples else {})

    def snapshot(self, row: ExamNote, viewer: User) -> dict[str, Any]:
        """With the course, and not the semester, which may not be shown."""
        return {"course": str(row.course), "kind": row.kind} | self.text(row)


TARGETS = (ExamNoteTarget(),)
