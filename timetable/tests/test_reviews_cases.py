"""Reports of reviews, the cases they make, and what is hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ModerationCase, Sanction, User
from accounts.services.cases import dismiss, uphold
from accounts.services.reports import report
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from timetable.services.reviews import delete_review
from timetable.tests.factories import make_lecture
from timetable.tests.reviews import (
    ANSWERS,
    REVIEWS,
    assert_counts_are_exact,
    like_url,
    review_of,
    summary_of,
    url_of,
)

pytestmark = pytest.mark.django_db
REPORTS, SANCTIONS, UNMASK = "/api/v1/reports/", "/api/v1/sanctions/", "/api/v1/moderation/unmask/"


@pytest.fixture
def author(user):
    return UserFactory(school=user.school)


@pytest.fixture
def review(author, semester):
    return review_of(author, make_lecture(semester))


@pytest.fixture
def moderator(user):
    return UserFactory(school=user.school, is_moderator=True)


def about(review):
    return {"target_kind": "review", "target_id": review.pk}


def report_by(number, review):
    """Reports of so many who joined long ago."""
    users = UserFactory.create_batch(number, school=review.school)
    User.objects.filter(pk__in=[user.pk for user in users]).update(
        created_at=timezone.now() - timedelta(days=2)
    )
    for user in users:
        report(user=User.objects.get(pk=user.pk), **about(review), reason="abuse")
    return users[0]


def case_of(review):
    return ModerationCase.objects.get(**about(review))


def test_a_review_is_reported_once_and_never_ones_own(api, client_of, author, review):
    body = about(review) | {"reason": "abuse"}
    assert api.post(REPORTS, body).status_code == 201
    assert codes(api.post(REPORTS, body)) == {(None, "already_reported")}
    assert codes(client_of(author).post(REPORTS, body)) == {(None, "own_content")}
    snapshot = case_of(review).snapshot
    assert (snapshot["content"], snapshot["course"]) == (ANSWERS["content"], str(review.course))
    assert review.semester.name not in str(snapshot)


def test_ten_reports_hide_a_review_and_a_dismissal_shows_it_again(api, client_of, author, moderator, review):
    other = review_of(UserFactory(school=author.school), review.course.lectures.get(), rating=1)
    report_by(9, review)
    assert api.get(url_of(review)).status_code == 200
    report_by(1, review)
    assert api.get(url_of(review)).status_code == 404
    assert [row["id"] for row in api.get(REVIEWS).json()["results"]] == [other.pk]
    assert summary_of(api, review.course)["rating"] == 1
    own = client_of(author)
    assert own.get(url_of(review)).json()["state"] == "hidden"
    for answer in (own.patch(url_of(review), {"rating": 1}), own.delete(url_of(review))):
        assert (answer.status_code, codes(answer)) == (409, {(None, "frozen")})
    assert client_of(moderator).get(url_of(review)).status_code == 200
    dismiss(user=moderator, case=case_of(review), note="문제 없음")
    assert api.get(url_of(review)).json()["state"] == "living"
    assert summary_of(api, review.course)["rating"] == 2.5
    assert_counts_are_exact()


def test_an_upheld_review_stays_hidden_and_its_author_is_told(api, client_of, author, moderator, review):
    reporter = report_by(1, review)
    client = client_of(moderator)
    answer = client.post(f"/api/v1/moderation/cases/{case_of(review).pk}/uphold/", {"note": "욕설"})
    assert answer.status_code == 200
    assert api.get(url_of(review)).status_code == 404
    assert summary_of(api, review.course)["count"] == 0
    (told,) = client_of(author).get("/api/v1/notifications/").json()["results"]
    assert told["target"]["review"] == review.pk
    assert told["text"] == "Reports of your review were upheld: it stays hidden."
    (told,) = client_of(reporter).get("/api/v1/notifications/").json()["results"]
    assert told["text"] == "Your report of a review was upheld."


def test_a_reported_review_that_is_deleted_leaves_its_case_moot_with_what_it_said(review):
    report_by(1, review)
    delete_review(review=review)
    case = case_of(review)
    assert (case.state, case.snapshot["content"]) == (ModerationCase.State.MOOT, ANSWERS["content"])


def test_a_hidden_review_takes_no_likes(client_of, moderator, review):
    report_by(1, review)
    uphold(user=moderator, case=case_of(review), note="")
    answer = client_of(moderator).put(like_url(review))
    assert (answer.status_code, codes(answer)) == (409, {(None, "frozen")})


def test_a_sanction_through_a_review_binds_its_author_and_names_nobody(client_of, author, moderator, review):
    """It takes no report: the school's moderators read every review."""
    body = about(review) | {"kind": "no_writing", "until": None, "reason": "abuse"}
    answer = client_of(moderator).post(SANCTIONS, body)
    assert answer.status_code == 201
    assert Sanction.objects.get().user == author
    for trace in (str(author.pk), author.nickname, author.username):
        assert trace not in answer.content.decode()
    refused = client_of(author).patch(url_of(review), {"rating": 1})
    assert (refused.status_code, codes(refused)) == (403, {(None, "sanctioned")})


def test_staff_alone_learn_who_wrote_a_review_and_it_is_logged(client_of, author, moderator, review):
    body = about(review) | {"reason": "법원의 명령"}
    assert client_of(moderator).post(UNMASK, body).status_code == 403
    answer = client_of(StaffFactory()).post(UNMASK, body)
    assert answer.status_code == 200
    assert str(author.pk) in answer.content.decode()
