from typing import Any

from rest_framework import serializers

from board.authors import AuthorKind, author_of
from board.models import Comment, Post


class AuthorSerializer(serializers.Serializer):
    """Who wrote something, as far as readers may know. `id` and `picture` are null unless `kind` is `named`.

    Takes the content itself (`source="*"`).
    """

    id = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(AuthorKind.choices)
    number = serializers.IntegerField(
        allow_null=True,
        help_text="The number of an anonymous commenter in this post; 0 is the post's author.",
    )
    display_name = serializers.CharField()
    picture = serializers.ImageField(allow_null=True)

    def to_representation(self, content: Post | Comment) -> dict[str, Any]:
        return super().to_representation(author_of(content))
