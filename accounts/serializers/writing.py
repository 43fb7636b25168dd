from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import ModerationCase, Reason
from accounts.models.writing import Writing
from api.serializers import ModelSerializer
from api.targets import State


class HiddenSerializer(serializers.Serializer):
    """Why something is hidden. `is_final`: moderators upheld the reports, and `note` is what they say."""

    reason = serializers.ChoiceField(Reason.choices)
    reason_display = serializers.CharField()
    at = serializers.DateTimeField()
    is_final = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)


class WritingSerializer(ModelSerializer):
    """What all that people write has in common. Takes a row with `decision_on`."""

    hidden = serializers.SerializerMethodField()

    @extend_schema_field(HiddenSerializer(allow_null=True))
    def get_hidden(self, content: Writing) -> Any:
        """Why it is hidden, for those who see it; null while it is not."""
        if content.state != State.HIDDEN:
            return None
        is_final = content.case_state == ModerationCase.State.UPHELD  # type: ignore[attr-defined]
        return HiddenSerializer(
            {
                "reason": content.hidden_reason,
                "reason_display": content.get_hidden_reason_display(),
                "at": content.hidden_at,
                "is_final": is_final,
                "note": content.case_note if is_final else "",  # type: ignore[attr-defined]
            }
        ).data


class LikeSerializer(serializers.Serializer):
    """Whether one likes it, and how many do."""

    is_liked = serializers.BooleanField()
    like_count = serializers.IntegerField()
