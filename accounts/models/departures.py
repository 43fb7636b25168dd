from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models import TimestampedModel

KEPT_FOR = timedelta(days=30)


class DepartureQuerySet(models.QuerySet["Departure"]):
    def recent(self, now: datetime | None = None) -> "DepartureQuerySet":
        """Those whose address can't join again yet."""
        return self.filter(created_at__gt=(now or timezone.now()) - KEPT_FOR)

    def expired(self, now: datetime | None = None) -> "DepartureQuerySet":
        return self.filter(created_at__lte=(now or timezone.now()) - KEPT_FOR)


class Departure(TimestampedModel):
    """That somebody withdrew, for 30 days: a keyed hash of the e-mail address, and nothing else of them."""

    address_key = models.CharField(max_length=64, db_index=True, editable=False)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        indexes = (models.Index(fields=("created_at",)),)

    def __str__(self) -> str:
        return str(self.pk)
