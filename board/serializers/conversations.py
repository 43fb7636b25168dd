from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.authors import Author
from accounts.serializers.authors import AuthorSerializer
from api.serializers import BooleanField, ModelSerializer, TextField, VisibleRelatedField
from api.targets import State
from board.authors import author_of
from board.models import Comment, Conversation, Message, Participant, Post
from board.serializers.boards import PostBriefSerializer


class MessageSerializer(ModelSerializer):
    """A message. Who sent it is told by `is_mine`; how the other side appears, by the conversation."""

    is_mine = serializers.SerializerMethodField()
    state = serializers.ChoiceField(State.choices, read_only=True)

    class Meta:
        model = Message
        fields = ("id", "conversation", "content", "is_mine", "state", "created_at")
        read_only_fields = fields

    def get_is_mine(self, message: Message) -> bool:
        return message.is_written_by(self.context["request"].user)


class LastMessageSerializer(serializers.Serializer):
    """The newest message of a conversation; `content` is null where it has been hidden."""

    id = serializers.IntegerField()
    content = serializers.CharField(allow_null=True)
    is_mine = serializers.BooleanField()
    state = serializers.ChoiceField(State.choices)
    created_at = serializers.DateTimeField()


class OriginSerializer(serializers.Serializer):
    """Where a conversation began. `post` and `comment` are null once one can no longer see them."""

    kind = serializers.ChoiceField([("post", "post"), ("comment", "comment")])
    post = PostBriefSerializer(allow_null=True)
    comment = serializers.IntegerField(allow_null=True, help_text="The id of the comment it began from.")
    line = serializers.CharField(help_text="The same in words, to show above the conversation.")


class ConversationSerializer(serializers.Serializer):
    """One's own side of a conversation. The other side appears as it did where the conversation began."""

    id = serializers.IntegerField(source="conversation_id")
    other = serializers.SerializerMethodField()
    me = serializers.SerializerMethodField()
    origin = serializers.SerializerMethodField()
    last_message = serializers.SerializerMethodField()
    unread_count = serializers.IntegerField()
    is_blocked = serializers.BooleanField(help_text="Whether one blocks the other side.")

    @extend_schema_field(AuthorSerializer)
    def get_other(self, side: Participant) -> Any:
        """How one sees the other side."""
        other = next(other for other in side.conversation.participants.all() if other.pk != side.pk)
        return self.represent_author(author_of(other))

    @extend_schema_field(AuthorSerializer)
    def get_me(self, side: Participant) -> Any:
        """How the other side sees oneself."""
        me = next(me for me in side.conversation.participants.all() if me.pk == side.pk)
        return self.represent_author(author_of(me))

    def represent_author(self, author: Author) -> Any:
        return AuthorSerializer(author, context=self.context).data

    @extend_schema_field(OriginSerializer)
    def get_origin(self, side: Participant) -> Any:
        """Where it began."""
        conversation = side.conversation
        comment = conversation.origin_comment
        post = comment.post if comment else conversation.origin_post
        return {
            "kind": "post" if conversation.origin_post_id else "comment",
            "post": {"id": post.pk, "title": post.title} if post else None,
            "comment": comment.pk if comment else None,
            "line": line_of(conversation, post),
        }

    @extend_schema_field(LastMessageSerializer)
    def get_last_message(self, side: Participant) -> Any:
        """The newest message one sees."""
        message: Any = side.last_message
        is_mine = message.sender_id == side.pk
        return LastMessageSerializer(
            {
                "id": message.pk,
                "content": message.content if is_mine or message.state == State.LIVING else None,
                "is_mine": is_mine,
                "state": message.state,
                "created_at": message.created_at,
            }
        ).data


def line_of(conversation: Conversation, post: Post | None) -> str:
    """In words, where a conversation began."""
    if post is None:
        return gettext("This began from something that can no longer be seen.")
    if conversation.origin_post_id:
        return gettext("This began from the post “%(title)s”.") % {"title": post.title}
    return gettext("This began from a comment on the post “%(title)s”.") % {"title": post.title}


class MessageWriteSerializer(serializers.Serializer):
    """A message into a conversation; or a first one to the author of a post or of a comment.

    `is_anonymous` says how one appears in a new conversation, true by default. It can't be changed later.
    """

    conversation: Any = VisibleRelatedField(visible=Conversation.objects.visible_to, required=False)
    post: Any = VisibleRelatedField(visible=Post.objects.visible_to, required=False)
    comment: Any = VisibleRelatedField(visible=Comment.objects.visible_to, required=False)
    content = TextField(max_length=1000)
    is_anonymous = BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        to = [name for name in ("conversation", "post", "comment") if name in attrs]
        if len(to) != 1:
            message = gettext("Give one of conversation, post and comment.")
            raise serializers.ValidationError({"conversation": [message]}, code="one_of")
        if "conversation" in attrs and "is_anonymous" in attrs:
            message = gettext("How you appear is settled once a conversation has begun.")
            raise serializers.ValidationError({"is_anonymous": [message]}, code="anonymity_not_allowed")
        return attrs


class ReadSerializer(serializers.Serializer):
    """Up to where one has read; left out, everything."""

    message: Any = VisibleRelatedField(visible=Message.objects.visible_to, required=False)


class UnreadCountSerializer(serializers.Serializer):
    unread_count = serializers.IntegerField()
