"""Reporting. Lock order: what is reported, then its case."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.exceptions import AlreadyReported, Frozen, OwnContent
from accounts.models import ModerationCase, Report, User
from accounts.services.cases import holds_hidden, most_frequent_reason, reopen
from api import targets
from api.db import write
from api.errors import does_not_exist
from api.targets import Reportable


@write
def report(*, user: User, target_kind: str, target_id: int, reason: str, note: str = "") -> Report:
    """Report something. Once enough reports count (`REPORTS_TO_HIDE`), it hides until it is decided about.

    A 400 where the reporter can't see it, OwnContent, Frozen where it is hidden, AlreadyReported. After
    a case was dismissed, reports change nothing until the author has edited the target.
    """
    target = targets.reportable(target_kind)
    row = target.rows().filter(pk__in=target.visible_to(user).filter(pk=target_id).values("pk")).first()
    if row is None:
        raise does_not_exist("target_id")
    if target.writer(row) == user:
        raise OwnContent
    row = lock_living(target, target_id)
    case = lock_case(user, target, row)
    # Not before the case was opened, whatever the clocks of several hosts say.
    now = max(timezone.now(), case.opened_at)
    if is_edited_since_dismissal(target, row, case):
        reopen(case, target.snapshot(row, user), now)
    made = make_report(user, case, reason=reason, note=note, now=now)
    if made.counts:
        count(case, target, row)
    return made


def lock_living(target: Reportable, pk: int) -> Any:
    """The row, locked, with what a snapshot needs."""
    row = target.lock(pk)
    if row.state == targets.State.DELETED:
        raise does_not_exist("target_id")
    if row.state == targets.State.HIDDEN:
        raise Frozen
    return row


def lock_case(user: User, target: Reportable, row: Any) -> ModerationCase:
    """The case of a locked target, locked; a new one where nobody reported it before."""
    case, _new = ModerationCase.objects.select_for_update().get_or_create(
        target_kind=target.kind,
        target_id=row.pk,
        defaults={
            "school_id": target.school_id(row),
            "snapshot": lambda: target.snapshot(row, user),
        },
    )
    return case


def is_edited_since_dismissal(target: Reportable, row: Any, case: ModerationCase) -> bool:
    """Whether a dismissed case is about another text by now: what counts is the text of the snapshot.

    Was it edited before it was dismissed, it could else be edited into anything, and stay so.
    """
    edited_at = target.edited_at(row)
    dismissed = case.state == ModerationCase.State.DISMISSED
    return dismissed and edited_at is not None and edited_at > case.opened_at


def make_report(user: User, case: ModerationCase, *, reason: str, note: str, now: datetime) -> Report:
    """A person's one report in a case. One from before the case was opened anew is replaced."""
    given = {"reason": reason, "note": note, "reported_at": now, "counts": case.is_open and weighs(user, now)}
    made, new = case.reports.get_or_create(reporter=user, defaults=given)
    if new:
        return made
    if made.reported_at >= case.opened_at:
        raise AlreadyReported
    for attr, value in given.items():
        setattr(made, attr, value)
    made.save(update_fields=[*given, "updated_at"])
    return made


def weighs(user: User, now: datetime) -> bool:
    """Whether a report of this user counts: the accounts one can make by the dozen do not."""
    return user.is_staff or (user.is_verified and now - user.created_at >= settings.REPORT_MIN_AGE)


def count(case: ModerationCase, target: Reportable, row: Any) -> None:
    """Count a report in a locked case; the one that reaches the number hides the locked target."""
    case.counted_reports += 1
    case.save(update_fields=["counted_reports", "updated_at"])
    if holds_hidden(case):
        target.hide(row, by=None, reason=most_frequent_reason(case))
