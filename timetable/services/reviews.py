"""Writing reviews and liking them. Lock order: the course, then the review; the user last."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.cases import close_moot
from accounts.services.marks import set_mark
from accounts.services.sanctions import refuse_sanctioned
from accounts.services.writing import edit, lock_living, recheck_writer
from api.db import write
from api.errors import invalid
from timetable.exceptions import NotAttended
from timetable.models import Course, PointEntry, Review, Semester
from timetable.models.attendance import has_attended
from timetable.services.points import earn_points
from timetable.services.summaries import summarise


@write
def create_review(*, user: User, course: Course, semester: Semester, **fields: Any) -> Review:
    """Review a course, once for each semester in which one had it. It earns points, the first time."""
    if not has_attended(user, course, semester):
        raise NotAttended
    lock_course(course.pk)
    about = {"course": course, "semester": semester, "author": user}
    if Review.objects.filter(**about, living=True).exists():
        raise invalid("semester", _("You have reviewed this course for that semester already."), "unique")
    review = Review.objects.create(school_id=course.school_id, **about, **fields)
    recheck_writer(user, review.school_id)
    summarise(course.pk)
    earn_points(user=user, reason=PointEntry.Reason.REVIEW, course=course, semester=semester)
    return review


@write
def update_review(*, review: Review, changes: dict[str, Any]) -> Review:
    """Change text or answers, unless it is hidden. What really changes takes the likes away."""
    lock_course(review.course_id)
    review = lock_living(review)
    if edit(review, changes):
        review.likes.all().delete()
        review.like_count = 0
        review.save(update_fields=["like_count", "updated_at"])
        summarise(review.course_id)
    return review


@write
def delete_review(*, review: Review) -> None:
    """Take a review out of sight, unless it is hidden. Its author may write another."""
    lock_course(review.course_id)
    review = lock_living(review)
    review.deleted_at, review.living = timezone.now(), None
    review.save(update_fields=["deleted_at", "living", "updated_at"])
    summarise(review.course_id)
    close_moot(kind="review", target_id=review.pk)


@write
def like_review(*, user: User, review: Review, wanted: bool) -> Review:
    """Like a review, or no longer. The summary has no likes: its course is not locked."""
    review = lock_living(review)
    if step := set_mark(user, review.likes, wanted=wanted):
        review.like_count += step
        review.save(update_fields=["like_count", "updated_at"])
    # A new like's foreign key has locked the user's row: a sanction waits for us, or is seen here.
    refuse_sanctioned(user.binding_sanctions)
    return review


def lock_course(pk: int) -> Course:
    """The course, locked: one change of its reviews at a time."""
    return get_object_or_404(Course.objects.select_for_update(), pk=pk)
