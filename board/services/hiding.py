"""Hiding what others wrote, and showing it again."""

from django.http import Http404

from accounts.models import AuditLog, User
from accounts.services.audit import record_act
from accounts.services.cases import overrule
from accounts.services.hiding import conceal, reveal
from api.db import write
from api.targets import State
from board.exceptions import NotModerator
from board.models import Comment, Post
from board.services.content import C

KINDS = {Post: "post", Comment: "comment"}


@write
def hide(*, user: User, content: C, reason: str) -> C:
    """Hide from everybody but the author and those who decide. Hiding again changes nothing.

    Raises NotModerator for one's own.
    """
    locked = lock(user, content)
    if locked.state == State.LIVING:
        conceal(locked, by=user, reason=reason)
        log(AuditLog.Act.HIDE, user, content, reason)
    return locked


@write
def restore(*, user: User, content: C) -> C:
    """Show again. Showing what is not hidden changes nothing.

    What reports have hidden is for moderators to decide: a manager is told CaseDecides. Raises NotModerator
    for one's own.
    """
    locked = lock(user, content)
    if locked.state == State.HIDDEN:
        by_reports = locked.hidden_by_id is None
        overrule(user=user, kind=KINDS[type(content)], target_id=content.pk, by_reports=by_reports)
        reveal(locked)
        log(AuditLog.Act.RESTORE, user, content)
    return locked


def lock(user: User, content: C) -> C:
    """What somebody else wrote, as it is now, locked; 404 where it has been deleted."""
    if content.is_written_by(user):
        raise NotModerator
    locked = type(content).objects.select_for_update().get(pk=content.pk)
    if locked.state == State.DELETED:
        raise Http404
    return locked


def log(act: AuditLog.Act, user: User, content: Post | Comment, reason: str = "") -> None:
    school_id = content.post.school_id if isinstance(content, Comment) else content.school_id
    record_act(
        actor=user,
        act=act,
        kind=KINDS[type(content)],
        target_id=content.pk,
        school_id=school_id,
        reason=reason,
    )
