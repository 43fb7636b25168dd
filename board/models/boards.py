from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import School, User
from accounts.models.blocks import blocks_user
from api.fields import FoldedKeyField
from api.models import TimestampedModel
from api.text import validate_visible

if TYPE_CHECKING:
    from board.models.posts import Post

# A manager can delete a board after so long without a post.
SILENCE = timedelta(days=14)


class BoardQuerySet(models.QuerySet["Board"]):
    def living(self) -> "BoardQuerySet":
        return self.filter(deleted_at=None)

    def visible_to(self, user: User) -> "BoardQuerySet":
        """The living boards of one's school; all, deleted ones too, for staff."""
        return self.all() if user.is_staff else self.living().filter(school=user.school)

    def writable_by(self, user: User) -> "BoardQuerySet":
        """The boards one can see and that can be posted to."""
        return self.visible_to(user).living()

    def for_viewer(self, user: User) -> "BoardQuerySet":
        """With what a payload needs: school, notice, offer, and where the viewer pinned the board.

        `hides_notice`: the viewer blocks who wrote the notice, which always shows a name.
        """
        pins = PinnedBoard.objects.filter(board=OuterRef("pk"), user=user)
        return self.select_related("school", "notice", "offered_to").annotate(
            is_pinned=Exists(pins),
            position=Subquery(pins.values("position")[:1]),
            hides_notice=blocks_user(user, "notice__author"),
        )


class Board(TimestampedModel):
    """A board 게시판 of one school. Its name is unique among the living ones there."""

    class Category(models.TextChoices):
        DEPARTMENT = "department", _("department")
        CAREER = "career", _("career")
        PROMOTION = "promotion", _("promotion")
        CLUB = "club", _("club")
        GENERAL = "general", _("general")

    class Anonymity(models.TextChoices):
        OPTIONAL = "optional", _("optional")
        ALWAYS = "always", _("always")
        NEVER = "never", _("never")

    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"), related_name="boards")
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    name = models.CharField(_("name"), max_length=30, validators=[validate_visible])
    # A compatibility form folds into up to 15 letters.
    name_key = FoldedKeyField(source="living_name", max_length=450, null=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("manager"),
        related_name="managed_boards",
        null=True,
        blank=True,
    )
    # To whom the manager offered the board, until they answer.
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("offered to"),
        related_name="offered_boards",
        null=True,
        blank=True,
        editable=False,
    )
    anonymity = models.CharField(
        _("anonymity"), max_length=20, choices=Anonymity.choices, default=Anonymity.OPTIONAL
    )
    needs_verification = models.BooleanField(_("for verified users"), default=False)
    in_hot = models.BooleanField(_("in HOT"), default=True)
    notice = models.ForeignKey(
        "board.Post", models.SET_NULL, verbose_name=_("notice"), related_name="+", null=True, blank=True
    )
    last_post_at = models.DateTimeField(_("last post at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    pinned_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="board.PinnedBoard", related_name="pinned_boards"
    )

    # What a reader's list of pinned boards shows of each (see `PostQuerySet.latest_on`).
    latest_post: "Post | None" = None

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ("id",)
        constraints = (
            # NULL keys differ from each other, so deleted boards free their names.
            models.UniqueConstraint(fields=("school", "name_key"), name="board_name_unique_in_school"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def living_name(self) -> str | None:
        return None if self.is_deleted else self.name

    def readable_by(self, user: User) -> bool:
        """Whether one may read the posts; the board itself is listed to the whole school."""
        return user.is_verified or not self.needs_verification

    def managed_by(self, user: User) -> bool:
        return user.is_staff or (self.manager_id is not None and self.manager_id == user.pk)

    def moderated_by(self, user: User) -> bool:
        """Whether one may hide what stands here: the manager, the school's moderators, staff."""
        return self.managed_by(user) or user.moderates(self.school_id)

    def may_become(self, anonymity: str) -> bool:
        """Whether the rule can change so: nobody is named on a board where they need not be so far."""
        return anonymity != self.Anonymity.NEVER or self.anonymity == anonymity or self.last_post_at is None

    def is_silent(self, now: datetime) -> bool:
        return now - (self.last_post_at or self.created_at) >= SILENCE


class PinnedBoard(TimestampedModel):
    """A board on one's own list 내 게시판, and where it stands there."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="board_pins"
    )
    board = models.ForeignKey(Board, models.CASCADE, verbose_name=_("board"), related_name="pins")
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("pinned board")
        verbose_name_plural = _("pinned boards")
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("user", "board"), name="pinned_board_unique"),)

    def __str__(self) -> str:
        return f"{self.position}"
