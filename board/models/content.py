"""What a post and a comment have in common."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.writing import Writing
from board.models.boards import Board


class Content(Writing):
    """A post or a comment."""

    is_anonymous = models.BooleanField(_("anonymous"))
    like_count = models.PositiveIntegerField(_("likes"), default=0)

    class Meta:
        abstract = True


def visible_content(user: User, *, post: str = "") -> Q:
    """The posts a user may see by id: those of the own school, on a living board, and not deleted.

    Of the hidden ones: one's own, those on a board one manages, and, for moderators, all. Staff see
    every school, and what stands on a deleted board. `post` is the path to the post, for its comments.
    """
    living = Q((f"{post}deleted_at", None))
    if user.is_staff:
        return living
    seen = living & Q((f"{post}school_id", user.school_id)) & ~boards_of(post, deleted_at__isnull=False)
    if user.is_moderator:
        return seen
    return seen & unhidden_for(user, content=post, board=post)


def unhidden_for(user: User, *, content: str, board: str) -> Q:
    """What is not hidden, or is one's own, or stands on a board one manages."""
    return Q((f"{content}hidden_at", None)) | Q((f"{content}author", user)) | boards_of(board, manager=user)


def boards_of(post: str = "", **conditions: Any) -> Q:
    """Whether the post's board meets `conditions`.

    A subquery and no join: given a join, the server begins at the boards and then sorts every post of
    the school, instead of walking the feed's index from its end.
    """
    return Q(Exists(Board.objects.filter(pk=OuterRef(f"{post}board"), **conditions)))


def blocked_by(user: User, *, author: Exists, label: Exists, board: str) -> Q:
    """What the viewer blocks: what names somebody blocked, and what stands under a label blocked.

    Nothing is ever kept from those who decide about it. `board` is the path to the board, as in `boards_of`.
    """
    if user.is_staff or user.is_moderator:
        return Q(pk__in=())
    blocked = Q(is_anonymous=False) & Q(author) | Q(is_anonymous=True) & Q(label)
    return blocked & ~boards_of(board, manager=user)
