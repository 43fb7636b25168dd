from rest_framework import serializers

from accounts.authors import AuthorKind


class AuthorSerializer(serializers.Serializer):
    """Who made something, as readers may know it. `id` and `picture` are null unless `kind` is `named`."""

    id = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(AuthorKind.choices)
    number = serializers.IntegerField(
        allow_null=True,
        help_text="The number of an anonymous commenter in this post; 0 is the post's author.",
    )
    display_name = serializers.CharField()
    picture = serializers.ImageField(allow_null=True)
