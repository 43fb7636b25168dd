"""The demo's reviews: `by` a student's number, of a `lecture` they have, `liked_by` others."""

from datetime import datetime, timedelta
from typing import Any

from accounts.demo import Cast
from timetable.models import Lecture, PointEntry, Review, ReviewLike, Semester
from timetable.services.reviews import create_review, like_review

# The first was written so long ago, each other one so much later. They were liked the day after.
WRITTEN, APART, LIKED = timedelta(days=18), timedelta(hours=19), timedelta(days=1)
ANSWERS = ("rating", "homework", "teamwork", "grading", "attendance", "exams", "content")


def review_courses(cast: Cast, semester: Semester, scripts: list[dict[str, Any]], now: datetime) -> None:
    """Write them all, oldest first."""
    for number, script in enumerate(scripts):
        write_review(cast, semester, script, now - WRITTEN + number * APART)


def write_review(cast: Cast, semester: Semester, script: dict[str, Any], at: datetime) -> None:
    user = cast.students[script["by"] - 1]
    code, section = script["lecture"].split("-")
    course = Lecture.objects.get(semester=semester, code=code, section=section).course
    answers = {name: script[name] for name in ANSWERS}
    review = create_review(user=user, course=course, semester=semester, **answers)
    for number in script.get("liked_by", ()):
        like_review(user=cast.students[number - 1], review=review, wanted=True)
    Review.objects.filter(pk=review.pk).update(created_at=at)
    ReviewLike.objects.filter(review=review).update(created_at=at + LIKED)
    PointEntry.objects.filter(user=user, course=course).update(created_at=at)
