from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Reason
from accounts.serializers.writing import WritingSerializer
from api.serializers import (
    BooleanField,
    ChoiceField,
    ListField,
    ModelSerializer,
    TextField,
    UUIDField,
    VisibleRelatedField,
)
from api.storage import public_url
from api.targets import State
from board.models import Board, Post
from board.models.media import MAX_PER_POST
from board.serializers.authors import ContentAuthorSerializer
from board.serializers.boards import BoardBriefSerializer
from board.serializers.media import MediaSerializer


class PostSerializer(ModelSerializer):
    """A post in a list: the beginning of its text alone."""

    board = BoardBriefSerializer(read_only=True)
    author = ContentAuthorSerializer(source="*", read_only=True)
    excerpt = serializers.CharField(read_only=True, help_text="The first 200 characters of the content.")
    thumbnail_url = serializers.SerializerMethodField()
    state = serializers.ChoiceField(State.choices, read_only=True)
    is_mine = serializers.SerializerMethodField()
    is_liked = serializers.BooleanField(read_only=True)
    is_scrapped = serializers.BooleanField(read_only=True)

    class Meta:
        model = Post
        fields: tuple[str, ...] = (
            "id",
            "board",
            "author",
            "title",
            "excerpt",
            "thumbnail_url",
            "media_count",
            "is_anonymous",
            "is_question",
            "like_count",
            "comment_count",
            "scrap_count",
            "hot_at",
            "state",
            "is_mine",
            "is_liked",
            "is_scrapped",
            "created_at",
            "edited_at",
        )
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_thumbnail_url(self, post: Post) -> str | None:
        """Of the first picture; null where there is none."""
        name = post.thumbnail  # type: ignore[attr-defined]
        return public_url(name, self.context["request"]) if name else None

    def get_is_mine(self, post: Post) -> bool:
        return post.is_written_by(self.context["request"].user)


class PostDetailSerializer(PostSerializer, WritingSerializer):
    """A post, whole."""

    media = MediaSerializer(many=True, read_only=True, help_text="The pictures, in their order.")

    class Meta(PostSerializer.Meta):
        fields = (*PostSerializer.Meta.fields, "content", "media", "hidden")
        read_only_fields = fields


class MediaField(ListField):
    """Which pictures a post has, in their order."""

    child = UUIDField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=MAX_PER_POST,
            required=False,
            help_text="The ids of pictures you uploaded, in the order they shall have. "
            "In a change, those of the post that are left out are deleted.",
            **kwargs,
        )

    def to_internal_value(self, data: Any) -> list[UUID]:
        ids = super().to_internal_value(data)
        if len(set(ids)) != len(ids):
            raise serializers.ValidationError(gettext("A picture stands here twice."), code="duplicate")
        return ids


class PostWriteSerializer(ModelSerializer):
    """A new post. `is_anonymous` may be left out: then it is as the board would have it."""

    board = VisibleRelatedField(visible=Board.objects.writable_by)
    content = TextField(max_length=10_000)
    is_anonymous = BooleanField(required=False)
    is_question = BooleanField(required=False)
    media = MediaField()

    class Meta:
        model = Post
        fields = ("board", "title", "content", "is_anonymous", "is_question", "media")


class PostUpdateSerializer(ModelSerializer):
    """What of a post can change."""

    content = TextField(max_length=10_000, required=False)
    media = MediaField()

    class Meta:
        model = Post
        fields = ("title", "content", "media")


class ScrapSerializer(serializers.Serializer):
    """Whether one keeps it, and how many do."""

    is_scrapped = serializers.BooleanField()
    scrap_count = serializers.IntegerField()


class HideSerializer(serializers.Serializer):
    reason = ChoiceField(Reason.choices)


class StateSerializer(serializers.Serializer):
    """What became of it."""

    state = serializers.ChoiceField(State.choices)
