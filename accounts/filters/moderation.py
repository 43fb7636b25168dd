from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.choices import CallableChoiceIterator

from accounts.models import AuditLog, ModerationCase, Reason, Report, Sanction, School
from api import targets
from api.filters import BooleanFilter, FilterSet, VisibleFilter


def own_school() -> Any:
    return VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")


def kinds_of_targets() -> list[tuple[str, Any]]:
    return [(kind, target.label) for kind, target in targets.reportables().items()]


def kinds_in_audit() -> list[tuple[str, Any]]:
    return [
        *kinds_of_targets(),
        (Sanction.USER, Sanction._meta.get_field("user").verbose_name),
        ("sanction", Sanction._meta.verbose_name),
    ]


class CaseFilterSet(FilterSet):
    school = own_school()
    state = django_filters.ChoiceFilter(choices=ModerationCase.State.choices, label="The state.")
    kind = django_filters.ChoiceFilter(
        field_name="target_kind", choices=CallableChoiceIterator(kinds_of_targets), label="What is reported."
    )
    reason = django_filters.ChoiceFilter(
        method="reported_for", choices=Reason.choices, label="Cases that somebody reported for this reason."
    )

    def reported_for(self, cases: QuerySet, name: str, reason: str) -> QuerySet:
        reports = Report.objects.filter(case=OuterRef("pk"), reason=reason)
        return cases.filter(Exists(reports.filter(reported_at__gte=OuterRef("opened_at"))))


class SanctionFilterSet(FilterSet):
    school = own_school()
    kind = django_filters.ChoiceFilter(choices=Sanction.Kind.choices, label="What is forbidden.")
    living = BooleanFilter(method="is_living", label="Those neither lifted nor over, or all others.")

    def is_living(self, sanctions: QuerySet, name: str, wanted: bool) -> QuerySet:
        living = Sanction.objects.living().values("pk")
        return sanctions.filter(pk__in=living) if wanted else sanctions.exclude(pk__in=living)


class AuditLogFilterSet(FilterSet):
    school = own_school()
    act = django_filters.ChoiceFilter(choices=AuditLog.Act.choices, label="What was done.")
    kind = django_filters.ChoiceFilter(
        field_name="target_kind", choices=CallableChoiceIterator(kinds_in_audit), label="What it was done to."
    )
