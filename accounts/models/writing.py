"""What people write in any app has in common: it can be hidden, edited and deleted."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models.moderation import ModerationCase, Reason
from accounts.models.users import User
from api.models import TimestampedModel
from api.targets import State


class Hideable(TimestampedModel):
    """Something that can be hidden: from everybody but the author and those who decide."""

    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("hidden by"),
        related_name="+",
        null=True,
        blank=True,
    )
    hidden_reason = models.CharField(_("hidden because"), max_length=20, choices=Reason.choices, blank=True)

    class Meta:
        abstract = True

    @property
    def state(self) -> State:
        return State.HIDDEN if self.hidden_at is not None else State.LIVING


class Writing(Hideable):
    """Something a person wrote, under the own name or not; it can be hidden, edited and deleted.

    A deleted row stays: threads keep their shape, and cases their evidence. A withdrawn author is NULL.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("author"),
        related_name="%(class)ss",
        null=True,
    )
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def state(self) -> State:
        return super().state if self.deleted_at is None else State.DELETED

    def is_written_by(self, user: User) -> bool:
        return self.author_id is not None and self.author_id == user.pk


def decision_on(kind: str) -> dict[str, Subquery]:
    """Annotations for a row of a reported kind: how its case stands, and what was said about it."""
    cases = ModerationCase.objects.filter(target_kind=kind, target_id=OuterRef("pk"))
    return {
        "case_state": Subquery(cases.values("state")[:1]),
        "case_note": Subquery(cases.values("note")[:1]),
    }
