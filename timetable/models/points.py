from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.models import TimestampedModel
from timetable.models.lectures import Course
from timetable.models.semesters import Semester


class PointAccount(TimestampedModel):
    """The points somebody has: the sum of their entries. The last lock of a transaction.

    A row of its own, and not a column of the user's: who writes has locked that row in share mode already,
    and two who did so could not both go on to lock it whole.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("user"),
        related_name="point_account",
        primary_key=True,
    )
    balance = models.IntegerField(_("balance"), default=0)

    class Meta:
        verbose_name = _("point account")
        verbose_name_plural = _("point accounts")
        constraints = (models.CheckConstraint(condition=Q(balance__gte=0), name="points_never_below_zero"),)

    def __str__(self) -> str:
        return str(self.balance)


class PointEntryQuerySet(models.QuerySet["PointEntry"]):
    def visible_to(self, user: User) -> "PointEntryQuerySet":
        """One's own."""
        return self.filter(user=user)


class PointEntry(TimestampedModel):
    """A line of somebody's ledger: points earned, or spent on a note. Never changed or deleted.

    What was earned names the course and the semester, which are paid for once for each reason. What was spent
    names the note, and is what opens it to the user: for good, also where the price was 0.
    """

    class Reason(models.TextChoices):
        REVIEW = "review", _("wrote a review")
        EXAM_NOTE = "exam_note", _("wrote an exam note")
        UNLOCK = "unlock", _("opened an exam note")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="point_entries"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    amount = models.IntegerField(_("amount"))
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="+")
    semester = models.ForeignKey(
        Semester, models.PROTECT, verbose_name=_("semester"), related_name="+", null=True
    )
    note = models.ForeignKey(
        "timetable.ExamNote", models.PROTECT, verbose_name=_("exam note"), related_name="unlocks", null=True
    )

    objects = PointEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("point entry")
        verbose_name_plural = _("point entries")
        ordering = ("-id",)
        indexes = (models.Index(fields=("user", "id")),)
        # NULLs differ from each other: each constraint binds the entries it is about.
        constraints = (
            models.UniqueConstraint(
                fields=("user", "reason", "course", "semester"), name="points_earned_once"
            ),
            models.UniqueConstraint(fields=("user", "note"), name="note_unlocked_once"),
            models.CheckConstraint(
                condition=Q(reason="unlock", semester=None, note__isnull=False)
                | (~Q(reason="unlock") & Q(semester__isnull=False, note=None)),
                name="points_earned_or_spent",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
