"""What reports, cases and sanctions may do with what students write about courses."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.authors import Author, anonymous_author
from accounts.models import User
from accounts.targets import WritingTarget
from timetable.models import ExamNote, Review
from timetable.services.reviews import lock_course
from timetable.services.summaries import summarise


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


class ReviewTarget(WritingTarget):
    """A review. Hiding it and showing it again changes what its course's reviews say together."""

    kind = "review"
    label = _("review")
    model = Review

    def visible_to(self, user: User) -> QuerySet[Review]:
        return Review.objects.visible_to(user)

    def rows(self) -> QuerySet[Review]:
        return Review.objects.select_related("author", "course")

    def lock(self, pk: int) -> Review:
        """With its course, which is locked before: a report may hide it."""
        lock_course(Review.objects.values_list("course", flat=True).get(pk=pk))
        return super().lock(pk)

    def author(self, row: Review) -> Author:
        return anonymous_author(None)

    def school_id(self, row: Review) -> int:
        return row.school_id

    def snapshot(self, row: Review, viewer: User) -> dict[str, Any]:
        """With the course, and not the semester, which may not be shown."""
        return {"course": str(row.course)} | self.text(row)

    def hide(self, row: Review, *, by: User | None, reason: str) -> None:
        super().hide(row, by=by, reason=reason)
        summarise(row.course_id)

    def restore(self, row: Review) -> None:
        super().restore(row)
        summarise(row.course_id)


TARGETS = (ExamNoteTarget(), ReviewTarget())
