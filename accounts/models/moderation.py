"""Reports, the cases they make, and sanctions."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.schools import School
from api import targets
from api.models import TimestampedModel


class Reason(models.TextChoices):
    """Why something is reported or hidden, or somebody sanctioned."""

    OFF_TOPIC = "off_topic", _("off topic")
    ABUSE = "abuse", _("abuse")
    OBSCENE = "obscene", _("obscene")
    COMMERCIAL = "commercial", _("commercial")
    FRAUD = "fraud", _("fraud")
    SPAM = "spam", _("spam")
    POLITICS = "politics", _("politics")


class ModerationCaseQuerySet(models.QuerySet["ModerationCase"]):
    def visible_to(self, user: Any) -> "ModerationCaseQuerySet":
        """The cases of a moderator's school, all for staff; none about what one wrote oneself."""
        if not (user.is_staff or user.is_moderator):
            return self.none()
        cases = self if user.is_staff else self.filter(school=user.school)
        own = Q()
        for kind, target in targets.reportables().items():
            own |= Q(target_kind=kind, target_id__in=target.made_by(user).values("pk"))
        return cases.exclude(own)


class ModerationCase(TimestampedModel):
    """What people reported, once a target, and what was decided.

    `snapshot` is the target as it stood at the first report since the case was opened. `counted_reports`
    counts the reports that weigh since then. A case is moot once the author deleted what it is about.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")
        MOOT = "moot", _("moot")

    target_kind = models.CharField(_("target kind"), max_length=20)
    target_id = models.PositiveBigIntegerField(_("target id"))
    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"), related_name="+")
    snapshot = models.JSONField(_("snapshot"))
    counted_reports = models.PositiveIntegerField(_("counted reports"), default=0)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("decided by"),
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = ModerationCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("target_kind", "target_id"), name="case_target_unique"),
        )
        indexes = (models.Index(fields=("school", "state", "id")),)

    def __str__(self) -> str:
        return f"{self.target_kind} {self.target_id}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        """One's own: nobody else sees who reported, moderators neither."""
        return self.filter(reporter=user)


class Report(TimestampedModel):
    """A report 신고, once a person and case. `counts`: by a verified account older than a day."""

    case = models.ForeignKey(ModerationCase, models.CASCADE, verbose_name=_("case"), related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("reporter"),
        related_name="reports",
        null=True,
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    counts = models.BooleanField(_("counts"))
    reported_at = models.DateTimeField(_("reported at"), default=timezone.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("case", "reporter"), name="report_unique"),)

    def __str__(self) -> str:
        return str(self.pk)


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def living(self, now: datetime | None = None) -> "SanctionQuerySet":
        """Neither lifted nor over."""
        unexpired = Q(until=None) | Q(until__gt=now or timezone.now())
        return self.filter(unexpired, lifted_at=None)

    def visible_to(self, user: Any) -> "SanctionQuerySet":
        """Those of a moderator's school, all for staff; none that bind oneself."""
        if not (user.is_staff or user.is_moderator):
            return self.none()
        sanctions = self if user.is_staff else self.filter(school=user.school)
        return sanctions.filter(Q(user=None) | ~Q(user=user))


class Sanction(TimestampedModel):
    """A sanction 이용제한 of a person, given through something they wrote, or through their name.

    `target_kind` and `target_id` say through what. Whoever reads it learns who the person is only where
    that named them. `until` None is for good. It does not bind staff, who would else be found out by
    what happens to them. `address_key` finds the person again who withdraws and comes back.
    """

    class Kind(models.TextChoices):
        NO_WRITING = "no_writing", _("no writing")
        NO_SIGN_IN = "no_sign_in", _("no signing in")

    USER = "user"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("user"),
        related_name="sanctions",
        null=True,
    )
    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"), related_name="+", null=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("issued by"),
        related_name="+",
        null=True,
    )
    target_kind = models.CharField(_("target kind"), max_length=20)
    # A number, or the UUID of a user.
    target_id = models.CharField(_("target id"), max_length=36)
    address_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("lifted by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("user", "kind", "until")),
            models.Index(fields=("school", "id")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.target_kind} {self.target_id}"

    @property
    def is_living(self) -> bool:
        """Neither lifted nor over."""
        return self.lifted_at is None and (self.until is None or self.until > timezone.now())
