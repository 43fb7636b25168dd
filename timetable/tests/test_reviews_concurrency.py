"""Many who review, like and edit at one moment: what is counted stays exact, and nobody sees an error."""

import time

import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from conftest import Client
from timetable.models import Course, Review
from timetable.services import summaries
from timetable.tests.exam_notes import assert_ledgers_are_exact, attend
from timetable.tests.factories import SemesterFactory, make_lecture
from timetable.tests.helpers import status_codes
from timetable.tests.reviews import REVIEWS, assert_counts_are_exact, body_of, like_url, review_of, url_of

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lecture(user):
    return make_lecture(SemesterFactory(school=user.school))


def writing(person, lecture, **fields):
    client = Client(person)
    return lambda: client.post(REVIEWS, body_of(lecture, **fields))


def test_reviews_of_one_course_written_at_once_are_all_counted(user, lecture):
    people = UserFactory.create_batch(8, school=user.school)
    for person in people:
        attend(person, lecture)
    answers = at_once(*[writing(person, lecture, rating=1 + n % 5) for n, person in enumerate(people)])
    assert status_codes(answers) == [201] * 8
    lecture.course.refresh_from_db()
    assert sum(lecture.course.review_counts["rating"].values()) == 8
    assert_counts_are_exact()
    assert_ledgers_are_exact()


def test_one_person_who_writes_at_once_has_one_review(user, lecture):
    attend(user, lecture)
    texts = [f"{n}번째 시도입니다. 이 강의는 참 좋았습니다. 정말로요." for n in range(6)]
    answers = at_once(*[writing(user, lecture, content=text) for text in texts])
    assert status_codes(answers) == [201] + [400] * 5
    assert Review.objects.count() == 1
    assert_counts_are_exact()


def test_likes_amid_edits_deletions_and_new_reviews_stay_exact(user, lecture):
    authors = UserFactory.create_batch(2, school=user.school)
    kept, gone = (review_of(author, lecture) for author in authors)
    fans = [Client(person) for person in UserFactory.create_batch(5, school=user.school)]
    attend(user, lecture)
    own, leaving = Client(authors[0]), Client(authors[1])
    answers = at_once(
        *[lambda fan=fan, row=row: fan.put(like_url(row)) for fan in fans for row in (kept, gone)],
        *[lambda n=n: own.patch(url_of(kept), {"rating": n}) for n in (1, 2)],
        lambda: leaving.delete(url_of(gone)),
        writing(user, lecture, rating=5),
    )
    # Who likes what was just deleted is told that it is gone.
    assert set(status_codes(answers)) <= {200, 201, 204, 404}
    assert status_codes(answers[-4:]) == [200, 200, 201, 204]
    assert_counts_are_exact()


def test_reviews_edited_and_deleted_while_others_are_counted_are_counted_as_they_became(
    user, lecture, monkeypatch
):
    authors = UserFactory.create_batch(6, school=user.school)
    rows = [review_of(author, lecture, rating=3) for author in authors]
    counts_of = summaries.counts_of

    def count_slowly(course_ids):
        counts = counts_of(course_ids)
        time.sleep(0.1)
        return counts

    monkeypatch.setattr(summaries, "counts_of", count_slowly)
    clients = [Client(author) for author in authors]
    answers = at_once(
        *[lambda n=n: clients[n].patch(url_of(rows[n]), {"rating": 5}) for n in range(3)],
        *[lambda n=n: clients[n].delete(url_of(rows[n])) for n in range(3, 6)],
    )
    assert status_codes(answers) == [200] * 3 + [204] * 3
    monkeypatch.undo()
    assert_counts_are_exact()
    assert Course.objects.get(pk=lecture.course_id).review_counts["rating"] == {"5": 3}


def test_a_summary_that_is_off_is_mended(lecture):
    Course.objects.filter(pk=lecture.course_id).update(rating=500, review_counts={"rating": {"5": 1}})
    assert summaries.reconcile_summaries() == {"course.review_counts": 1}
    assert_counts_are_exact()
