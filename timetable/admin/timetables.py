"""The operators' pages for timetables: to help somebody, not to change anything."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import SchoolFilter
from api.admin import ReadOnlyAdmin
from timetable.models import Timetable, TimetableEntry


class EntryInline(admin.TabularInline):
    """What is in a timetable. A memo is its owner's alone."""

    model = TimetableEntry
    fields = readonly_fields = ("what", "created_at")
    can_delete = False
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimetableEntry]:
        return super().get_queryset(request).select_related("lecture")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may see the timetable."""
        return request.user.has_perm("timetable.view_timetable")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("timetable entry"))
    def what(self, entry: TimetableEntry) -> str:
        return str(entry)


@admin.register(Timetable)
class TimetableAdmin(ReadOnlyAdmin):
    inlines = (EntryInline,)
    list_display = ("name", "user", "semester", "semester__school", "is_primary", "visibility", "created_at")
    list_filter = ("visibility", ("semester__school", SchoolFilter))
    list_select_related = ("user", "semester__school")
    search_fields = ("user__username", "name_key")
    ordering = ("-id",)
    # Not the share token: it opens the timetable to whoever has it.
    fields = ("name", "user", "semester", "is_primary", "visibility", "theme", "created_at")

    @admin.display(description=_("primary"), boolean=True)
    def is_primary(self, timetable: Timetable) -> bool:
        return timetable.is_primary
