from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models import TimestampedModel

KEPT_FOR = timedelta(hours=24)


class IdempotencyRecordQuerySet(models.QuerySet["IdempotencyRecord"]):
    def expired(self, now: datetime | None = None) -> "IdempotencyRecordQuerySet":
        return self.filter(created_at__lt=(now or timezone.now()) - KEPT_FOR)


class IdempotencyRecord(TimestampedModel):
    """The result of a write that was sent with an `Idempotency-Key`, for 24 hours.

    It holds what was made, not what was sent: of the body there is only a hash. It is the first row
    of the write's own transaction, so it exists if and only if the write succeeded.
    """

    # No constraint in the database: checking it would lock the user before the board or post that is
    # written to, and every other write locks them the other way round.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("user"),
        related_name="idempotency_records",
        db_constraint=False,
    )
    # The SHA-256 of the key, in hex: of one length, and not subject to a database's idea of case.
    key = models.CharField(_("key"), max_length=64)
    method = models.CharField(_("method"), max_length=7)
    path = models.CharField(_("path"), max_length=200)
    body_hash = models.CharField(_("body hash"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    target_id = models.CharField(_("target id"), max_length=36, blank=True)

    objects = IdempotencyRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="idempotency_user_key_unique"),)
        indexes = (models.Index(fields=("created_at",)),)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_expired(self) -> bool:
        return self.created_at < timezone.now() - KEPT_FOR
