"""Hiding what others wrote, and showing it again."""

from django.http import Http404
from django.utils import timezone

from accounts.models import AuditLog, User
from accounts.services.audit import record_act
from api.db import write
from board.models import Comment, Post
from board.models.content import State
from board.services.content import C

KINDS = {Post: "post", Comment: "comment"}


@write
def hide(*, user: User, content: C, reason: str) -> C:
    """Hide from everybody but the author and those who decide. Hiding again changes nothing."""
    return set_hidden(content, user, AuditLog.Act.HIDE, reason)


@write
def restore(*, user: User, content: C) -> C:
    """Show again. Showing what is not hidden changes nothing."""
    return set_hidden(content, user, AuditLog.Act.RESTORE, "")


def set_hidden(content: C, user: User, act: AuditLog.Act, reason: str) -> C:
    hidden = act == AuditLog.Act.HIDE
    locked = type(content).objects.select_for_update().get(pk=content.pk)
    if locked.state == State.DELETED:
        raise Http404
    if (locked.state == State.HIDDEN) == hidden:
        return locked
    locked.hidden_at = timezone.now() if hidden else None
    locked.hidden_by = user if hidden else None
    locked.hidden_reason = reason
    locked.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "updated_at"])
    school_id = content.post.school_id if isinstance(content, Comment) else content.school_id
    record_act(
        actor=user, act=act, kind=KINDS[type(content)], target=content, school_id=school_id, reason=reason
    )
    return locked
