"""What a post and a comment have in common."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import ModerationCase, Reason, User
from api.models import TimestampedModel
from api.targets import State
from board.models.boards import Board


class Hideable(TimestampedModel):
    """Something that can be hidden: from everybody but the author and those who decide."""

    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("hidden by"),
        related_name="+",
        null=True,
        blank=True,
    )
    hidden_reason = models.CharField(_("hidden because"), max_length=20, choices=Reason.choices, blank=True)

    class Meta:
        abstract = True

    @property
    def state(self) -> State:
        return State.HIDDEN if self.hidden_at is not None else State.LIVING


class Content(Hideable):
    """Something a person wrote, under the own name or not; it can be hidden, edited and deleted.

    A deleted row stays: threads keep their shape, and cases their evidence. A withdrawn author is NULL.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("author"),
        related_name="%(class)ss",
        null=True,
    )
    is_anonymous = models.BooleanField(_("anonymous"))
    like_count = models.PositiveIntegerField(_("likes"), default=0)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def state(self) -> State:
        return super().state if self.deleted_at is None else State.DELETED

    def is_written_by(self, user: User) -> bool:
        return self.author_id is not None and self.author_id == user.pk


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


def decision_on(kind: str) -> dict[str, Subquery]:
    """Annotations for a row of a reported kind: how its case stands, and what was said about it."""
    cases = ModerationCase.objects.filter(target_kind=kind, target_id=OuterRef("pk"))
    return {
        "case_state": Subquery(cases.values("state")[:1]),
        "case_note": Subquery(cases.values("note")[:1]),
    }
