from typing import Any

from accounts.models import AuditLog, User


def record_act(
    *, actor: User, act: AuditLog.Act, kind: str, target_id: Any, school_id: int | None, reason: str = ""
) -> AuditLog:
    """Write down an act on another's content, in the transaction of the act itself."""
    return AuditLog.objects.create(
        actor=actor, act=act, target_kind=kind, target_id=str(target_id), school_id=school_id, reason=reason
    )
