"""The cases that reports make: what was reported, and the decision about it; never who reported."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin.case_page import reasons_of, sections_of
from accounts.admin.forms import DecisionForm, SanctionForm
from accounts.admin.moderation import DetailedChangeList, KindFilter, ModerationAdmin, acts_on, may
from accounts.exceptions import CaseClosed
from accounts.filters.moderation import kinds_of_targets
from accounts.models import ModerationCase, Sanction
from accounts.services import cases as services
from accounts.services.sanctions import sanction_through
from api.targets import State

SNIPPET = 60
# The buttons of a case's page, and Django's permission that staff need for each.
BUTTONS = {"uphold": "change_moderationcase", "dismiss": "change_moderationcase", "sanction": "add_sanction"}


class StateFilter(admin.SimpleListFilter):
    """The open cases, unless others are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [*ModerationCase.State.choices, ("all", _("All"))]

    def value(self) -> str:
        return super().value() or ModerationCase.State.OPEN

    def choices(self, changelist: Any) -> Any:
        """Without Django's own "all", which stands for no parameter."""
        return list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


@admin.register(ModerationCase)
class CaseAdmin(ModerationAdmin):
    list_display = (
        "snippet",
        "shown_kind",
        "shown_author",
        "counted_reports",
        "shown_reasons",
        "shown_target_state",
        "state",
        "opened_at",
    )
    list_filter = (StateFilter, KindFilter)
    list_select_related = ("school", "decided_by")
    ordering = ("-opened_at", "-id")

    def kinds(self) -> list[tuple[str, Any]]:
        return kinds_of_targets()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return DetailedChangeList

    def attach(self, cases: list[ModerationCase]) -> None:
        services.attach_details(cases)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        case = super().get_object(request, object_id, from_field)
        if case is not None:
            services.attach_details([case])
        return case

    @admin.display(description=_("what was reported"))
    def snippet(self, case: ModerationCase) -> str:
        return Truncator(case.snapshot.get("title") or case.snapshot["content"]).chars(SNIPPET)

    @admin.display(description=_("reasons"))
    def shown_reasons(self, case: Any) -> str:
        return reasons_of(case)

    @admin.display(description=_("target state"))
    def shown_target_state(self, case: Any) -> str:
        return str(State(case.target_state).label)

    # --- The page of a case

    def title_of(self, case: ModerationCase) -> str:
        return capfirst(f"{self.shown_kind(case)}: {self.snippet(case)}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Read a case; with POST, decide about it, or sanction who wrote what it is about."""
        case = self.find(request, object_id)
        if case is None:
            return self.missing(request, object_id)
        if request.method != "POST":
            offered = "uphold" if case.is_open else "sanction"
            return self.page(request, case, self.make_form(request, case, offered), offered)
        button = next((name for name in BUTTONS if name in request.POST), None)
        if button is None or not may(request.user, BUTTONS[button]):
            raise PermissionDenied
        form = self.make_form(request, case, button)
        if not form.is_valid():
            return self.page(request, case, form, button)
        if button == "sanction":
            return self.sanction(request, case, form)
        return self.decide(request, case, form, button)

    def make_form(self, request: HttpRequest, case: ModerationCase, button: str) -> Any:
        """Filled in with the reason that most reports give."""
        data = request.POST if request.method == "POST" else None
        initial = {"reason": services.most_frequent_reason(case)}
        if button == "sanction":
            return SanctionForm(data, initial=initial)
        return DecisionForm(data, initial=initial, may_sanction=may(request.user, BUTTONS["sanction"]))

    def sanction(self, request: HttpRequest, case: ModerationCase, form: SanctionForm) -> HttpResponse:
        sanction_through(
            user=request.user,  # type: ignore[arg-type]
            target_kind=case.target_kind,
            target_id=case.target_id,
            reason=form.cleaned_data["reason"],
            **form.terms,
        )
        self.message_user(request, _("Whoever wrote this is sanctioned."), messages.SUCCESS)
        return redirect("admin:accounts_moderationcase_change", case.pk)

    def decide(
        self, request: HttpRequest, case: ModerationCase, form: DecisionForm, button: str
    ) -> HttpResponse:
        user: Any = request.user
        note, reason = form.cleaned_data["note"], form.cleaned_data["reason"]
        try:
            if button == "dismiss":
                services.dismiss(user=user, case=case, note=note)
            else:
                services.uphold(user=user, case=case, note=note, reason=reason, sanction=form.sanction)
        except CaseClosed:
            message = _("Meanwhile this case was closed. What you decided was not applied.")
            self.message_user(request, message, messages.ERROR)
            return redirect("admin:accounts_moderationcase_change", case.pk)
        self.message_user(request, _("The decision is made."), messages.SUCCESS)
        return redirect("admin:accounts_moderationcase_changelist")

    def page(self, request: HttpRequest, case: Any, form: Any, button: str) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": self.title_of(case),
            "opts": self.opts,
            "sections": sections_of(
                case, notes=services.notes_of(case), sanctions=self.sanctions(request, case)
            ),
            "acts": acts_on(case.target_kind, case.target_id),
            "form": form if may(request.user, BUTTONS[button]) else None,
            "is_decision": button != "sanction",
        }
        return TemplateResponse(request, "admin/accounts/moderationcase/change_form.html", context)

    def sanctions(self, request: HttpRequest, case: ModerationCase) -> QuerySet[Sanction]:
        """What was given through the target, so that nobody is sanctioned for it twice unawares."""
        if not may(request.user, "view_sanction"):
            return Sanction.objects.none()
        given = Sanction.objects.visible_to(request.user)
        return given.filter(target_kind=case.target_kind, target_id=str(case.target_id))
