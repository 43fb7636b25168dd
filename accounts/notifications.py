"""The kinds of notification that accounts causes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import ModerationCase, Notification, Report, Session, User
from api import targets
from api.notifications import NotificationKind, Telling

State = ModerationCase.State
REPORT = "report"


class DecisionKind(NotificationKind):
    """Moderators decided: about what one reported; or, where they agreed, about what one wrote.

    The causes are the moments of decisions. To who reported it the target is the report, which can be read
    whatever became of what it is about.
    """

    kind = "case_decided"
    label = _("decisions about reports")

    @property
    def target_kinds(self) -> tuple[str, ...]:  # type: ignore[override]
        return (REPORT, *targets.reportables())

    def causes(self, user: User, target_kind: str, target: Any, first: Any, last: Any) -> QuerySet:
        if target_kind == REPORT:
            return decided_reports(user).filter(pk=target)
        return upheld_rows(user, target_kind).filter(pk=target)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        ids = [row.target_id for row in rows if row.target_kind == REPORT]
        reports = decided_reports(user).select_related("case").in_bulk(ids)
        upheld = ModerationCase.objects.filter(
            state=State.UPHELD, target_id__in=[row.target_id for row in rows if row.target_kind != REPORT]
        )
        cases = {(case.target_kind, case.target_id): case for case in upheld}
        cases |= {(REPORT, pk): report.case for pk, report in reports.items()}
        return {
            row.pk: telling(row.target_kind, cases[key])
            for row in rows
            if (key := (row.target_kind, row.target_id)) in cases
        }


def decided_reports(user: User) -> QuerySet[Report]:
    return Report.objects.visible_to(user).filter(case__state__in=(State.UPHELD, State.DISMISSED))


def upheld_rows(user: User, kind: str) -> QuerySet:
    """What a user wrote, can still see, and moderators have hidden for good."""
    target = targets.reportable(kind)
    upheld = ModerationCase.objects.filter(target_kind=kind, target_id=OuterRef("pk"), state=State.UPHELD)
    return target.visible_to(user).filter(Exists(upheld), pk__in=target.made_by(user).values("pk"))


def telling(target_kind: str, case: ModerationCase) -> Telling:
    what = {"what": targets.reportable(case.target_kind).label}
    if target_kind != REPORT:
        text = gettext("Reports of your %(what)s were upheld: it stays hidden.") % what
        return Telling(text=text, excerpt=case.note, where={case.target_kind: case.target_id})
    if case.state == State.UPHELD:
        text = gettext("Your report of a %(what)s was upheld.") % what
    else:
        text = gettext("Your report of a %(what)s was dismissed.") % what
    return Telling(text=text, excerpt=case.note)


class NewDeviceKind(NotificationKind):
    """Somebody signed in on a device that was not seen before. The target and the only cause is its session.

    It is told of a session that has ended as well: whoever should not have signed in may be gone again.
    """

    kind = "new_device"
    label = _("sign-ins on new devices")
    target_kinds = ("session",)

    def causes(self, user: User, target_kind: str, target: Any, first: Any, last: Any) -> QuerySet:
        return Session.objects.filter(user=user, notice_id=target)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        numbers = [row.target_id for row in rows]
        sessions = {found.notice_id: found for found in user.sessions.filter(notice_id__in=numbers)}
        return {row.pk: new_device(sessions[row.target_id]) for row in rows if row.target_id in sessions}


def new_device(session: Session) -> Telling:
    if session.device:
        text = gettext("You signed in on a new device: %(device)s.") % {"device": session.device}
    else:
        text = gettext("You signed in on a new device.")
    return Telling(text=text, where={"session": str(session.pk)} if session.is_signed_in else {})


KINDS = (DecisionKind(), NewDeviceKind())
