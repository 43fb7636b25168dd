from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.blocks import blocks_label, blocks_user
from accounts.models.writing import decision_on
from api.models import TimestampedModel
from board.models.content import Content, blocked_by, unhidden_for, visible_content
from board.models.posts import Post

MAX_DEPTH = 10


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: User) -> "CommentQuerySet":
        """What a user may see by id: not deleted, not hidden from them, and below a post they may see."""
        visible = self.filter(visible_content(user, post="post__"), deleted_at=None)
        if user.is_staff or user.is_moderator:
            return visible
        return visible.filter(unhidden_for(user, content="", board="post__"))

    def listed_for(self, user: User) -> "CommentQuerySet":
        """Of what is visible, one's own comments below posts that one may read."""
        return self.filter(author=user, post__board__deleted_at=None).readable_by(user)

    def with_decision(self) -> "CommentQuerySet":
        """With how the comment's case stands, for its author and those who decide."""
        return self.annotate(**decision_on("comment"))

    def readable_by(self, user: User) -> "CommentQuerySet":
        """Without what stands on boards for verified users, unless one is."""
        return self if user.is_verified else self.filter(post__board__needs_verification=False)

    def heard_by(self, user: User) -> "CommentQuerySet":
        """What others wrote and a user is told of: what they see, hidden from nobody, and don't block."""
        living = self.filter(visible_content(user, post="post__"), deleted_at=None, hidden_at=None)
        heard = living.readable_by(user).exclude(author=user)
        return heard.alias(is_blocked=blocked_comment(user)).filter(is_blocked=False)

    def shown(self) -> "CommentQuerySet":
        """What has a place in a thread: a deleted comment only while there are replies below it."""
        return self.filter(Q(deleted_at=None) | Q(reply_count__gt=0))

    def for_viewer(self, user: User) -> "CommentQuerySet":
        """With what a payload needs: the author, the viewer's own like, and whether the viewer blocks it."""
        return self.select_related("author").annotate(
            is_liked=Exists(CommentLike.objects.filter(comment=OuterRef("pk"), user=user)),
            is_blocked=blocked_comment(user),
        )

    def with_id_of_descendant(self, number: int) -> "CommentQuerySet":
        """With `up_to`: the id of the `number`-th comment shown below each, oldest first; else None.

        The bound is found by walking `number` entries of an index, however long the thread is.
        """
        below = Comment.objects.shown().filter(post=OuterRef("post"), root=OuterRef("pk")).order_by("id")
        return self.annotate(up_to=Subquery(below.values("id")[number - 1 : number]))


def blocked_comment(user: User) -> Case:
    """Whether the viewer blocks a comment's author, as the comment shows them."""
    blocked = blocked_by(
        user,
        author=blocks_user(user, "author"),
        label=blocks_label(user, OuterRef("post"), OuterRef("alias_number")),
        board="post__",
    )
    return Case(When(blocked, then=Value(True)), default=Value(False))


class Comment(Content):
    """A comment 댓글 or a reply 대댓글 to one, at a depth of 0 to 10.

    `root` is the top comment of its thread, NULL for a top comment itself. `reply_count` counts the direct
    replies that are shown. `alias_number` is NULL for a named comment, 0 for 글쓴이 and n for 익명n.
    """

    post = models.ForeignKey(Post, models.CASCADE, verbose_name=_("post"), related_name="comments")
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("parent"), related_name="replies", null=True, blank=True
    )
    root = models.ForeignKey(
        "self",
        models.CASCADE,
        verbose_name=_("top comment"),
        related_name="descendants",
        null=True,
        blank=True,
    )
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)
    content = models.TextField(_("content"), max_length=1000)
    alias_number = models.PositiveIntegerField(_("alias number"), null=True, blank=True)
    reply_count = models.PositiveIntegerField(_("replies"), default=0)
    likers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="board.CommentLike", related_name="liked_comments"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("id",)
        indexes = (
            models.Index(fields=("post", "root", "id")),
            models.Index(fields=("parent", "id")),
            models.Index(fields=("post", "author", "id")),
            models.Index(fields=("author", "id")),
            models.Index(fields=("author", "post")),
        )
        constraints = (
            models.CheckConstraint(condition=Q(depth__lte=MAX_DEPTH), name="comment_depth_at_most_10"),
            models.CheckConstraint(
                condition=Q(is_anonymous=True, alias_number__isnull=False)
                | Q(is_anonymous=False, alias_number__isnull=True),
                name="comment_alias_only_if_anonymous",
            ),
        )

    def __str__(self) -> str:
        return self.content[:40]


class CommentLike(TimestampedModel):
    """A like of a comment. It stays when who gave it withdraws, so that no count moves."""

    comment = models.ForeignKey(Comment, models.CASCADE, verbose_name=_("comment"), related_name="likes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("user"),
        related_name="comment_likes",
        null=True,
    )

    class Meta:
        verbose_name = _("comment like")
        verbose_name_plural = _("comment likes")
        constraints = (models.UniqueConstraint(fields=("comment", "user"), name="comment_like_unique"),)

    def __str__(self) -> str:
        return str(self.pk)
