from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models import TimestampedModel

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
# A mail that could not be sent for so long is not sent any more.
KEPT_FOR = timedelta(days=1)


class VerificationQuerySet(models.QuerySet["Verification"]):
    def usable(self) -> "VerificationQuerySet":
        """Those whose code was sent, in time, and may be tried again."""
        return self.filter(expires_at__gt=timezone.now(), attempts__lt=TRIES)

    def expired(self, now: datetime | None = None) -> "VerificationQuerySet":
        now = now or timezone.now()
        return self.filter(Q(expires_at__lte=now) | Q(created_at__lte=now - KEPT_FOR))


class Verification(TimestampedModel):
    """That somebody was, or will be, sent a code to an address, which proves that they read what comes there.

    There is one a person and purpose: a new code takes the place of an old one, and what was used is deleted.
    The code is made when its mail is sent; of it there is only a keyed hash.
    """

    class Purpose(models.TextChoices):
        EMAIL = "email", _("another e-mail address")
        SCHOOL = "school", _("the school")
        PASSWORD = "password", _("another password")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="verifications")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    address = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=10)
    code_hash = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    expires_at = models.DateTimeField(_("expires at"), null=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = (
            models.UniqueConstraint(fields=("user", "purpose"), name="verification_user_purpose_unique"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Letter(TimestampedModel):
    """A mail about one's account that waits to be sent, and is deleted once it was."""

    class Kind(models.TextChoices):
        PASSWORD_CHANGED = "password_changed", _("the password was changed")
        EMAIL_CHANGED = "email_changed", _("the e-mail address was changed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    address = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return str(self.pk)
