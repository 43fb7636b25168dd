"""What writing a post and writing a comment have in common."""

from typing import Any, TypeVar

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import Frozen
from accounts.models import User
from accounts.services.sanctions import refuse_sanctioned
from api.errors import invalid
from api.targets import State
from board.exceptions import QuestionAnswered
from board.models import Board, Comment, Post

C = TypeVar("C", Post, Comment)


def lock_living(content: C) -> C:
    """The row as it is now, locked until the transaction ends.

    404 where it has been deleted since it was looked up; Frozen where it is hidden.
    """
    locked = type(content).objects.select_for_update().get(pk=content.pk)
    if locked.state == State.DELETED:
        raise Http404
    if locked.state == State.HIDDEN:
        raise Frozen
    return locked


def refuse_answered(post: Post) -> None:
    """Who answered a question keeps it: the answer would lose its sense.

    One's own comments are no answers, but only where everybody sees that they are one's own. Did an
    anonymous one under a named question not count, editing the question would tell whose it is.
    """
    living = Comment.objects.filter(post=post, deleted_at=None)
    answers = living.exclude(author=post.author_id, is_anonymous=post.is_anonymous)
    if post.is_question and answers.exists():
        raise QuestionAnswered


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


def choose_anonymity(board: Board, wish: bool | None) -> bool:
    """Whether to write anonymously: as wished where the board leaves a choice, anonymous by default.

    A wish against the board's rule is a 400: it must neither unmask nor hide anyone silently.
    """
    if board.anonymity == Board.Anonymity.OPTIONAL:
        return True if wish is None else wish
    rule = board.anonymity == Board.Anonymity.ALWAYS
    if wish is not None and wish != rule:
        message = (
            _("Everything on this board is anonymous.") if rule else _("Nothing on this board is anonymous.")
        )
        raise invalid("is_anonymous", message, "anonymity_not_allowed")
    return rule


def edit(content: C, changes: dict[str, Any]) -> None:
    """Save what really changed, and when; nothing where nothing did."""
    changed: list[str] = [attr for attr, value in changes.items() if getattr(content, attr) != value]
    for attr in changed:
        setattr(content, attr, changes[attr])
    if changed:
        save_edit(content, *changed)


def save_edit(content: C, *changed: str) -> None:
    """Save some columns of what was edited, and when that was."""
    lock_writer(content.author_id)
    content.edited_at = timezone.now()
    content.save(update_fields=[*changed, "edited_at", "updated_at"])
