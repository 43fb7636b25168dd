from rest_framework import serializers

from api.serializers import ChoiceField
from timetable.grades import SCALES
from timetable.serializers.semesters import SemesterBriefSerializer


class GradeSummaryQuerySerializer(serializers.Serializer):
    scale = ChoiceField(list(SCALES), default="4.5", help_text="What an A+ counts.")


class GradeCountsSerializer(serializers.Serializer):
    """What some grades come to."""

    courses = serializers.IntegerField(help_text="How many were graded.")
    attempted = serializers.FloatField(help_text="Their credits.")
    earned = serializers.FloatField(help_text="The credits of those that were passed.")
    average = serializers.FloatField(
        allow_null=True,
        help_text="Of the letters, F among them, weighed by credits, to two decimals. Null without any.",
    )


class GradeSumSerializer(serializers.Serializer):
    all = GradeCountsSerializer()
    major = GradeCountsSerializer()


class SemesterGradesSerializer(GradeSumSerializer):
    """The grades of one semester, those that were improved later among them."""

    semester = SemesterBriefSerializer()


class GradeSummarySerializer(GradeSumSerializer):
    scale = ChoiceField(list(SCALES))
    retaken = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="The ids of entries that do not count in the sum: another one of the course does.",
    )
    semesters = SemesterGradesSerializer(many=True, help_text="Those with grades, newest first.")
