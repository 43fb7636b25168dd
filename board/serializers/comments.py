from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.serializers.writing import WritingSerializer
from api.pagination import Cursor
from api.serializers import BooleanField, ModelSerializer, TextField, VisibleRelatedField
from api.targets import State
from board.models import Comment
from board.serializers.authors import ContentAuthorSerializer
from board.serializers.boards import PostBriefSerializer


class CommentBaseSerializer(ModelSerializer):
    """A comment. Where it is only a placeholder, `content` and `author` are null."""

    author = ContentAuthorSerializer(source="*", read_only=True, allow_null=True)
    content = serializers.CharField(read_only=True, allow_null=True)
    state = serializers.ChoiceField(State.choices, read_only=True)
    is_mine = serializers.SerializerMethodField()
    is_liked = serializers.BooleanField(read_only=True)

    class Meta:
        model = Comment
        fields: tuple[str, ...] = (
            "id",
            "parent",
            "depth",
            "author",
            "content",
            "is_anonymous",
            "like_count",
            "reply_count",
            "state",
            "is_mine",
            "is_liked",
            "created_at",
            "edited_at",
        )
        read_only_fields = fields

    def get_is_mine(self, comment: Comment) -> bool:
        return comment.is_written_by(self.context["request"].user)


class CommentSerializer(CommentBaseSerializer, WritingSerializer):
    """A comment by itself, with the post it belongs to."""

    post = PostBriefSerializer(read_only=True)

    class Meta(CommentBaseSerializer.Meta):
        fields = (*CommentBaseSerializer.Meta.fields, "hidden", "post")
        read_only_fields = fields


# What a placeholder says of a comment that the reader does not see.
PLACEHOLDER = {
    "author": None,
    "content": None,
    "is_anonymous": None,
    "like_count": 0,
    "is_mine": False,
    "is_liked": False,
    "edited_at": None,
}


class ThreadState(models.TextChoices):
    """What a reader sees of a comment in its thread."""

    LIVING = State.LIVING.value, State.LIVING.label
    HIDDEN = State.HIDDEN.value, State.HIDDEN.label
    DELETED = State.DELETED.value, State.DELETED.label
    BLOCKED = "blocked", _("blocked")


class ThreadSerializer(CommentBaseSerializer):
    """A comment in its thread, with the replies below it. `blocked`: one blocks who wrote it."""

    state = serializers.SerializerMethodField()  # type: ignore[assignment]
    is_anonymous = serializers.BooleanField(read_only=True, allow_null=True)
    replies = serializers.SerializerMethodField()
    replies_next = serializers.SerializerMethodField()

    class Meta(CommentBaseSerializer.Meta):
        fields = (*CommentBaseSerializer.Meta.fields, "replies", "replies_next")
        read_only_fields = fields

    def to_representation(self, comment: Comment) -> dict[str, Any]:
        answer = super().to_representation(comment)
        hidden_own = comment.state == State.HIDDEN and self.get_is_mine(comment)
        seen = hidden_own or answer["state"] == ThreadState.LIVING
        return answer if seen else answer | PLACEHOLDER

    @extend_schema_field(serializers.ChoiceField(ThreadState.choices))
    def get_state(self, comment: Comment) -> str:
        """Whether it is seen, and why not: what is not is a placeholder."""
        blocked = comment.state == State.LIVING and comment.is_blocked  # type: ignore[attr-defined]
        return ThreadState.BLOCKED if blocked else ThreadState(comment.state)

    @extend_schema_field(
        {"type": "array", "items": {"$ref": "#/components/schemas/Thread"}, "description": "Oldest first."}
    )
    def get_replies(self, comment: Comment) -> list[dict[str, Any]]:
        return [self.to_representation(reply) for reply in getattr(comment, "loaded_replies", ())]

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_replies_next(self, comment: Comment) -> str | None:
        """Where the replies go on, if more follow than stand here."""
        loaded = getattr(comment, "loaded_replies", [])
        if len(loaded) >= comment.reply_count:
            return None
        url = reverse("reply-list", args=[comment.pk], request=self.context["request"])
        return f"{url}?cursor={Cursor(('id',), (loaded[-1].pk,)).encode()}" if loaded else url


class CommentWriteSerializer(serializers.Serializer):
    """A new comment. `is_anonymous` may be left out: then it is as the board would have it."""

    content = TextField(max_length=1000)
    parent: Any = VisibleRelatedField(
        visible=Comment.objects.visible_to,
        required=False,
        allow_null=True,
        help_text="The comment to reply to.",
    )
    is_anonymous = BooleanField(required=False)


class CommentUpdateSerializer(serializers.Serializer):
    content = TextField(max_length=1000)
