"""What writing a post and writing a comment have in common."""

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from api.errors import invalid
from board.exceptions import QuestionAnswered
from board.models import Board, Comment, Post

C = TypeVar("C", Post, Comment)


def refuse_answered(post: Post) -> None:
    """Who answered a question keeps it: the answer would lose its sense.

    One's own comments are no answers, but only where everybody sees that they are one's own. Did an
    anonymous one under a named question not count, editing the question would tell whose it is.
    """
    living = Comment.objects.filter(post=post, deleted_at=None)
    answers = living.exclude(author=post.author_id, is_anonymous=post.is_anonymous)
    if post.is_question and answers.exists():
        raise QuestionAnswered


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
