from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import IdempotencyRecord
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import codes
from api.throttling import ActionThrottle
from timetable.models import Review, ReviewLike, Semester
from timetable.services.points import balance_of
from timetable.services.reviews import delete_review, like_review
from timetable.tests.exam_notes import attend
from timetable.tests.factories import SemesterFactory, make_lecture
from timetable.tests.reviews import (
    ANSWERS,
    COURSES,
    REVIEWS,
    assert_counts_are_exact,
    body_of,
    like_url,
    review_of,
    summary_of,
    url_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecture(semester):
    return make_lecture(semester)


@pytest.fixture
def author(user):
    return UserFactory(school=user.school)


@pytest.fixture
def review(author, lecture):
    return review_of(author, lecture)


def listed(api, **query):
    answer = api.get(REVIEWS, query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


# --- Writing ---
def test_a_review_shows_its_answers_and_never_who_wrote_it(api, user, lecture):
    attend(user, lecture)
    answer = api.post(REVIEWS, body_of(lecture))
    assert answer.status_code == 201
    row = answer.json()
    assert row == ANSWERS | {
        "id": row["id"],
        "course": {
            "id": lecture.course_id,
            "code": lecture.code,
            "title": lecture.title,
            "professor": lecture.professor,
        },
        "semester": {"id": lecture.semester_id, "name": "2025-2"},
        "author": {
            "id": None,
            "kind": "anonymous",
            "number": None,
            "display_name": "Anonymous",
            "picture": None,
        },
        "homework_display": "some",
        "teamwork_display": "none",
        "grading_display": "normal",
        "attendance_display": "electronic",
        "like_count": 0,
        "state": "living",
        "is_mine": True,
        "is_liked": False,
        "written_on": timezone.localdate().isoformat(),
        "hidden": None,
    }
    assert api.get(f"{REVIEWS}{row['id']}/").json() == row


def another_lecture(user, lecture):
    attend(user, make_lecture(lecture.semester))


def another_semester(user, lecture):
    attend(user, make_lecture(SemesterFactory(school=user.school, year=2024), course=lecture.course))


def somebody_else(user, lecture):
    attend(UserFactory(school=user.school), lecture)


def not_begun(user, lecture):
    attend(user, lecture)
    tomorrow = timezone.localdate() + timedelta(days=1)
    Semester.objects.update(starts_on=tomorrow, ends_on=tomorrow + timedelta(days=100))


@pytest.mark.parametrize("attended", [another_lecture, another_semester, somebody_else, not_begun])
def test_who_did_not_have_the_course_in_that_semester_writes_nothing(api, user, lecture, attended):
    attended(user, lecture)
    answer = api.post(REVIEWS, body_of(lecture))
    assert (answer.status_code, codes(answer)) == (403, {(None, "not_attended")})
    assert not Review.objects.exists()


def test_a_course_is_reviewed_once_a_semester(api, user, lecture):
    again = make_lecture(SemesterFactory(school=user.school, year=2024), course=lecture.course)
    attend(user, lecture)
    attend(user, again)
    assert api.post(REVIEWS, body_of(lecture)).status_code == 201
    other = "다른 말로 한 번 더 씁니다. 과제가 생각보다 많아요."
    refused = api.post(REVIEWS, body_of(lecture, content=other))
    assert (refused.status_code, codes(refused)) == (400, {("semester", "unique")})
    assert api.post(REVIEWS, body_of(again, content=other)).status_code == 201
    assert summary_of(api, lecture.course)["count"] == 2


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("rating", 0, "min_value"),
        ("rating", 6, "max_value"),
        ("exams", 5, "max_value"),
        ("exams", -1, "min_value"),
        ("homework", "few", "invalid_choice"),
        ("attendance", "", "invalid_choice"),
        ("content", "가" * 19, "min_length"),
        ("content", "가" * 2_001, "max_length"),
        ("content", " " * 30, "blank"),
    ],
)
def test_answers_have_their_bounds(api, user, lecture, field, value, code):
    attend(user, lecture)
    answer = api.post(REVIEWS, body_of(lecture, **{field: value}))
    assert (answer.status_code, codes(answer)) == (400, {(field, code)})


def test_another_schools_course_does_not_exist(api, user, lecture):
    attend(user, lecture)
    theirs = make_lecture(SemesterFactory(school=SchoolFactory()))
    for name in ("course", "semester"):
        foreign = api.post(REVIEWS, body_of(lecture) | {name: body_of(theirs)[name]})
        missing = api.post(REVIEWS, body_of(lecture) | {name: 10**9})
        assert foreign.status_code == 400
        assert foreign.content.replace(str(body_of(theirs)[name]).encode(), b"?") == missing.content.replace(
            str(10**9).encode(), b"?"
        )


def test_a_retry_with_its_key_writes_once(api, user, lecture):
    attend(user, lecture)
    answers = [api.post(REVIEWS, body_of(lecture), HTTP_IDEMPOTENCY_KEY="key") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Review.objects.count() == IdempotencyRecord.objects.count() == 1


def test_writing_is_throttled(api, user, lecture, monkeypatch):
    monkeypatch.setattr(
        ActionThrottle, "THROTTLE_RATES", ActionThrottle.THROTTLE_RATES | {"review": "1/hour"}
    )
    attend(user, lecture)
    assert [api.post(REVIEWS, body_of(lecture)).status_code for _ in range(2)] == [201, 429]


def test_the_first_review_of_a_course_and_semester_earns_points(api, user, lecture):
    attend(user, lecture)
    for text in ("첫 번째로 쓰는 강의평입니다. 추천합니다.", "두 번째로 쓰는 강의평입니다. 추천합니다."):
        row = api.post(REVIEWS, body_of(lecture, content=text)).json()
        assert balance_of(user) == 10
        assert api.delete(f"{REVIEWS}{row['id']}/").status_code == 204
    assert balance_of(user) == 10


# --- Who wrote it, and when ---
def test_the_semester_shows_once_five_people_have_saved_the_course_in_it(
    api, client_of, author, review, lecture
):
    def semesters():
        return [client.get(url_of(review)).json()["semester"] for client in (api, client_of(author))]

    shown = {"id": lecture.semester_id, "name": "2025-2"}
    # Two timetables of one person are one person; another section counts, another semester does not.
    attend(author, lecture)
    other = make_lecture(lecture.semester, course=lecture.course, section="2")
    elsewhere = make_lecture(SemesterFactory(school=author.school, year=2024), course=lecture.course)
    for row in (lecture, lecture, other, elsewhere):
        attend(UserFactory(school=author.school), row)
    assert semesters() == [None, shown]
    attend(UserFactory(school=author.school), other)
    assert semesters() == [shown, shown]


def test_staff_and_moderators_see_no_more_of_who_wrote_it(client_of, user, review):
    for person in (StaffFactory(), UserFactory(school=user.school, is_moderator=True)):
        row = client_of(person).get(url_of(review)).json()
        assert (row["author"]["id"], row["is_mine"], row["semester"]) == (None, False, None)


def test_reviews_of_another_school_do_not_exist(client_of, review):
    stranger = client_of(UserFactory(school=SchoolFactory()))
    assert listed(stranger) == []
    assert stranger.get(url_of(review)).status_code == 404
    assert stranger.put(like_url(review)).status_code == 404


def test_a_review_stays_when_its_author_leaves(api, author, review):
    like_review(user=UserFactory(school=author.school), review=review, wanted=True)
    before, summary = api.get(url_of(review)).json(), summary_of(api, review.course)
    author.delete()
    assert api.get(url_of(review)).json() == before
    assert summary_of(api, review.course) == summary
    # Nor does whoever liked it take the like along.
    ReviewLike.objects.get().user.delete()
    assert api.get(url_of(review)).json() == before


# --- Lists ---
def test_a_list_is_narrowed_by_course_and_author_and_ordered(api, user, author, lecture):
    mine, theirs = review_of(user, lecture), review_of(author, lecture, content="가" * 20)
    other = review_of(author, make_lecture(lecture.semester))
    like_review(user=user, review=theirs, wanted=True)
    assert listed(api) == [other.pk, theirs.pk, mine.pk]
    assert listed(api, ordering="likes") == [theirs.pk, other.pk, mine.pk]
    assert listed(api, course=lecture.course_id, ordering="likes") == [theirs.pk, mine.pk]
    assert listed(api, mine="true") == [mine.pk]
    assert listed(api, mine="false") == [other.pk, theirs.pk]
    assert codes(api.get(REVIEWS, {"course": 10**9})) == {("course", "does_not_exist")}
    assert api.get(REVIEWS, {"author": str(author.pk)}).status_code == 400


@pytest.mark.parametrize("query", ["", "?ordering=likes", "?mine=true"])
def test_a_list_of_thirty_takes_the_queries_of_one(api, user, semester, count_queries, query):
    review_of(user, make_lecture(semester))
    one = count_queries(lambda: api.get(f"{REVIEWS}{query}"))
    for _ in range(29):
        review_of(user, make_lecture(semester))
    answer = {}
    assert count_queries(lambda: answer.update(api.get(f"{REVIEWS}{query}").json())) <= one + 1
    assert len(answer["results"]) == 20
    assert listed(api, page_size=30) == list(Review.objects.order_by("-pk").values_list("pk", flat=True))


# --- Changing ---
def test_a_real_change_takes_the_likes_away_and_another_changes_nothing(client_of, user, author, review):
    like_review(user=user, review=review, wanted=True)
    own = client_of(author)
    assert own.patch(url_of(review), {"rating": ANSWERS["rating"]}).json()["like_count"] == 1
    assert ReviewLike.objects.count() == 1
    row = own.patch(url_of(review), {"rating": 1, "homework": "lots"}).json()
    assert (row["rating"], row["homework"], row["like_count"]) == (1, "lots", 0)
    assert not ReviewLike.objects.exists()
    assert summary_of(own, review.course)["distribution"] == {"1": 1, "2": 0, "3": 0, "4": 0, "5": 0}
    # One likes it again.
    assert client_of(user).put(like_url(review)).json() == {"is_liked": True, "like_count": 1}


def test_course_and_semester_never_change(client_of, author, review):
    other = make_lecture(review.semester)
    attend(author, other)
    about = {"course": other.course_id, "semester": SemesterFactory(school=author.school, year=2024).pk}
    row = client_of(author).patch(url_of(review), about | {"rating": 1}).json()
    assert (row["course"]["id"], row["semester"]["id"]) == (review.course_id, review.semester_id)


def test_only_its_author_changes_or_deletes_it(api, review):
    for answer in (api.patch(url_of(review), {"rating": 1}), api.delete(url_of(review))):
        assert (answer.status_code, codes(answer)) == (403, {(None, "not_author")})


def test_a_deleted_review_is_gone_and_makes_room_for_another(client_of, author, review, lecture):
    own = client_of(author)
    assert own.delete(url_of(review)).status_code == 204
    assert own.get(url_of(review)).status_code == 404
    assert listed(own) == []
    assert summary_of(own, review.course)["count"] == 0
    assert (
        own.post(REVIEWS, body_of(lecture, content="다시 씁니다. 생각이 조금 달라졌어요.")).status_code == 201
    )


# --- Likes ---
def test_a_like_is_given_once_and_never_to_oneself(api, client_of, author, review):
    for _ in range(2):
        assert api.put(like_url(review)).json() == {"is_liked": True, "like_count": 1}
    assert api.get(url_of(review)).json()["is_liked"] is True
    for _ in range(2):
        assert api.delete(like_url(review)).json() == {"is_liked": False, "like_count": 0}
    assert client_of(author).put(like_url(review)).status_code == 403
    assert_counts_are_exact()


# --- The summary ---
def test_a_course_says_what_its_reviews_say_together(api, user, lecture):
    nothing = summary_of(api, lecture.course)
    assert (nothing["count"], nothing["rating"], nothing["homework"]) == (0, None, None)
    people = UserFactory.create_batch(3, school=user.school)
    given = [
        {"rating": 5, "homework": "lots", "exams": 1},
        {"rating": 4, "homework": "lots", "exams": 2},
        {"rating": 2, "homework": "none", "exams": 2, "attendance": "none"},
    ]
    for person, answers in zip(people, given, strict=True):
        review_of(person, lecture, **answers)
    assert summary_of(api, lecture.course) == {
        "count": 3,
        "rating": 3.67,
        "distribution": {"1": 0, "2": 1, "3": 0, "4": 1, "5": 1},
        "homework": "lots",
        "teamwork": "none",
        "grading": "normal",
        "attendance": "electronic",
        "exams": 2,
        "homework_display": "lots",
        "teamwork_display": "none",
        "grading_display": "normal",
        "attendance_display": "electronic",
    }
    lectures = api.get("/api/v1/lectures/", {"semester": lecture.semester_id}).json()["results"]
    assert [row["rating"] for row in lectures] == [3.67]
    assert_counts_are_exact()


def test_one_sees_which_courses_one_can_review(api, user, lecture):
    attend(user, lecture)
    make_lecture(lecture.semester)

    def reviewable():
        rows = api.get(COURSES, {"reviewable": "true"}).json()["results"]
        return [row["id"] for row in rows]

    assert reviewable() == [lecture.course_id]
    begins = lecture.semester.starts_on
    Semester.objects.update(starts_on=timezone.localdate() + timedelta(days=1), ends_on=date(2030, 1, 1))
    assert reviewable() == []
    Semester.objects.update(starts_on=begins)
    review = review_of(user, lecture)
    assert reviewable() == []
    delete_review(review=review)
    assert reviewable() == [lecture.course_id]
