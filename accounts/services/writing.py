"""What writing has in common in every app."""

from typing import Any, TypeVar

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from accounts.exceptions import Frozen
from accounts.models import User
from accounts.models.writing import Writing
from accounts.services.sanctions import refuse_sanctioned
from api.targets import State

W = TypeVar("W", bound=Writing)


def lock_living(content: W) -> W:
    """The row as it is now, locked until the transaction ends.

    404 where it has been deleted since it was looked up; Frozen where it is hidden.
    """
    locked = type(content)._default_manager.select_for_update().get(pk=content.pk)
    if locked.state == State.DELETED:
        raise Http404
    if locked.state == State.HIDDEN:
        raise Frozen
    return locked


def recheck_writer(user: User, school_id: int) -> None:
    """404 where the writer has moved to another school since the request began; Sanctioned where barred.

    Call it after the insert, which has locked the user's row by its foreign key: a move or a sanction waits
    for us, or is over and seen here.
    """
    if not User.objects.filter(Q(is_staff=True) | Q(school_id=school_id), pk=user.pk).exists():
        raise Http404
    refuse_sanctioned(user.binding_sanctions)


def lock_writer(user_id: Any) -> None:
    """For a write that no foreign key ties to the user: Sanctioned where barred since the request began.

    The last lock of the transaction.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is not None:
        refuse_sanctioned(user.binding_sanctions)


def edit(content: Writing, changes: dict[str, Any]) -> bool:
    """Save what really changed, and when; nothing where nothing did. Whether anything did."""
    changed: list[str] = [attr for attr, value in changes.items() if getattr(content, attr) != value]
    for attr in changed:
        setattr(content, attr, changes[attr])
    if changed:
        save_edit(content, *changed)
    return bool(changed)


def save_edit(content: Writing, *changed: str) -> None:
    """Save some columns of what was edited, and when that was."""
    lock_writer(content.author_id)
    content.edited_at = timezone.now()
    content.save(update_fields=[*changed, "edited_at", "updated_at"])
