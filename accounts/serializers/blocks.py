from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.authors import anonymous_author, named_author
from accounts.models import Block
from accounts.serializers.authors import AuthorSerializer
from accounts.serializers.targets import VisibleUserField
from api import targets
from api.serializers import ModelSerializer, VisibleRelatedField


class BlockSerializer(ModelSerializer):
    """What one blocks: a person by name, a label in a post, or a conversation."""

    surface = serializers.ChoiceField(Block.Surface.choices, read_only=True)
    author = serializers.SerializerMethodField()
    post = serializers.SerializerMethodField()
    conversation = serializers.SerializerMethodField()

    class Meta:
        model = Block
        fields = ("id", "surface", "author", "post", "conversation", "created_at")
        read_only_fields = fields

    @extend_schema_field(AuthorSerializer(allow_null=True))
    def get_author(self, block: Block) -> Any:
        """The name or the label; null for a conversation, which shows the other side itself."""
        if block.surface == Block.Surface.CONVERSATION:
            return None
        author = named_author(block.user) if block.user else anonymous_author(block.number)
        return AuthorSerializer(author, context=self.context).data

    def get_post(self, block: Block) -> int | None:
        """The id of the post in which the label stands."""
        return block.target_id if block.target_kind == Block.POST else None

    def get_conversation(self, block: Block) -> int | None:
        """The id of the conversation."""
        return block.target_id if block.target_kind == Block.CONVERSATION else None


class BlockWriteSerializer(serializers.Serializer):
    """What to block: one of these. A post or comment stands for its author, as it shows them."""

    user: Any = VisibleUserField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for kind, target in targets.blockables().items():
            fields[kind] = VisibleRelatedField(visible=target.blockable_for, required=False)
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(
                {"user": [gettext("Give one of: %(names)s.") % {"names": ", ".join(self.fields)}]},
                code="one_of",
            )
        return attrs
