from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import School, User
from accounts.models.writing import Writing, decision_on
from api.walks import IdList, WalkedQuerySet
from timetable.models.attendance import shows_semester_to, with_savers
from timetable.models.lectures import Course
from timetable.models.points import PointEntry
from timetable.models.semesters import Semester

MIN_STRATEGY, MAX_STRATEGY = 20, 2_000
MAX_SAMPLES, SAMPLE_LENGTH = 20, 300


class ExamNoteQuerySet(WalkedQuerySet["ExamNote"]):
    def visible_to(self, user: User) -> "ExamNoteQuerySet":
        """Those of one's school that are not deleted; of the hidden ones one's own, and, to decide, all."""
        living = self.filter(deleted_at=None)
        if user.is_staff:
            return living
        ours = living.filter(school=user.school_id)
        return ours if user.is_moderator else ours.filter(Q(hidden_at=None) | Q(author=user))

    def listed_for(self, user: User) -> "ExamNoteQuerySet":
        """Of what is visible, what belongs in lists: nothing hidden but one's own."""
        return self.filter(Q(hidden_at=None) | Q(author=user))

    def open_to(self, user: User) -> "ExamNoteQuerySet":
        """Those that a user may read whole because they wrote them, or paid for them."""
        return self.filter(Q(author=user) | Q(Exists(paid_by(user))))

    def written_by(self, user: User) -> "ExamNoteQuerySet":
        own = ExamNote.objects.filter(author=user)
        return self.filter(author=user).standing_in(IdList(own, "id"))

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
