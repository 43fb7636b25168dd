"""What reports, cases, sanctions and blocks may do with what stands on a board, and with messages."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.authors import POST_AUTHOR, Author
from accounts.models import Block, User
from accounts.targets import HideableTarget, WritingTarget
from api.targets import Blockable, Surface, Target
from board.authors import author_of
from board.models import Board, Comment, Conversation, Message, Post

# How many messages before the reported one a moderator reads.
MESSAGES_BEFORE = 5


class BoardTarget(Target):
    kind = "board"

    def made_by(self, user: User) -> QuerySet[Board]:
        return Board.objects.filter(manager=user)


class ContentTarget(WritingTarget, Blockable):
    """A post or a comment."""

    def visible_to(self, user: User) -> QuerySet:
        return self.model.objects.visible_to(user).readable_by(user)

    blockable_for = visible_to

    def author(self, row: Post | Comment) -> Author:
        return author_of(row)

    def is_own(self, row: Post | Comment, viewer: User) -> bool:
        return row.is_written_by(viewer)


class PostTarget(ContentTarget):
    kind = "post"
    label = _("post")
    model = Post

    def rows(self) -> QuerySet[Post]:
        return Post.objects.select_related("author", "board").prefetch_related("media")

    def school_id(self, row: Post) -> int:
        return row.school_id

    def text(self, row: Post) -> dict[str, str]:
        """With the captions of its pictures, a line each, where there are any."""
        captions = "\n".join(media.caption for media in row.media.all() if media.caption)
        return {"title": row.title, "content": row.content} | ({"captions": captions} if captions else {})

    def snapshot(self, row: Post, viewer: User) -> dict[str, Any]:
        return {"board": row.board.name} | self.text(row)

    def surface(self, row: Post) -> Surface | None:
        return surface_of(row, row.pk, POST_AUTHOR)


class CommentTarget(ContentTarget):
    kind = "comment"
    label = _("comment")
    model = Comment

    def rows(self) -> QuerySet[Comment]:
        return Comment.objects.select_related("author", "post__board", "parent")

    def school_id(self, row: Comment) -> int:
        return row.post.school_id

    def snapshot(self, row: Comment, viewer: User) -> dict[str, Any]:
        """With the post, and the comment it answers unless that was deleted."""
        parent = row.parent
        return {
            "board": row.post.board.name,
            **self.text(row),
            "post": {"id": row.post_id, "title": row.post.title, "content": row.post.content},
            "parent": {"id": parent.pk, "content": parent.content}
            if parent is not None and parent.deleted_at is None
            else None,
        }

    def surface(self, row: Comment) -> Surface | None:
        return surface_of(row, row.post_id, row.alias_number or POST_AUTHOR)


class MessageTarget(HideableTarget):
    kind = "message"
    label = _("message")
    model = Message

    def made_by(self, user: User) -> QuerySet[Message]:
        return Message.objects.filter(sender__user=user)

    def visible_to(self, user: User) -> QuerySet[Message]:
        return Message.objects.visible_to(user)

    def rows(self) -> QuerySet[Message]:
        return Message.objects.select_related(
            "sender__user", "conversation__origin_post", "conversation__origin_comment__post"
        )

    def writer(self, row: Message) -> User | None:
        return row.sender.user

    def open_to(self, moderator: User) -> QuerySet[Message]:
        """None: a message is between two people until one of them reports it."""
        return Message.objects.none()

    def edited_at(self, row: Message) -> None:
        """Never: messages are not edited."""
        return

    def author(self, row: Message) -> Author:
        return author_of(row.sender)

    def school_id(self, row: Message) -> int:
        return row.conversation.post.school_id

    def snapshot(self, row: Message, viewer: User) -> dict[str, Any]:
        """With what the reporter saw before it, oldest first. Who reports a message shows that much."""
        before = Message.objects.visible_to(viewer).filter(conversation=row.conversation_id, pk__lt=row.pk)
        return {
            **self.text(row),
            "before": [
                {"is_reported_side": message.sender_id == row.sender_id, "content": message.content}
                for message in reversed(before.order_by("-pk")[:MESSAGES_BEFORE])
            ],
        }


class ConversationTarget(Blockable):
    """A conversation, which is blocked for itself. What people make there is messages."""

    kind = Block.CONVERSATION

    def made_by(self, user: User) -> QuerySet[Conversation]:
        return Conversation.objects.filter(initiator=user)

    def blockable_for(self, user: User) -> QuerySet[Conversation]:
        return Conversation.objects.visible_to(user)

    def surface(self, row: Conversation) -> Surface:
        return Surface(target_kind=Block.CONVERSATION, target_id=row.pk)

    def is_own(self, row: Conversation, viewer: User) -> bool:
        return False


def surface_of(row: Post | Comment, post_id: int, number: int) -> Surface | None:
    """The label of what is anonymous, the person of what is named."""
    if row.is_anonymous:
        return Surface(target_kind=Block.POST, target_id=post_id, number=number)
    return None if row.author is None else Surface(user=row.author)


TARGETS = (BoardTarget(), PostTarget(), CommentTarget(), ConversationTarget(), MessageTarget())
