from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.authors import POST_AUTHOR
from accounts.models import User
from accounts.models.blocks import blocks_conversation, blocks_label, blocks_user
from accounts.models.writing import Hideable
from api.models import TimestampedModel
from board.models.comments import Comment
from board.models.posts import Post


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User) -> "ConversationQuerySet":
        """The conversations in which one has something to read."""
        return self.filter(pk__in=Participant.objects.visible_to(user).values("conversation"))


class Conversation(TimestampedModel):
    """A conversation 쪽지방 that somebody began with the author of a post or comment, once an origin.

    Its two sides are `Participant` rows. `initiator` is here as well, so that the database keeps it unique.
    """

    initiator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("initiator"),
        related_name="conversations_begun",
        null=True,
    )
    origin_post = models.ForeignKey(
        Post, models.PROTECT, verbose_name=_("post it began from"), related_name="conversations", null=True
    )
    origin_comment = models.ForeignKey(
        Comment,
        models.PROTECT,
        verbose_name=_("comment it began from"),
        related_name="conversations",
        null=True,
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = (
            models.UniqueConstraint(fields=("initiator", "origin_post"), name="conversation_post_unique"),
            models.UniqueConstraint(
                fields=("initiator", "origin_comment"), name="conversation_comment_unique"
            ),
            models.CheckConstraint(
                condition=Q(origin_post__isnull=False, origin_comment__isnull=True)
                | Q(origin_post__isnull=True, origin_comment__isnull=False),
                name="conversation_one_origin",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def post(self) -> Post:
        """The post it began from, or whose comment it did."""
        origin = self.origin_post or self.origin_comment
        return origin.post if isinstance(origin, Comment) else origin  # type: ignore[return-value]


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: User) -> "ParticipantQuerySet":
        """One's own side of each conversation in which there is something to read."""
        return self.filter(user=user, last_message__isnull=False)

    def with_block(self) -> "ParticipantQuerySet":
        """With `is_blocked`: whether this side blocks the other, as the conversation shows it."""
        return self.annotate(is_blocked=Case(When(blocks_other(), then=Value(True)), default=Value(False)))

    def unblocked(self) -> "ParticipantQuerySet":
        return self.filter(~blocks_other())

    def with_unread(self) -> "ParticipantQuerySet":
        """With `unread_count`, of the other side's messages. Counted here, so that nothing can drift."""
        unread = (
            Message.objects.received()
            .filter(conversation=OuterRef("conversation"), pk__gt=OuterRef("read_up_to"))
            .exclude(sender=OuterRef("pk"))
            .order_by()
            .values("conversation")
            .annotate(number=Count("pk"))
        )
        return self.annotate(unread_count=Coalesce(Subquery(unread.values("number")), 0))

    def behind(self) -> "ParticipantQuerySet":
        """Those whose newest message is not read. No other has unread ones, and these are few."""
        return self.filter(read_up_to__lt=F("last_message"))

    def for_viewer(self, user: User) -> "ParticipantQuerySet":
        """With what a payload needs: the other side, and the origin while the viewer may see it."""
        posts = Post.objects.visible_to(user).readable_by(user)
        comments = Comment.objects.visible_to(user).readable_by(user).select_related("post")
        return (
            self.with_block()
            .with_unread()
            .select_related("conversation", "last_message")
            .prefetch_related(
                Prefetch("conversation__participants", Participant.objects.select_related("user")),
                Prefetch("conversation__origin_post", posts.only("title")),
                Prefetch("conversation__origin_comment", comments.only("post__title")),
            )
        )


class Participant(TimestampedModel):
    """One side of a conversation: who it is, how the other sees them, and what they have read.

    `alias_number` is the label at the origin, as in `Comment`; NULL also for an anonymous initiator, who
    is plain 익명. `last_message` is the newest that this side sees, NULL until there is one and again once
    the side cleared the conversation; messages up to `cleared_up_to` are gone for it.
    """

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, verbose_name=_("conversation"), related_name="participants"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("user"),
        related_name="participations",
        null=True,
    )
    is_initiator = models.BooleanField(_("began it"))
    is_anonymous = models.BooleanField(_("anonymous"))
    alias_number = models.PositiveIntegerField(_("alias number"), null=True, blank=True)
    last_message = models.ForeignKey(
        "board.Message",
        models.SET_NULL,
        verbose_name=_("last message"),
        related_name="+",
        null=True,
        blank=True,
    )
    read_up_to = models.PositiveBigIntegerField(_("read up to"), default=0)
    cleared_up_to = models.PositiveBigIntegerField(_("cleared up to"), default=0)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = (
            models.UniqueConstraint(fields=("conversation", "is_initiator"), name="participant_side_unique"),
        )
        indexes = (models.Index(fields=("user", "last_message")),)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def author(self) -> User | None:
        """Who this side is, by the name `author_of` knows."""
        return self.user


def blocks_other() -> Q:
    """Whether a side blocks the other: this conversation, the other's name, or their label.

    The label is that of the origin, which only who began the conversation ever saw.
    """
    blocker: Any = OuterRef(OuterRef("user"))
    origin = Coalesce(OuterRef("conversation__origin_post"), OuterRef("conversation__origin_comment__post"))
    named = Q(is_anonymous=False) & Q(blocks_user(blocker, "user"))
    labelled = Q(is_anonymous=True, is_initiator=False) & Q(
        blocks_label(blocker, origin, Coalesce(OuterRef("alias_number"), POST_AUTHOR))
    )
    other = Participant.objects.filter(conversation=OuterRef("conversation")).exclude(pk=OuterRef("pk"))
    return Q(blocks_conversation(OuterRef("user"), "conversation")) | Q(
        Exists(other.filter(named | labelled))
    )


# What reaches the other side: not sent into a block, and not hidden.
RECEIVED = Q(is_dropped=False, hidden_at=None)


class MessageQuerySet(models.QuerySet["Message"]):
    def received(self) -> "MessageQuerySet":
        """What reaches the other side."""
        return self.filter(RECEIVED)

    def visible_to(self, user: User) -> "MessageQuerySet":
        """What one sent, and what one received and has not cleared."""
        sides = Participant.objects.filter(conversation=OuterRef("conversation"), user=user)
        return self.filter(
            RECEIVED | Q(sender__user=user),
            Exists(sides.filter(cleared_up_to__lt=OuterRef("pk"))),
        )

    def heard_by(self, user: User) -> "MessageQuerySet":
        """What a user is told of: what others sent, into conversations that the user does not block."""
        sides = Participant.objects.visible_to(user).unblocked()
        uncleared = sides.filter(conversation=OuterRef("conversation"), cleared_up_to__lt=OuterRef("pk"))
        return self.received().filter(Exists(uncleared)).exclude(sender__user=user)


class Message(Hideable):
    """A message 쪽지. One sent into a block is dropped: its sender sees it, and nobody else ever does."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, verbose_name=_("conversation"), related_name="messages"
    )
    sender = models.ForeignKey(Participant, models.CASCADE, verbose_name=_("sender"), related_name="messages")
    content = models.TextField(_("content"), max_length=1000)
    is_dropped = models.BooleanField(_("dropped"), default=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-id",)
        indexes = (models.Index(fields=("conversation", "id")),)

    def __str__(self) -> str:
        return str(self.pk)

    def is_written_by(self, user: User) -> bool:
        return self.sender.user_id is not None and self.sender.user_id == user.pk
