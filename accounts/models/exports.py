import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from api.models import TimestampedModel

KEPT_FOR = timedelta(days=1)
# A task that has not made it by then never will: another export can be asked for.
MADE_WITHIN = timedelta(hours=1)


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> "ExportQuerySet":
        """One's own, for a day."""
        return self.filter(user=user, created_at__gt=timezone.now() - KEPT_FOR)

    def being_made(self) -> "ExportQuerySet":
        return self.filter(file="", created_at__gt=timezone.now() - MADE_WITHIN)

    def expired(self, now: datetime | None = None) -> "ExportQuerySet":
        return self.filter(created_at__lte=(now or timezone.now()) - KEPT_FOR)


class Export(TimestampedModel):
    """What somebody wrote and owns, as a ZIP file, for a day. `file` is '' until it is made.

    `key` is random, and its id in the API. `language` is what the texts in it are in.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("being made")
        READY = "ready", _("ready")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    language = models.CharField(max_length=10)
    file = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = (models.Index(fields=("created_at",)),)

    def __str__(self) -> str:
        return str(self.key)

    @property
    def state(self) -> "Export.State":
        return self.State.READY if self.file else self.State.PENDING

    @property
    def expires_at(self) -> datetime:
        return self.created_at + KEPT_FOR
