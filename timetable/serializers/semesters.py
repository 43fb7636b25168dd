from rest_framework import serializers

from accounts.serializers.schools import SchoolSerializer
from api.serializers import ModelSerializer
from timetable.models import Semester


class SemesterBriefSerializer(ModelSerializer):
    """A semester, as it stands inside a timetable."""

    name = serializers.CharField(read_only=True, help_text="Such as `2025-2` or `2025-summer`.")

    class Meta:
        model = Semester
        fields = ("id", "name")
        read_only_fields = fields


class SemesterSerializer(SemesterBriefSerializer):
    school = SchoolSerializer(read_only=True)
    term_display = serializers.CharField(source="get_term_display", read_only=True)
    weeks = serializers.IntegerField(read_only=True, help_text="How many weeks there are, from 1.")
    is_current = serializers.BooleanField(
        read_only=True, help_text="The last one that has begun, or the first where none has."
    )

    class Meta:
        model = Semester
        fields = (
            "id",
            "school",
            "name",
            "year",
            "term",
            "term_display",
            "starts_on",
            "ends_on",
            "weeks",
            "is_current",
        )
        read_only_fields = fields
