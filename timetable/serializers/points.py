from rest_framework import serializers

from api.serializers import ModelSerializer
from timetable.models import PointEntry
from timetable.serializers.courses import CourseBriefSerializer


class PointEntrySerializer(ModelSerializer):
    """Points that one earned or spent."""

    reason_display = serializers.CharField(source="get_reason_display", read_only=True)
    amount = serializers.IntegerField(read_only=True, help_text="Below zero where they were spent.")
    course = CourseBriefSerializer(read_only=True)
    exam_note = serializers.IntegerField(
        source="note_id", read_only=True, allow_null=True, help_text="The note that was opened."
    )

    class Meta:
        model = PointEntry
        fields = ("id", "reason", "reason_display", "amount", "course", "exam_note", "created_at")
        read_only_fields = fields
