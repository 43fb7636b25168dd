from typing import Any

from rest_framework import serializers

from api.serializers import ModelSerializer
from timetable.models import Course, Review
from timetable.models.reviews import MAX_EXAMS, MAX_RATING, MIN_RATING
from timetable.summaries import ANSWERS, most_common, review_count

CHOICES: dict[str, Any] = {
    "homework": Review.Amount,
    "teamwork": Review.Amount,
    "grading": Review.Grading,
    "attendance": Review.Attendance,
}


class RatingField(serializers.FloatField):
    """The average of a course's reviews, 1.00 to 5.00, or null while there are none. Kept in hundredths."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)  # type: ignore[arg-type]

    def to_representation(self, value: int) -> float | None:  # type: ignore[override]
        return value / 100 if value else None


class CourseBriefSerializer(ModelSerializer):
    """A course, as it stands inside what is written about it."""

    class Meta:
        model = Course
        fields: tuple[str, ...] = ("id", "code", "title", "professor")
        read_only_fields = fields


class ReviewSummarySerializer(serializers.Serializer):
    """What the reviews of a course say together, hidden ones left out.

    Of each answer, the one that most reviews give; of several, the first in the order of the codes. All are
    null while there are no reviews.
    """

    count = serializers.IntegerField()
    rating = RatingField()
    distribution = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many reviews give each rating, `1` to `5`."
    )
    homework = serializers.ChoiceField(Review.Amount.choices, allow_null=True)
    teamwork = serializers.ChoiceField(Review.Amount.choices, allow_null=True)
    grading = serializers.ChoiceField(Review.Grading.choices, allow_null=True)
    attendance = serializers.ChoiceField(Review.Attendance.choices, allow_null=True)
    exams = serializers.IntegerField(allow_null=True, help_text="How many exams there are.")
    homework_display = serializers.CharField(allow_null=True)
    teamwork_display = serializers.CharField(allow_null=True)
    grading_display = serializers.CharField(allow_null=True)
    attendance_display = serializers.CharField(allow_null=True)

    def to_representation(self, course: Course) -> dict[str, Any]:
        counts = course.review_counts
        given = counts.get("rating", {})
        answers: dict[str, Any] = {
            name: most_common(counts, name, CHOICES.get(name, range(MAX_EXAMS + 1))) for name in ANSWERS
        }
        summary = {
            "count": review_count(counts),
            "rating": course.rating,
            "distribution": {str(n): given.get(str(n), 0) for n in range(MIN_RATING, MAX_RATING + 1)},
            **answers,
            **{f"{name}_display": answers[name] and answers[name].label for name in CHOICES},
        }
        return super().to_representation(summary)


class CourseSerializer(CourseBriefSerializer):
    """A course, as one professor, or several together, teach it."""

    review_summary = ReviewSummarySerializer(source="*", read_only=True)

    class Meta(CourseBriefSerializer.Meta):
        fields = (*CourseBriefSerializer.Meta.fields, "review_summary")
        read_only_fields = fields
