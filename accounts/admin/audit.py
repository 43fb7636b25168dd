from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.moderation import KindFilter, ModerationAdmin, name_of, target_label
from accounts.filters.moderation import kinds_in_audit
from accounts.models import AuditLog, Reason


@admin.register(AuditLog)
class AuditLogAdmin(ModerationAdmin):
    list_display = ("created_at", "shown_actor", "act", "shown_kind", "target_id", "shown_reason")
    list_filter = ("act", KindFilter)
    list_select_related = ("actor", "school")
    search_fields = ("=target_id",)
    search_help_text = _("The id of what was acted on")
    fields = list_display

    def kinds(self) -> list[tuple[str, Any]]:
        return kinds_in_audit()

    def title_of(self, entry: AuditLog) -> str:
        return f"{entry.get_act_display()}: {target_label(entry)}"

    @admin.display(description=_("actor"))
    def shown_actor(self, entry: AuditLog) -> str:
        return name_of(entry.actor)

    @admin.display(description=_("reason"))
    def shown_reason(self, entry: AuditLog) -> str:
        """A note, or the reason for which something was hidden."""
        return str(dict(Reason.choices).get(entry.reason, entry.reason))
