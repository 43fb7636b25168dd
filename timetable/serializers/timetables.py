from typing import Any

from rest_framework import serializers

from api.serializers import ModelSerializer, NameField, VisibleRelatedField
from timetable.models import Semester, Timetable
from timetable.serializers.entries import EntrySerializer, SharedEntrySerializer
from timetable.serializers.semesters import SemesterBriefSerializer

# A theme is a code, taken as it is: the schema then shows its pattern.
CODES = {"theme": {"trim_whitespace": False}}


class SharedTimetableSerializer(ModelSerializer):
    """A timetable, as who has its link sees it."""

    semester = SemesterBriefSerializer(read_only=True)
    total_credit = serializers.FloatField(
        read_only=True, help_text="The credits of its lectures but the cancelled ones."
    )
    entries = SharedEntrySerializer(many=True, read_only=True)

    class Meta:
        model = Timetable
        fields: tuple[str, ...] = ("name", "semester", "theme", "total_credit", "entries")
        read_only_fields = fields


class TimetableSerializer(SharedTimetableSerializer):
    """A timetable of one's own."""

    visibility_display = serializers.CharField(source="get_visibility_display", read_only=True)
    is_primary = serializers.BooleanField(read_only=True)
    share_token = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="Of its link, `shared-timetables/{token}/`; null without one.",
    )
    entries = EntrySerializer(many=True, read_only=True)

    class Meta(SharedTimetableSerializer.Meta):
        fields = (
            "id",
            "semester",
            "name",
            "is_primary",
            "visibility",
            "visibility_display",
            "theme",
            "share_token",
            "total_credit",
            "entries",
            "created_at",
        )
        read_only_fields = fields


class TimetableWriteSerializer(ModelSerializer):
    """A new timetable. Without a `name` it gets a free one."""

    semester: Any = VisibleRelatedField(visible=Semester.objects.visible_to)
    name = NameField(max_length=30, required=False)

    class Meta:
        model = Timetable
        fields = ("semester", "name", "visibility", "theme")
        extra_kwargs = CODES


class TimetableUpdateSerializer(ModelSerializer):
    """What of a timetable can change. Its semester can't."""

    name = NameField(max_length=30)

    class Meta:
        model = Timetable
        fields = ("name", "visibility", "theme")
        extra_kwargs = CODES


class TimetableCopySerializer(serializers.Serializer):
    """What to call the copy: without a `name`, the same with a number."""

    name = NameField(max_length=30, required=False)
