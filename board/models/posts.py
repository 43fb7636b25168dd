from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from accounts.authors import POST_AUTHOR
from accounts.models import School, User
from accounts.models.blocks import blocks_label, blocks_user
from accounts.models.writing import decision_on
from api.fields import DerivedIntegerField
from api.models import TimestampedModel
from api.walks import IdList, RowTest, WalkedQuerySet
from board import popularity
from board.models.boards import Board
from board.models.content import Content, blocked_by, boards_of, visible_content
from board.models.media import first_thumbnail
from board.models.search import PostGram
from board.search import Term

EXCERPT_LENGTH = 200


class PostQuerySet(WalkedQuerySet["Post"]):
    def visible_to(self, user: User) -> "PostQuerySet":
        """What a user may see by id (see `visible_content`)."""
        return self.filter(visible_content(user))

    def listed_for(self, user: User) -> "PostQuerySet":
        """Of what is visible, what belongs in lists: nothing blocked, nothing hidden but one's own."""
        listed = self.filter(
            Q(hidden_at=None) | Q(author=user), ~boards_of(deleted_at__isnull=False), ~blocked_post(user)
        )
        return listed.readable_by(user)

    def latest_on(self, boards: Iterable[Board]) -> "dict[int, Post]":
        """Of these posts the newest on each board, by the board's id, without its text. Two queries."""
        newest = self.filter(board=OuterRef("pk")).order_by("-pk").values("pk")[:1]
        ids = Board.objects.filter(pk__in=[board.pk for board in boards]).values_list(Subquery(newest))
        posts = Post.objects.filter(pk__in=[pk for (pk,) in ids]).only("board", "title", "created_at")
        return {post.board_id: post for post in posts}

    def with_decision(self) -> "PostQuerySet":
        """With how the post's case stands, for its author and those who decide."""
        return self.annotate(**decision_on("post"))

    def readable_by(self, user: User) -> "PostQuerySet":
        """Without what stands on boards for verified users, unless one is."""
        return self if user.is_verified else self.exclude(boards_of(needs_verification=True))

    def with_term(self, term: Term, school_id: int) -> "PostQuerySet":
        """What has a term in it, of a school: found by the term's grams, and compared as it is read."""
        grams = [PostGram.objects.filter(school_id=school_id, gram=gram) for gram in term.grams]
        found = self.standing_in(*(IdList(rows, "post_id") for rows in grams))
        return found.passing(RowTest(("title", "content"), term.matches))

    def for_viewer(self, user: User) -> "PostQuerySet":
        """With what a payload needs: board, author, first picture, and the viewer's own like and scrap."""
        return (
            self.select_related("author")
            .prefetch_related("board")
            .annotate(
                is_liked=Exists(PostLike.objects.filter(post=OuterRef("pk"), user=user)),
                is_scrapped=Exists(Scrap.objects.filter(post=OuterRef("pk"), user=user)),
                excerpt=Left("content", EXCERPT_LENGTH),
                thumbnail=first_thumbnail(),
            )
        )


def blocked_post(user: User) -> Q:
    """Whether the viewer blocks a post's author, as the post shows them."""
    return blocked_by(
        user,
        author=blocks_user(user, "author"),
        label=blocks_label(user, OuterRef("pk"), POST_AUTHOR),
        board="",
    )


class Post(Content):
    """A post 게시물. Board, `is_anonymous` and `is_question` never change once it is made.

    `alias_count` is the last number given to an anonymous commenter (see `services.comments`).
    """

    board = models.ForeignKey(Board, models.PROTECT, verbose_name=_("board"), related_name="posts")
    # The board's school, copied: a school's feed is then one index walk.
    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"), related_name="posts")
    title = models.CharField(_("title"), max_length=100)
    content = models.TextField(_("content"), max_length=10_000)
    is_question = models.BooleanField(_("question"), default=False)
    alias_count = models.PositiveIntegerField(default=0, editable=False)
    comment_count = models.PositiveIntegerField(_("comments"), default=0)
    media_count = models.PositiveSmallIntegerField(_("pictures"), default=0)
    scrap_count = models.PositiveIntegerField(_("scraps"), default=0)
    hot_at = models.DateTimeField(_("HOT since"), null=True, blank=True)
    # Both follow `like_count`, and are saved with it.
    hot_rank = DerivedIntegerField(derive=popularity.hot_rank, db_default=0)
    best_half = DerivedIntegerField(derive=popularity.best_half, null=True)
    likers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="board.PostLike", related_name="liked_posts"
    )
    scrappers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="board.Scrap", related_name="scrapped_posts"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("board", "id")),
            models.Index(fields=("school", "id")),
            models.Index(fields=("school", "hot_at", "id")),
            models.Index(fields=("school", "like_count", "id")),
            models.Index(fields=("school", "best_half", "like_count", "id")),
            models.Index(fields=("school", "hot_rank", "id")),
            models.Index(fields=("board", "hot_rank", "id")),
            models.Index(fields=("author", "id")),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def becomes_hot(self) -> bool:
        """Whether a like just given makes it HOT: the first time ever that it has so many."""
        return self.hot_at is None and self.like_count >= settings.HOT_LIKES


class PostLike(TimestampedModel):
    """A like 공감. It stays when who gave it withdraws, so that no count moves."""

    post = models.ForeignKey(Post, models.CASCADE, verbose_name=_("post"), related_name="likes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("user"),
        related_name="post_likes",
        null=True,
    )

    class Meta:
        verbose_name = _("post like")
        verbose_name_plural = _("post likes")
        # For the list of what a user likes, newest post first.
        indexes = (models.Index(fields=("user", "post")),)
        constraints = (models.UniqueConstraint(fields=("post", "user"), name="post_like_unique"),)

    def __str__(self) -> str:
        return str(self.pk)


class Scrap(TimestampedModel):
    """A post someone keeps 스크랩."""

    post = models.ForeignKey(Post, models.CASCADE, verbose_name=_("post"), related_name="scraps")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("user"), related_name="scraps", null=True
    )

    class Meta:
        verbose_name = _("scrap")
        verbose_name_plural = _("scraps")
        # For the list of what a user keeps, newest post first.
        indexes = (models.Index(fields=("user", "post")),)
        constraints = (models.UniqueConstraint(fields=("post", "user"), name="scrap_unique"),)

    def __str__(self) -> str:
        return str(self.pk)
