"""Reviews, as tests begin with them."""

from typing import Any

from accounts.models import User
from timetable.models import Course, Lecture, Review, ReviewLike, TimetableEntry
from timetable.services.reviews import create_review
from timetable.services.summaries import reconcile_summaries
from timetable.tests.exam_notes import attend

REVIEWS, COURSES = "/api/v1/reviews/", "/api/v1/courses/"
ANSWERS: dict[str, Any] = {
    "rating": 4,
    "homework": "some",
    "teamwork": "none",
    "grading": "normal",
    "attendance": "electronic",
    "exams": 2,
    "content": "설명이 차분하고 예제가 많습니다. 과제는 격주로 나와요.",
}


def review_of(user: User, lecture: Lecture, **fields: Any) -> Review:
    """A review that somebody wrote, who had the lecture."""
    if not TimetableEntry.objects.filter(timetable__user=user, lecture=lecture).exists():
        attend(user, lecture)
    about = {"course": lecture.course, "semester": lecture.semester}
    return create_review(user=user, **about, **ANSWERS | fields)


def body_of(lecture: Lecture, **fields: Any) -> dict[str, Any]:
    return {"course": lecture.course_id, "semester": lecture.semester_id} | ANSWERS | fields


def url_of(review: Review) -> str:
    return f"{REVIEWS}{review.pk}/"


def like_url(review: Review) -> str:
    return f"{REVIEWS}{review.pk}/like/"


def summary_of(client: Any, course: Course) -> dict[str, Any]:
    return client.get(f"{COURSES}{course.pk}/").json()["review_summary"]


def assert_counts_are_exact() -> None:
    """Every course says what its reviews say, and every like is counted."""
    assert reconcile_summaries() == {"course.review_counts": 0}
    for review in Review.objects.all():
        assert review.like_count == ReviewLike.objects.filter(review=review).count()
