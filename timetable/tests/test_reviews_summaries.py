"""What the reviews of a course say together: how it is counted, and mended."""

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from timetable.models import Course, Review
from timetable.services.summaries import reconcile_summaries
from timetable.summaries import COUNTED, average_rating, count_answers, most_common, review_count
from timetable.tests.factories import make_lecture
from timetable.tests.reviews import review_of

ratings = st.lists(st.integers(1, 5), min_size=1, max_size=40)


def counts_of(ratings):
    return count_answers([(rating, *["some"] * (len(COUNTED) - 1)) for rating in ratings])


@given(ratings)
def test_the_average_is_in_hundredths_and_its_halves_are_rounded_up(ratings):
    counts = counts_of(ratings)
    assert review_count(counts) == len(ratings)
    exact = 100 * sum(ratings) / len(ratings)
    assert -0.5 < average_rating(counts) - exact <= 0.5


def test_halves_are_rounded_up():
    assert average_rating(counts_of([5, 4, 4, 4, 4, 4, 4, 4])) == 413


def test_without_reviews_there_is_no_average_and_no_answer():
    counts = count_answers([])
    assert (counts, review_count(counts), average_rating(counts)) == ({}, 0, 0)
    assert most_common(counts, "homework", ("none", "some")) is None


def test_of_answers_given_as_often_the_first_is_the_most_common():
    counts = {"homework": {"lots": 2, "none": 1, "some": 2}}
    assert most_common(counts, "homework", ("none", "some", "lots")) == "some"


@pytest.mark.django_db
def test_a_summary_that_is_off_is_mended_and_reported(user, semester, capsys):
    review = review_of(user, make_lecture(semester))
    right = Course.objects.values_list("rating", "review_counts").get()
    for wrong in ({"rating": 500}, {"review_counts": {}}):
        Course.objects.update(**wrong)
        call_command("reconcile_counters")
        assert "course.review_counts: 1" in capsys.readouterr().out.replace("  ", " ")
        assert Course.objects.values_list("rating", "review_counts").get() == right
    Review.objects.update(like_count=7)
    call_command("reconcile_counters")
    review.refresh_from_db()
    assert review.like_count == 0


@pytest.mark.django_db
def test_courses_sum_up_their_own_reviews_alone(user, semester):
    liked, hated = (make_lecture(semester, code=code) for code in ("CSE1001", "CSE2002"))
    review_of(user, liked, rating=5)
    review_of(user, hated, rating=1)
    right = {liked.course_id: 500, hated.course_id: 100}
    assert dict(Course.objects.values_list("pk", "rating")) == right
    Course.objects.filter(pk=hated.course_id).update(rating=300)
    assert reconcile_summaries() == {"course.review_counts": 1}
    assert dict(Course.objects.values_list("pk", "rating")) == right
