from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import School, User
from accounts.models.writing import Writing, decision_on
from api.walks import IdList
from timetable.models.attendance import shows_semester_to, with_savers
from timetable.models.lectures import Course
from timetable.models.points import PointEntry
from timetable.models.semesters import Semester
from timetable.models.writing import CourseWritingQuerySet

MIN_STRATEGY, MAX_STRATEGY = 20, 2_000
MAX_SAMPLES, SAMPLE_LENGTH = 20, 300


class ExamNoteQuerySet(CourseWritingQuerySet["ExamNote"]):
    def open_to(self, user: User) -> "ExamNoteQuerySet":
        """Those that a user may read whole because they wrote them, or paid for them."""
        return self.filter(Q(author=user) | Q(Exists(paid_by(user))))

    def unlocked_by(self, user: User) -> "ExamNoteQuerySet":
        """Those that a user has paid for."""
        entries = PointEntry.objects.filter(user=user, note__isnull=False)
        return self.filter(Exists(paid_by(user))).standing_in(IdList(entries, "note_id"))

    def showing_semester_to(self, user: User) -> "ExamNoteQuerySet":
        """Those whose semester a user may see; of rows that were read with `for_viewer`."""
        return self.filter(shows_semester_to(user))

    def for_viewer(self, user: User) -> "ExamNoteQuerySet":
        """With what a payload needs: course, semester, its case, and whether the viewer paid for it."""
        return self.select_related("course", "semester").annotate(
            is_paid=Exists(paid_by(user)), **decision_on("exam_note"), **with_savers()
        )


def paid_by(user: User) -> Any:
    """What a user paid for a note of the outer query."""
    return PointEntry.objects.filter(note=OuterRef("pk"), user=user)


class ExamNote(Writing):
    """What somebody tells of an exam 시험정보: always without a name. Who opens it pays with points.

    Course, semester and kind never change. A deleted row stays, for the cases and ledgers that name it.
    """

    class Kind(models.TextChoices):
        MIDTERM = "midterm", _("midterm exam")
        FINAL = "final", _("final exam")
        QUIZ = "quiz", _("quiz")
        OTHER = "other", _("other exam")

    # The course's school, copied: a school's list is then one index walk.
    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"), related_name="exam_notes")
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="exam_notes")
    semester = models.ForeignKey(
        Semester, models.PROTECT, verbose_name=_("semester"), related_name="exam_notes"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    strategy = models.TextField(_("strategy"), max_length=MAX_STRATEGY)
    # Texts, at most `MAX_SAMPLES` of at most `SAMPLE_LENGTH` characters.
    samples = models.JSONField(_("sample questions"), default=list)

    objects = ExamNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam note")
        verbose_name_plural = _("exam notes")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("school", "id")),
            models.Index(fields=("course", "id")),
            models.Index(fields=("author", "id")),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def sample_count(self) -> int:
        return len(self.samples)

    def is_open_to(self, user: User) -> bool:
        """Whether somebody reads it whole: who wrote it, paid for it, or decides about it once reported.

        Of a note that was read with `for_viewer` for them.
        """
        decides = self.case_state is not None and user.moderates(self.school_id)  # type: ignore[attr-defined]
        return self.is_written_by(user) or self.is_paid or decides  # type: ignore[attr-defined]
