from rest_framework import serializers

from api.serializers import ModelSerializer
from timetable.models import Lecture
from timetable.serializers.courses import RatingField
from timetable.serializers.times import MeetingSerializer


class LectureBriefSerializer(ModelSerializer):
    """A lecture, as it stands inside a timetable."""

    credit = serializers.FloatField(read_only=True)

    class Meta:
        model = Lecture
        fields = (
            "id",
            "course",
            "code",
            "section",
            "title",
            "professor",
            "category",
            "area",
            "department",
            "credit",
            "campus",
            "remark",
            "is_cancelled",
        )
        read_only_fields = fields


class LectureSerializer(LectureBriefSerializer):
    """A lecture of the catalogue, and how much it is wanted."""

    grade_year = serializers.ListField(
        child=serializers.IntegerField(),
        source="grade_years",
        read_only=True,
        help_text="The years of study it is meant for; empty where the catalogue does not say.",
    )
    competition = serializers.SerializerMethodField()
    rating = RatingField()
    is_watched = serializers.BooleanField(read_only=True)
    times = MeetingSerializer(many=True, read_only=True)

    class Meta:
        model = Lecture
        fields = (
            "id",
            "semester",
            "course",
            "code",
            "section",
            "title",
            "professor",
            "category",
            "area",
            "department",
            "grade_year",
            "credit",
            "capacity",
            "enrolled",
            "campus",
            "remark",
            "is_cancelled",
            "saved_count",
            "competition",
            "rating",
            "is_watched",
            "times",
        )
        read_only_fields = fields

    def get_competition(self, lecture: Lecture) -> float | None:
        """People who have it in a timetable, a seat; null where the catalogue gives no seats."""
        return None if lecture.competition < 0 else lecture.competition / 1000


class WatchSerializer(serializers.Serializer):
    is_watched = serializers.BooleanField()
