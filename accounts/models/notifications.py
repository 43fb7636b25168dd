import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api import notifications
from api.models import TimestampedModel

KEPT_FOR = timedelta(days=90)
# What a client's JavaScript can still count.
MAX_ID = 2**53 - 1


def random_id() -> int:
    return 1 + secrets.randbelow(MAX_ID)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: Any) -> "NotificationQuerySet":
        """One's own, in which there is something that one may see now.

        Which kinds one has is looked up first, in an index: Django takes longer to write down the conditions
        of all of them than the database takes to answer.
        """
        own = self.filter(user=user)
        # `Q()` would show all of them where there are none.
        shown = Q(pk__in=())
        for kind, target_kind in own.order_by().values_list("kind", "target_kind").distinct():
            if kind in notifications.kinds():
                shown |= notifications.kinds()[kind].shown_to(user, target_kind)
        return own.filter(shown)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def mark_read(self) -> int:
        """Read from now on, with all causes so far; what is read already stays as it is."""
        return self.unread().update(read_at=timezone.now(), read_up_to=F("last_cause"))

    def expired(self, now: datetime | None = None) -> "NotificationQuerySet":
        return self.filter(at__lt=(now or timezone.now()) - KEPT_FOR)


class Notification(TimestampedModel):
    """A notification 알림: once a user, kind and target, however often there is news.

    What it says is made when it is read, out of what stands between `first_cause` and `last_cause` at the
    target and may be seen. Causes up to `read_up_to` are read. `at` is when the newest arrived.

    Ids are random. Given in order, a gap between two of one's own would tell whether somebody else was told
    of what was written meanwhile; and who comments on their own post, nobody is told of that.
    """

    id = models.PositiveBigIntegerField(primary_key=True, default=random_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="notifications"
    )
    kind = models.CharField(_("kind"), max_length=20)
    target_kind = models.CharField(_("target kind"), max_length=20)
    target_id = models.PositiveBigIntegerField(_("target id"))
    first_cause = models.PositiveBigIntegerField(_("first cause"))
    last_cause = models.PositiveBigIntegerField(_("last cause"))
    read_up_to = models.PositiveBigIntegerField(_("read up to"), default=0)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind", "target_kind", "target_id"), name="notification_unique"
            ),
        )
        indexes = (
            models.Index(fields=("user", "at", "id")),
            models.Index(fields=("user", "read_at")),
            models.Index(fields=("at",)),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    def add_cause(self, cause: int, now: datetime) -> bool:
        """Take in a cause, on a locked row, and say whether it is news.

        Whatever the order in which causes arrive, and however often each does, the outcome is one.
        """
        if cause <= self.read_up_to or self.first_cause <= cause <= self.last_cause:
            return False
        if self.is_read:
            self.first_cause, self.last_cause, self.read_at = cause, cause, None
        else:
            self.first_cause = min(self.first_cause, cause)
            self.last_cause = max(self.last_cause, cause)
        self.at = now
        return True


class NotificationMute(TimestampedModel):
    """A kind of notification that somebody has switched off. All others are on."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="notification_mutes"
    )
    kind = models.CharField(_("kind"), max_length=20)

    class Meta:
        verbose_name = _("muted kind")
        verbose_name_plural = _("muted kinds")
        constraints = (models.UniqueConstraint(fields=("user", "kind"), name="notification_mute_unique"),)

    def __str__(self) -> str:
        return self.kind
