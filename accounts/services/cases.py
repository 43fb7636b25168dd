"""Deciding about what people reported. Lock order: what is decided about, then its case."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, F
from django.utils import timezone
from django_tasks import task

from accounts.exceptions import CaseClosed, CaseDecides
from accounts.models import AuditLog, ModerationCase, Report, User
from accounts.services.audit import record_act
from accounts.services.notifications import notify
from accounts.services.sanctions import give_sanction
from api import targets
from api.db import write
from api.tasks import enqueue, moment

State = ModerationCase.State


@write
def uphold(
    *,
    user: User,
    case: ModerationCase,
    note: str,
    reason: str | None = None,
    sanction: dict[str, Any] | None = None,
) -> ModerationCase:
    """Agree with the reports: hide the target, if it is not hidden yet, and sanction who wrote it, if asked.

    `reason` is the one most reports give unless said. Raises CaseClosed.
    """
    row, case = lock_open(case)
    reason = reason or most_frequent_reason(case)
    target = targets.reportable(case.target_kind)
    if row.state == targets.State.LIVING:
        target.hide(row, by=user, reason=reason)
    decide(case, State.UPHELD, user, note)
    if sanction is not None:
        give_sanction(user=user, target=target, row=row, reason=reason, **sanction)
    return case


@write
def dismiss(*, user: User, case: ModerationCase, note: str) -> ModerationCase:
    """Disagree with the reports: show the target again, if it is hidden. Raises CaseClosed."""
    row, case = lock_open(case)
    if row.state == targets.State.HIDDEN:
        targets.reportable(case.target_kind).restore(row)
    decide(case, State.DISMISSED, user, note)
    return case


def lock_open(case: ModerationCase) -> tuple[Any, ModerationCase]:
    """The target and its case as they are now, locked; CaseClosed where somebody decided meanwhile."""
    row = targets.reportable(case.target_kind).lock(case.target_id)
    case = ModerationCase.objects.select_for_update().get(pk=case.pk)
    if not case.is_open:
        raise CaseClosed(meta={"state": case.state})
    return row, case


def decide(case: ModerationCase, state: State, user: User, note: str) -> None:
    """Close a locked case, and write down who did."""
    case.state, case.decided_by, case.decided_at, case.note = state, user, timezone.now(), note
    case.save(update_fields=["state", "decided_by", "decided_at", "note", "updated_at"])
    record_act(
        actor=user,
        act=AuditLog.Act.UPHOLD if state == State.UPHELD else AuditLog.Act.DISMISS,
        kind=case.target_kind,
        target_id=case.target_id,
        school_id=case.school_id,
        reason=note,
    )
    enqueue(tell_of_decision, case.pk, moment(case.decided_at))


@task
def tell_of_decision(case_id: int, decision: int) -> None:
    """Tell who reported it since the case was opened; and who wrote it, where moderators agreed."""
    case = ModerationCase.objects.get(pk=case_id)
    for report in case.reports.filter(reported_at__gte=case.opened_at).select_related("reporter"):
        notify(
            user=report.reporter,
            kind="case_decided",
            target_kind="report",
            target_id=report.pk,
            cause=decision,
        )
    target = targets.reportable(case.target_kind)
    row = target.rows().filter(pk=case.target_id).first()
    if row is not None and case.state == State.UPHELD:
        notify(
            user=target.writer(row),
            kind="case_decided",
            target_kind=case.target_kind,
            target_id=row.pk,
            cause=decision,
        )


def most_frequent_reason(case: ModerationCase) -> str:
    """Among the reports that count since the case was opened, or all since then where none does.

    Of reasons given equally often, the one given first.
    """
    reports = case.reports.filter(reported_at__gte=case.opened_at).order_by("reported_at", "pk")
    reasons = list(reports.filter(counts=True).values_list("reason", flat=True))
    return Counter(reasons or reports.values_list("reason", flat=True)).most_common(1)[0][0]


def overrule(*, user: User, kind: str, target_id: int, by_reports: bool) -> None:
    """Somebody shows again, by hand, what is hidden. Where a case keeps it hidden, that dismisses the case.

    `by_reports`: reports hid it, and no person. Only who may decide the case can do so; a board's manager
    gets CaseDecides. What a person hid while the case is open is not kept by it. Call with the target locked.
    """
    cases = ModerationCase.objects.select_for_update().filter(target_kind=kind, target_id=target_id)
    case = cases.filter(state__in=(State.OPEN, State.UPHELD)).first()
    if case is None or (case.is_open and not (by_reports and holds_hidden(case))):
        return
    if not user.moderates(case.school_id):
        raise CaseDecides
    decide(case, State.DISMISSED, user, "")


def holds_hidden(case: ModerationCase) -> bool:
    """Whether enough reports count. That no person hid the target is not enough: they may have withdrawn."""
    return case.counted_reports >= settings.REPORTS_TO_HIDE


def close_moot(*, kind: str, target_id: int) -> None:
    """The author deleted what a case is about: nothing is left to decide. Call with the target locked."""
    open_cases = ModerationCase.objects.filter(target_kind=kind, target_id=target_id, state=State.OPEN)
    open_cases.update(state=State.MOOT)


def reopen(case: ModerationCase, snapshot: dict[str, Any], now: datetime) -> None:
    """Open a locked case anew: the reports so far are over, and so is what was decided."""
    case.state, case.opened_at, case.counted_reports, case.snapshot = State.OPEN, now, 0, snapshot
    case.decided_by, case.decided_at, case.note = None, None, ""
    case.save()


def attach_details(cases: Sequence[Any]) -> None:
    """Give cases what a moderator reads beside them, in as many queries as there are kinds, and one.

    `author`, `target_state` and `edited_text` are as they are now; `reasons` counts the reports since the
    case was opened.
    """
    rows = targets.find_rows((case.target_kind, case.target_id) for case in cases)
    reasons = count_reasons(cases)
    for case in cases:
        row = rows.get((case.target_kind, case.target_id))
        case.author = row and targets.reportable(case.target_kind).author(row)
        case.target_state = row.state if row else targets.State.DELETED
        case.edited_text = edited_text(case, row)
        case.reasons = reasons[case.pk]
        case.report_count = sum(case.reasons.values())


def edited_text(case: ModerationCase, row: Any) -> dict[str, str] | None:
    """What the target says now, where that is not what the snapshot says; None for what is deleted."""
    if row is None or row.state == targets.State.DELETED:
        return None
    text = targets.reportable(case.target_kind).text(row)
    return text if any(case.snapshot.get(name) != value for name, value in text.items()) else None


def count_reasons(cases: Sequence[ModerationCase]) -> dict[int, dict[str, int]]:
    """How many reports since a case was opened give each reason, the most frequent first; by case."""
    reports = Report.objects.filter(
        case__in=[case.pk for case in cases], reported_at__gte=F("case__opened_at")
    )
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    rows = reports.values("case", "reason").annotate(number=Count("pk")).order_by("-number", "reason")
    for row in rows:
        counted[row["case"]][row["reason"]] = row["number"]
    return counted


def notes_of(case: ModerationCase) -> list[str]:
    """What people wrote with their reports since the case was opened, oldest first; never who."""
    reports = case.reports.filter(reported_at__gte=case.opened_at).exclude(note="")
    return list(reports.order_by("reported_at", "pk").values_list("note", flat=True))
