import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.moderation import Sanction
from api.models import TimestampedModel

# As long as notifications, which may tell of a session that has ended since.
KEPT_FOR = timedelta(days=90)


def refreshable_since(now: datetime | None = None) -> datetime:
    """Since when a session's refresh token must have been made to be good now."""
    lifetime: timedelta = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    return (now or timezone.now()) - lifetime


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Any) -> "SessionQuerySet":
        """One's own that have neither ended nor expired."""
        return self.living().filter(user=user, rotated_at__gte=refreshable_since())

    def living(self) -> "SessionQuerySet":
        return self.filter(revoked_at=None)

    def usable(self) -> "SessionQuerySet":
        """Living, of somebody who is active and may sign in.

        A sanction keeps the session from being found, and leaves it as it is: one that ended in the minute
        of a sanction would tell whom the sanction binds.
        """
        barred = Sanction.objects.living().filter(user=OuterRef("user"), kind=Sanction.Kind.NO_SIGN_IN)
        return self.living().filter(Q(user__is_staff=True) | ~Exists(barred), user__is_active=True)

    def expired(self, now: datetime | None = None) -> "SessionQuerySet":
        """Those that are over for so long that nobody asks for them any more."""
        since = (now or timezone.now()) - KEPT_FOR
        return self.filter(Q(revoked_at__lt=since) | Q(rotated_at__lt=refreshable_since(since)))

    def end(self, reason: "Session.RevokedReason") -> int:
        """End those that live, at once, and say how many that were."""
        return self.living().update(revoked_at=timezone.now(), revoked_reason=reason)


class Session(TimestampedModel):
    """One signed-in device. Every token names its session, so that ending it is immediate.

    `jti` is the id of the refresh token that is good now, `previous_jti` of the one it replaced, and
    `rotated_at` is when: a refresh token can be signed again, byte by byte, from these.
    """

    class RevokedReason(models.TextChoices):
        SIGNED_OUT = "signed_out", _("signed out")
        REFRESH_REUSED = "refresh_reused", _("an old refresh token was used again")
        ENDED = "ended", _("ended from another device")
        PASSWORD = "password", _("the password was changed")
        BY_OPERATOR = "by_operator", _("ended by an operator")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="sessions"
    )
    jti = models.CharField(max_length=32)
    previous_jti = models.CharField(max_length=32, null=True)
    rotated_at = models.DateTimeField(_("rotated at"))
    device = models.CharField(_("device"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.CharField(
        _("revoked because"), max_length=20, choices=RevokedReason.choices, blank=True
    )
    # By which number its owner is told of it, where the device was new: notifications name what they are
    # about by whole numbers. Random, so that it tells nothing of others.
    notice_id = models.PositiveBigIntegerField(null=True, unique=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_signed_in(self) -> bool:
        """Whether the device still is: its session has neither ended nor run out."""
        return self.revoked_at is None and self.rotated_at >= refreshable_since()
