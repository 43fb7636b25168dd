"""What reviews say together, kept in columns of their course, under its lock."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from api.counters import BATCH
from api.db import write
from timetable.models import Course, Review
from timetable.summaries import COUNTED, Counts, average_rating, count_answers


def summarise(course_id: int) -> None:
    """Count the reviews of a locked course anew."""
    counts = counts_of([course_id])[course_id]
    Course.objects.filter(pk=course_id).update(review_counts=counts, rating=average_rating(counts))


def counts_of(course_ids: Collection[int]) -> dict[int, Counts]:
    """The counts of some courses' reviews, by the course's id. One query."""
    reviews = Review.objects.counted().filter(course__in=course_ids).order_by()
    by_course: dict[int, list[Any]] = defaultdict(list)
    for course_id, *values in reviews.values_list("course", *COUNTED):
        by_course[course_id].append(values)
    return {pk: count_answers(by_course[pk]) for pk in course_ids}


def reconcile_summaries() -> dict[str, int]:
    """Walk all courses and mend the summaries that are off, one at a time; how many were."""
    mended, last = 0, 0
    courses = Course.objects.order_by("pk").only("rating", "review_counts")
    while batch := list(courses.filter(pk__gt=last)[:BATCH]):
        counts = counts_of([course.pk for course in batch])
        mended += sum(mend_summary(course.pk) for course in batch if is_wrong(course, counts[course.pk]))
        last = batch[-1].pk
    return {"course.review_counts": mended}


@write
def mend_summary(pk: int) -> int:
    """Whether the summary was wrong under the course's lock, and is right now."""
    course = Course.objects.select_for_update().get(pk=pk)
    if not is_wrong(course, counts_of([pk])[pk]):
        return 0
    summarise(pk)
    return 1


def is_wrong(course: Course, counts: Counts) -> bool:
    return (course.review_counts, course.rating) != (counts, average_rating(counts))
