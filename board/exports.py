"""What one takes along of what one said: also what stands on deleted boards, and not what one deleted."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from api.exports import Part
from board.models import Board, Comment, Message, Participant, Post, PostMedia
from board.serializers.boards import BoardSerializer
from board.serializers.comments import CommentSerializer
from board.serializers.conversations import ConversationSerializer, MessageSerializer
from board.serializers.media import MediaSerializer
from board.serializers.posts import PostDetailSerializer, PostSerializer


class OwnCommentSerializer(CommentSerializer):
    """A comment of one's own. Of a post that one may no longer see, the title is not there either."""

    def to_representation(self, comment: Comment) -> dict[str, Any]:
        answer = super().to_representation(comment)
        return answer if is_seen(comment.post, comment.author) else answer | {"post": None}


def is_seen(post: Post, user: User | None) -> bool:
    """Whether neither its author nor those who decide took the post away."""
    return post.deleted_at is None and (post.hidden_at is None or post.author_id == getattr(user, "pk", None))


def boards(user: User) -> QuerySet[Board]:
    return Board.objects.visible_to(user).for_viewer(user)


def posts(user: User) -> QuerySet[Post]:
    own = Post.objects.filter(author=user, deleted_at=None)
    return own.for_viewer(user).with_decision().prefetch_related("media").order_by("pk")


def seen_posts(user: User) -> QuerySet[Post]:
    return Post.objects.visible_to(user).listed_for(user).for_viewer(user).order_by("pk")


def comments(user: User) -> QuerySet[Comment]:
    own = Comment.objects.filter(author=user, deleted_at=None)
    return own.for_viewer(user).with_decision().select_related("author", "post").order_by("pk")


def liked_comments(user: User) -> QuerySet[Comment]:
    seen: Any = Comment.objects.visible_to(user).readable_by(user).for_viewer(user)
    liked = seen.filter(likes__user=user, is_blocked=False)
    return liked.with_decision().select_related("author", "post").order_by("pk")


def conversations(user: User) -> QuerySet[Participant]:
    return Participant.objects.visible_to(user).for_viewer(user).order_by("pk")


def messages(user: User) -> QuerySet[Message]:
    return Message.objects.visible_to(user).select_related("sender").order_by("conversation", "pk")


def media(user: User) -> QuerySet[PostMedia]:
    return PostMedia.objects.filter(uploader=user).order_by("pk")


def pictures(user: User) -> Iterable[tuple[str, str]]:
    for row in media(user).iterator():
        yield f"pictures/{row.pk}.{row.image.name.rpartition('.')[2]}", row.image.name


def managed(user: User) -> QuerySet[Board]:
    return boards(user).filter(manager=user).order_by("pk")


def pinned(user: User) -> QuerySet[Board]:
    return boards(user).filter(pins__user=user).order_by("position")


PARTS = (
    Part("boards", managed, BoardSerializer),
    Part("pinned_boards", pinned, BoardSerializer),
    Part("posts", posts, PostDetailSerializer),
    Part("liked_posts", lambda user: seen_posts(user).filter(likes__user=user), PostSerializer),
    Part("scrapped_posts", lambda user: seen_posts(user).filter(scraps__user=user), PostSerializer),
    Part("comments", comments, OwnCommentSerializer),
    Part("liked_comments", liked_comments, CommentSerializer),
    Part("conversations", conversations, ConversationSerializer),
    Part("messages", messages, MessageSerializer),
    Part("pictures", media, MediaSerializer, files=pictures),
)
