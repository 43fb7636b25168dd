"""What the pages of cases, sanctions and the audit log have in common."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin.people import SchoolFilter
from accounts.authors import named_author
from accounts.filters.moderation import kinds_in_audit
from accounts.models import Sanction, User
from api.admin import ReadOnlyAdmin


def may(user: Any, act: str) -> bool:
    """Whether somebody may do this (`view_sanction`): staff by Django's permissions, moderators always."""
    return user.has_perm(f"accounts.{act}") if user.is_staff else user.is_moderator


def acts_on(kind: str, target_id: Any) -> str:
    """The address of what the audit log has about something."""
    query = urlencode({"target_kind": kind, "q": target_id})
    return f"{reverse('admin:accounts_auditlog_changelist')}?{query}"


def name_of(user: User | None) -> str:
    """Who acted, as everybody knows them: a username is half of what one signs in with."""
    return named_author(user)["display_name"]


def kind_label(kind: str) -> str:
    return str(dict(kinds_in_audit()).get(kind, kind))


def target_label(row: Any) -> str:
    """What a sanction or an act is about. A person who was named stands beside it under their name."""
    label = kind_label(row.target_kind)
    return label if row.target_kind == Sanction.USER else f"{label} {row.target_id}"


class DetailedChangeList(ChangeList):
    """A page of rows, with what `attach` gives them: as many queries, however many rows."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: Any = list(self.result_list)
        self.model_admin.attach(rows)  # type: ignore[attr-defined]
        self.result_list = rows


class KindFilter(admin.SimpleListFilter):
    title = _("target kind")
    parameter_name = "target_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return model_admin.kinds()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() is None else queryset.filter(target_kind=self.value())


class ModerationAdmin(ReadOnlyAdmin):
    """For moderators, of their own school; for staff with Django's permission to view it, of all.

    Rows have a `target_kind` and a `target_id`, and their queryset a `visible_to`.
    """

    list_select_related: ClassVar[Any] = ("school",)
    change_form_template = "admin/accounts/moderation_form.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user: Any = request.user
        if user.is_staff or not user.is_authenticated:  # the page to sign in on asks too
            return super().has_view_permission(request, obj)
        return user.is_moderator

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]

    def get_list_filter(self, request: HttpRequest) -> Any:
        school = (("school", SchoolFilter),) if request.user.is_staff else ()
        return (*super().get_list_filter(request), *school)

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.with_school(request, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.with_school(request, super().get_fields(request, obj))

    def with_school(self, request: HttpRequest, columns: Any) -> Any:
        """A moderator has one school alone."""
        return (*columns, "school") if request.user.is_staff else columns

    def find(self, request: HttpRequest, object_id: str) -> Any:
        """The row of a page, or None; 403 for who may not look at such rows at all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.get_object(request, unquote(object_id))

    def missing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same, whether there is no such row or it is another school's."""
        return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the audit log has about the target. Django keeps no history of these."""
        row = self.find(request, object_id)
        if row is None:
            return self.missing(request, object_id)
        return redirect(acts_on(row.target_kind, row.target_id))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": capfirst(self.opts.verbose_name_plural)})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context |= {"title": capfirst(self.title_of(kwargs["obj"])), "subtitle": None}
        return super().render_change_form(request, context, *args, **kwargs)

    def title_of(self, row: Any) -> str:
        """What heads the page of a row."""
        return target_label(row)

    @admin.display(description=_("target kind"), ordering="target_kind")
    def shown_kind(self, row: Any) -> str:
        return kind_label(row.target_kind)

    @admin.display(description=_("author"))
    def shown_author(self, row: Any) -> str:
        """The author of the target as every reader sees them. No column to order by."""
        return row.author["display_name"] if row.author else self.get_empty_value_display()
