from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers.writing import WritingSerializer
from api.serializers import ModelSerializer, TextField, VisibleRelatedField
from api.targets import State
from timetable.models import Course, Review, Semester
from timetable.models.attendance import shows_semester
from timetable.models.reviews import MAX_CONTENT, MIN_CONTENT
from timetable.serializers.authors import AnonymousAuthorSerializer
from timetable.serializers.courses import CourseBriefSerializer
from timetable.serializers.semesters import SemesterBriefSerializer

ANSWERS = ("rating", "homework", "teamwork", "grading", "attendance", "exams")


class ReviewSerializer(WritingSerializer):
    """A review of a course. Nothing in it is derived from who wrote it, but `is_mine` for themselves."""

    course = CourseBriefSerializer(read_only=True)
    semester = serializers.SerializerMethodField()
    author = AnonymousAuthorSerializer(source="*", read_only=True)
    homework_display = serializers.CharField(source="get_homework_display", read_only=True)
    teamwork_display = serializers.CharField(source="get_teamwork_display", read_only=True)
    grading_display = serializers.CharField(source="get_grading_display", read_only=True)
    attendance_display = serializers.CharField(source="get_attendance_display", read_only=True)
    state = serializers.ChoiceField(State.choices, read_only=True)
    is_mine = serializers.SerializerMethodField()
    is_liked = serializers.BooleanField(read_only=True)
    written_on = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = (
            "id",
            "course",
            "semester",
            "author",
            "rating",
            "homework",
            "homework_display",
            "teamwork",
            "teamwork_display",
            "grading",
            "grading_display",
            "attendance",
            "attendance_display",
            "exams",
            "content",
            "like_count",
            "state",
            "is_mine",
            "is_liked",
            "written_on",
            "hidden",
        )
        read_only_fields = fields

    @extend_schema_field(SemesterBriefSerializer(allow_null=True))
    def get_semester(self, review: Review) -> Any:
        """Null to others than the author while fewer than 5 people have saved the course in it."""
        shown = shows_semester(review, self.context["request"].user)
        return SemesterBriefSerializer(review.semester).data if shown else None

    def get_is_mine(self, review: Review) -> bool:
        return review.is_written_by(self.context["request"].user)

    def get_written_on(self, review: Review) -> date:
        """The day, and no more: the time could tell who wrote it."""
        return timezone.localdate(review.created_at)


class ReviewUpdateSerializer(ModelSerializer):
    """What of a review can change. What really changes takes its likes away."""

    content = TextField(min_length=MIN_CONTENT, max_length=MAX_CONTENT)

    class Meta:
        model = Review
        fields: tuple[str, ...] = (*ANSWERS, "content")


class ReviewWriteSerializer(ReviewUpdateSerializer):
    """A new review, of a course one had in that semester."""

    course: Any = VisibleRelatedField(visible=Course.objects.visible_to)
    semester: Any = VisibleRelatedField(visible=Semester.objects.visible_to)

    class Meta(ReviewUpdateSerializer.Meta):
        fields = ("course", "semester", *ReviewUpdateSerializer.Meta.fields)
