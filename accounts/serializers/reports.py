from rest_framework import serializers

from accounts.models import ModerationCase, Reason, Report
from accounts.serializers.targets import TargetKindField
from api.serializers import ChoiceField, IntegerField, ModelSerializer, TextField


class ReportSerializer(ModelSerializer):
    """One's own report, and what came of it."""

    target_kind = serializers.CharField(source="case.target_kind", read_only=True)
    target_id = serializers.IntegerField(source="case.target_id", read_only=True)
    reason_display = serializers.CharField(source="get_reason_display", read_only=True)
    state = serializers.ChoiceField(ModerationCase.State.choices, source="case.state", read_only=True)
    state_display = serializers.CharField(source="case.get_state_display", read_only=True)
    decision_note = serializers.CharField(
        source="case.note", read_only=True, help_text="What those who decided say; empty until then."
    )
    decided_at = serializers.DateTimeField(source="case.decided_at", read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(source="reported_at", read_only=True)

    class Meta:
        model = Report
        fields = (
            "id",
            "target_kind",
            "target_id",
            "reason",
            "reason_display",
            "note",
            "state",
            "state_display",
            "decision_note",
            "decided_at",
            "created_at",
        )
        read_only_fields = fields


class ReportWriteSerializer(serializers.Serializer):
    target_kind = TargetKindField()
    target_id = IntegerField()
    reason = ChoiceField(Reason.choices)
    note = TextField(required=False, max_length=500, allow_blank=True)
