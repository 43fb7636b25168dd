from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.validators import validate_folded_length
from api.fields import FoldedKeyField
from api.models import TimestampedModel
from api.text import validate_visible


class EmailDomain(TimestampedModel):
    """A domain of school addresses, such as `hongik.ac.kr`. Two schools may share one."""

    domain = models.CharField(_("domain"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")
        ordering = ("domain",)

    def __str__(self) -> str:
        return self.domain


class SchoolQuerySet(models.QuerySet["School"]):
    def active(self) -> "SchoolQuerySet":
        """Schools one may join."""
        return self.filter(is_active=True)

    def visible_to(self, user: object) -> "SchoolQuerySet":
        """Schools are public: people choose theirs before they have an account."""
        return self.active()

    def own(self, user: Any) -> "SchoolQuerySet":
        """The schools whose content `user` may see: the own one; all for staff."""
        if user.is_staff:
            return self.all()
        return self.filter(pk=user.school_id)


class School(TimestampedModel):
    """A school 학교. Its name is unique however it is spelt."""

    name = models.CharField(_("name"), max_length=50, validators=[validate_visible, validate_folded_length])
    name_key = FoldedKeyField(source="name", max_length=254, unique=True)
    region = models.CharField(_("region"), max_length=20, db_index=True)
    email_domains = models.ManyToManyField(
        EmailDomain, verbose_name=_("e-mail domains"), related_name="schools", blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ("name_key",)

    def __str__(self) -> str:
        return self.name
