from rest_framework import serializers

from accounts.models import Reason
from api.serializers import BooleanField, ChoiceField, ModelSerializer, TextField, VisibleRelatedField
from api.targets import State
from board.models import Board, Post
from board.serializers.authors import ContentAuthorSerializer
from board.serializers.boards import BoardBriefSerializer
from board.serializers.content import ContentSerializer


class PostSerializer(ModelSerializer):
    """A post in a list: the beginning of its text alone."""

    board = BoardBriefSerializer(read_only=True)
    author = ContentAuthorSerializer(source="*", read_only=True)
    excerpt = serializers.CharField(read_only=True, help_text="The first 200 characters of the content.")
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

    def get_is_mine(self, post: Post) -> bool:
        return post.is_written_by(self.context["request"].user)


class PostDetailSerializer(PostSerializer, ContentSerializer):
    """A post, whole."""

    class Meta(PostSerializer.Meta):
        fields = (*PostSerializer.Meta.fields, "content", "hidden")
        read_only_fields = fields


class PostWriteSerializer(ModelSerializer):
    """A new post. `is_anonymous` may be left out: then it is as the board would have it."""

    board = VisibleRelatedField(visible=Board.objects.writable_by)
    content = TextField(max_length=10_000)
    is_anonymous = BooleanField(required=False)
    is_question = BooleanField(required=False)

    class Meta:
        model = Post
        fields = ("board", "title", "content", "is_anonymous", "is_question")


class PostUpdateSerializer(ModelSerializer):
    """What of a post can change."""

    content = TextField(max_length=10_000, required=False)

    class Meta:
        model = Post
        fields = ("title", "content")


class LikeSerializer(serializers.Serializer):
    """Whether one likes it, and how many do."""

    is_liked = serializers.BooleanField()
    like_count = serializers.IntegerField()


class ScrapSerializer(serializers.Serializer):
    """Whether one keeps it, and how many do."""

    is_scrapped = serializers.BooleanField()
    scrap_count = serializers.IntegerField()


class HideSerializer(serializers.Serializer):
    reason = ChoiceField(Reason.choices)


class StateSerializer(serializers.Serializer):
    """What became of it."""

    state = serializers.ChoiceField(State.choices)
