"""The one door behind anonymity: for staff, with a reason, written down, and told to the other staff."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override
from django_tasks import task

from accounts.models import AuditLog, User
from accounts.services.audit import record_act
from accounts.services.mail import send
from api import targets
from api.db import write
from api.errors import does_not_exist
from api.tasks import enqueue


@write
def unmask(*, user: User, target_kind: str, target_id: int, reason: str) -> User | None:
    """Who wrote something, deleted or not; None where they have withdrawn. A 400 where there is no such row.

    The answer is neither logged nor told to anybody else.
    """
    target = targets.reportable(target_kind)
    row = target.rows().filter(pk=target_id).first()
    if row is None:
        raise does_not_exist("target_id")
    act = record_act(
        actor=user,
        act=AuditLog.Act.UNMASK,
        kind=target_kind,
        target_id=target_id,
        school_id=target.school_id(row),
        reason=reason,
    )
    enqueue(tell_other_staff, act.pk)
    return target.writer(row)


@task()
def tell_other_staff(act_id: int, tries: int = 1) -> None:
    """One mail, to each of them by themselves: whom it is sent to, none of them sees."""
    act = AuditLog.objects.select_related("actor").get(pk=act_id)
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=act.actor_id)
    addresses = [email for email in others.values_list("email", flat=True) if email]
    if addresses and act.actor is not None:
        send(*unmasking_mail(act), [], tell_other_staff, act_id, tries, bcc=addresses)


def unmasking_mail(act: AuditLog) -> tuple[str, str]:
    """Subject and body, in every language the product speaks."""
    user: Any = act.actor
    label = targets.reportable(act.target_kind).label
    subjects, lines = [], []
    for code, _name in settings.LANGUAGES:
        with override(code):
            subjects.append(gettext("Madang: somebody was unmasked"))
            lines.append(
                gettext("%(actor)s (%(username)s) looked up who wrote %(kind)s %(id)s. Reason: %(reason)s")
                % {
                    "actor": user.nickname,
                    "username": user.username,
                    "kind": label,
                    "id": act.target_id,
                    "reason": act.reason,
                }
            )
    return " / ".join(subjects), "\n\n".join(lines)
