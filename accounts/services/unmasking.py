"""The one door behind anonymity: for staff, with a reason, written down, and told to the other staff."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext, override

from accounts.models import AuditLog, User
from accounts.services.audit import record_act
from api import targets
from api.db import write
from api.errors import does_not_exist

logger = logging.getLogger(__name__)


@write
def unmask(*, user: User, target_kind: str, target_id: int, reason: str) -> User | None:
    """Who wrote something, deleted or not; None where they have withdrawn. A 400 where there is no such row.

    The answer is neither logged nor told to anybody else.
    """
    target = targets.reportable(target_kind)
    row = target.rows().filter(pk=target_id).first()
    if row is None:
        raise does_not_exist("target_id")
    record_act(
        actor=user,
        act=AuditLog.Act.UNMASK,
        kind=target_kind,
        target_id=target_id,
        school_id=target.school_id(row),
        reason=reason,
    )
    tell = partial(tell_other_staff, user=user, label=target.label, target_id=target_id, reason=reason)
    transaction.on_commit(tell, robust=True)
    return target.writer(row)


def tell_other_staff(*, user: User, label: Any, target_id: int, reason: str) -> None:
    """A mail to each. One that can't be sent is logged: the answer has been given."""
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user.pk)
    subject, body = unmasking_mail(user, label, target_id, reason)
    for address in others.values_list("email", flat=True):
        try:
            send_mail(subject, body, None, [address])
        except Exception:
            logger.exception("The other staff could not be told of an unmasking.")


def unmasking_mail(user: User, label: Any, target_id: int, reason: str) -> tuple[str, str]:
    """Subject and body, in every language the product speaks."""
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
                    "id": target_id,
                    "reason": reason,
                }
            )
    return " / ".join(subjects), "\n\n".join(lines)
