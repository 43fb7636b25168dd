from rest_framework import serializers

from accounts.models import Export
from api.serializers import CharField, ModelSerializer


class ExportSerializer(ModelSerializer):
    """An export of what one wrote and owns. Once it is `ready`, download it from `exports/{id}/download/`."""

    id = serializers.UUIDField(source="key", read_only=True)
    state = serializers.ChoiceField(Export.State.choices, read_only=True)
    size = serializers.IntegerField(read_only=True, allow_null=True, help_text="In bytes, once it is ready.")
    expires_at = serializers.DateTimeField(read_only=True, help_text="When it is deleted.")

    class Meta:
        model = Export
        fields = ("id", "state", "size", "created_at", "expires_at")
        read_only_fields = fields


class WithdrawSerializer(serializers.Serializer):
    """The password again, so that nobody leaves by a phone that lay about."""

    password = CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})
