"""Sanctions: read, and lifted. Whom one binds stands here only where that named them."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import display_for_value
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.moderation import DetailedChangeList, ModerationAdmin, may, name_of, target_label
from accounts.models import Sanction
from accounts.services.sanctions import attach_authors, lift_sanction


class LivingFilter(admin.SimpleListFilter):
    title = _("in force")
    parameter_name = "living"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        living = Sanction.objects.living().values("pk")
        if self.value() is None:
            return queryset
        return queryset.filter(pk__in=living) if self.value() == "yes" else queryset.exclude(pk__in=living)


@admin.register(Sanction)
class SanctionAdmin(ModerationAdmin):
    list_display = (
        "kind",
        "shown_until",
        "reason",
        "shown_author",
        "given_through",
        "shown_issuer",
        "issued_at",
        "in_force",
    )
    list_filter = (LivingFilter, "kind")
    list_select_related = ("issued_by", "lifted_by", "school")
    fields = (*list_display, "lifted_at", "shown_lifter")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return DetailedChangeList

    def attach(self, sanctions: list[Sanction]) -> None:
        attach_authors(sanctions)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        sanction = super().get_object(request, object_id, from_field)
        if sanction is not None:
            attach_authors([sanction])
        return sanction

    @admin.display(description=_("until"), ordering="until")
    def shown_until(self, sanction: Sanction) -> Any:
        return display_for_value(sanction.until, gettext("for good"))

    @admin.display(description=_("given through"))
    def given_through(self, sanction: Sanction) -> str:
        return target_label(sanction)

    @admin.display(description=_("issued by"))
    def shown_issuer(self, sanction: Sanction) -> str:
        return name_of(sanction.issued_by)

    @admin.display(description=_("issued at"), ordering="created_at")
    def issued_at(self, sanction: Sanction) -> str:
        return display_for_value(sanction.created_at, self.get_empty_value_display())

    @admin.display(description=_("lifted by"))
    def shown_lifter(self, sanction: Sanction) -> str:
        return self.get_empty_value_display() if sanction.lifted_at is None else name_of(sanction.lifted_by)

    @admin.display(description=_("in force"), boolean=True)
    def in_force(self, sanction: Sanction) -> bool:
        return sanction.is_living

    # --- Lifting

    def get_urls(self) -> list[Any]:
        lift = self.admin_site.admin_view(self.lift_view)
        return [path("<path:object_id>/lift/", lift, name="accounts_sanction_lift"), *super().get_urls()]

    def title_of(self, sanction: Sanction) -> str:
        return f"{sanction.get_kind_display()}: {target_label(sanction)}"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context["may_lift"] = may(request.user, "change_sanction") and kwargs["obj"].is_living
        return super().render_change_form(request, context, *args, **kwargs)

    def lift_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask whether to end a sanction before its time; with POST, end it."""
        sanction = self.find(request, object_id)
        if not may(request.user, "change_sanction"):
            raise PermissionDenied
        if sanction is None:
            return self.missing(request, object_id)
        if request.method == "POST":
            lift_sanction(user=request.user, sanction=sanction)  # type: ignore[arg-type]
            self.message_user(request, _("The sanction is lifted."), messages.SUCCESS)
            return redirect("admin:accounts_sanction_change", sanction.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Lift the sanction"),
            "opts": self.opts,
            "sanction": sanction,
            "author": self.shown_author(sanction),
            "target": target_label(sanction),
            "until": self.shown_until(sanction),
        }
        return TemplateResponse(request, "admin/accounts/sanction/lift.html", context)
