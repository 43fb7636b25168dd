from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from api.models import TimestampedModel

APPEND_ONLY = "The audit log is append-only."


class AuditLogQuerySet(models.QuerySet["AuditLog"]):
    """Append-only: rows are made and read, never changed or deleted, but for the id of who has left."""

    def visible_to(self, user: Any) -> "AuditLogQuerySet":
        """The acts in a moderator's school; all for staff."""
        if user.is_staff:
            return self.all()
        return self.filter(school=user.school) if user.is_moderator else self.none()

    def rename_target(self, alias: str) -> int:
        """Let another id stand for what these are about."""
        return super().update(target_id=alias)

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        raise TypeError(APPEND_ONLY)


class AuditLog(TimestampedModel):
    """Who did what to another's content, and why. `created_at` is when."""

    class Act(models.TextChoices):
        HIDE = "hide", _("hide")
        RESTORE = "restore", _("restore")
        UPHOLD = "uphold", _("uphold")
        DISMISS = "dismiss", _("dismiss")
        SANCTION = "sanction", _("sanction")
        LIFT = "lift", _("lift a sanction")
        UNMASK = "unmask", _("unmask")

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("actor"),
        related_name="audit_logs",
        null=True,
    )
    school = models.ForeignKey(
        "accounts.School", models.PROTECT, verbose_name=_("school"), related_name="+", null=True
    )
    act = models.CharField(_("act"), max_length=20, choices=Act.choices)
    target_kind = models.CharField(_("target kind"), max_length=20)
    target_id = models.CharField(_("target id"), max_length=36)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = AuditLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("target_kind", "target_id")),
            models.Index(fields=("school", "id")),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.target_kind} {self.target_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)
