from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Reason, Sanction, School, User
from accounts.serializers.authors import AuthorSerializer
from accounts.serializers.targets import TargetKindField, VisibleUserField
from api.serializers import ChoiceField, IntegerField, ModelSerializer

TARGET_ID = "A number; the UUID of a user who was named."


class UntilField(serializers.DateTimeField):
    """A moment in the future, with its offset."""

    default_error_messages = {"past": _("Give a moment in the future.")}

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            self.fail("invalid", format="YYYY-MM-DDThh:mm[:ss[.uuuuuu]](+HH:MM|-HH:MM|Z)")
        moment = super().enforce_timezone(value)
        if moment <= timezone.now():
            self.fail("past")
        return moment


class ModeratorSerializer(ModelSerializer):
    """Who decided or acted."""

    class Meta:
        model = User
        fields = ("id", "nickname")
        read_only_fields = fields


class SchoolNameSerializer(ModelSerializer):
    class Meta:
        model = School
        fields = ("id", "name")
        read_only_fields = fields


class SanctionTermsSerializer(serializers.Serializer):
    """What is forbidden, and until when."""

    kind = ChoiceField(Sanction.Kind.choices)
    until = UntilField(allow_null=True, help_text="With an offset, in the future; null is for good.")


class SanctionWriteSerializer(SanctionTermsSerializer):
    """A sanction of whoever wrote something (`target_kind` and `target_id`), or of a `user` by name."""

    target_kind = TargetKindField(required=False)
    target_id = IntegerField(required=False)
    user: Any = VisibleUserField(required=False)
    reason = ChoiceField(Reason.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = attrs.keys() & {"target_kind", "target_id", "user"}
        if given not in ({"target_kind", "target_id"}, {"user"}):
            message = gettext("Give either a target, by kind and id, or a user.")
            raise serializers.ValidationError({"user": [message]}, code="one_of")
        return attrs


class SanctionSerializer(ModelSerializer):
    """A sanction, and through what it was given. Whom it binds stands here only where that named them."""

    kind_display = serializers.CharField(source="get_kind_display", read_only=True)
    reason_display = serializers.CharField(source="get_reason_display", read_only=True)
    author = AuthorSerializer(
        read_only=True, allow_null=True, help_text="As readers see the author of the target."
    )
    target_id = serializers.CharField(read_only=True, help_text=TARGET_ID)
    school = SchoolNameSerializer(read_only=True, allow_null=True)
    issued_by = ModeratorSerializer(read_only=True, allow_null=True)
    is_living = serializers.BooleanField(read_only=True, help_text="Neither lifted nor over.")

    class Meta:
        model = Sanction
        fields = (
            "id",
            "school",
            "kind",
            "kind_display",
            "until",
            "reason",
            "reason_display",
            "author",
            "target_kind",
            "target_id",
            "issued_by",
            "is_living",
            "lifted_at",
            "created_at",
        )
        read_only_fields = fields


class OwnSanctionSerializer(ModelSerializer):
    """A sanction that binds oneself.

    The target is null for one that came with the address: who knows an address must not learn by it
    what its last holder wrote.
    """

    target_kind = serializers.SerializerMethodField()
    target_id = serializers.SerializerMethodField()

    class Meta:
        model = Sanction
        fields = ("kind", "until", "reason", "target_kind", "target_id")
        read_only_fields = fields

    def get_target_kind(self, sanction: Sanction) -> str | None:
        return sanction.target_kind if self.is_about(sanction) else None

    def get_target_id(self, sanction: Sanction) -> str | None:
        return sanction.target_id if self.is_about(sanction) else None

    def is_about(self, sanction: Sanction) -> bool:
        return sanction.user is not None and sanction.created_at >= sanction.user.created_at
