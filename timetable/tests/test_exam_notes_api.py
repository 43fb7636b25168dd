from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import IdempotencyRecord
from accounts.tests.factories import SchoolFactory, UserFactory
from api.tests.helpers import codes
from api.throttling import ActionThrottle
from timetable.models import ExamNote
from timetable.tests.exam_notes import (
    NOTES,
    SAMPLES,
    STRATEGY,
    attend,
    body_of,
    earn,
    tell,
    unlock_url,
)
from timetable.tests.factories import CourseFactory, SemesterFactory, TimetableFactory, make_lecture

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecture(semester):
    return make_lecture(semester)


@pytest.fixture
def author(user):
    return UserFactory(school=user.school)


@pytest.fixture
def note(author, lecture):
    return tell(author, lecture)


def url_of(note):
    return f"{NOTES}{note.pk}/"


def listed(api, **query):
    return [row["id"] for row in api.get(NOTES, query).json()["results"]]


# --- Writing ---
def test_a_note_is_written_by_who_had_the_lecture_and_shown_whole_to_them(api, user, lecture):
    attend(user, lecture)
    answer = api.post(NOTES, body_of(lecture))
    assert answer.status_code == 201
    row = answer.json()
    assert row == {
        "id": row["id"],
        "course": {
            "id": lecture.course_id,
            "code": lecture.code,
            "title": lecture.title,
            "professor": lecture.professor,
        },
        "semester": {"id": lecture.semester_id, "name": "2025-2"},
        "kind": "midterm",
        "kind_display": "midterm exam",
        "author": {
            "id": None,
            "kind": "anonymous",
            "number": None,
            "display_name": "Anonymous",
            "picture": None,
        },
        "sample_count": 2,
        "price": 5,
        "is_unlocked": True,
        "state": "living",
        "is_mine": True,
        "written_on": timezone.localdate().isoformat(),
        "strategy": STRATEGY,
        "samples": SAMPLES,
        "hidden": None,
    }
    assert api.get(f"{NOTES}{row['id']}/").json() == row


def test_samples_may_be_left_out(api, user, lecture):
    attend(user, lecture)
    body = body_of(lecture)
    del body["samples"]
    assert api.post(NOTES, body).json()["samples"] == []


def not_in_a_timetable(user, lecture):
    TimetableFactory(user=user, semester=lecture.semester)


def another_lecture(user, lecture):
    attend(user, make_lecture(lecture.semester))


def another_semester(user, lecture):
    attend(user, make_lecture(SemesterFactory(school=user.school, year=2024), course=lecture.course))


def somebody_else(user, lecture):
    attend(UserFactory(school=user.school), lecture)


def not_begun(user, lecture):
    attend(user, lecture)
    tomorrow = timezone.localdate() + timedelta(days=1)
    type(lecture.semester).objects.update(starts_on=tomorrow, ends_on=tomorrow + timedelta(days=100))


@pytest.mark.parametrize(
    "attended", [not_in_a_timetable, another_lecture, another_semester, somebody_else, not_begun]
)
def test_who_did_not_have_the_course_in_that_semester_writes_nothing(api, user, lecture, attended):
    attended(user, lecture)
    answer = api.post(NOTES, body_of(lecture))
    assert (answer.status_code, codes(answer)) == (403, {(None, "not_attended")})
    assert not ExamNote.objects.exists()


def test_a_semester_that_begins_today_has_begun(api, user, lecture):
    attend(user, lecture)
    type(lecture.semester).objects.update(starts_on=timezone.localdate(), ends_on=date(2100, 1, 1))
    assert api.post(NOTES, body_of(lecture)).status_code == 201


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"strategy": "짧다"}, ("strategy", "min_length")),
        ({"strategy": "가" * 2001}, ("strategy", "max_length")),
        ({"samples": ["문제"] * 21}, ("samples", "max_length")),
        ({"samples": ["가" * 301]}, ("samples.0", "max_length")),
        ({"samples": ["  "]}, ("samples.0", "blank")),
        ({"samples": "문제"}, ("samples", "not_a_list")),
        ({"kind": "oral"}, ("kind", "invalid_choice")),
        ({"course": 10**9}, ("course", "does_not_exist")),
        ({"semester": 10**9}, ("semester", "does_not_exist")),
    ],
    ids=str,
)
def test_what_is_wrong_in_a_body_is_named(api, user, lecture, fields, error):
    attend(user, lecture)
    answer = api.post(NOTES, body_of(lecture, **fields))
    assert (answer.status_code, codes(answer)) == (400, {error})


def test_another_schools_course_and_semester_do_not_exist(api):
    foreign = make_lecture(SemesterFactory(school=SchoolFactory()))
    answer = api.post(NOTES, body_of(foreign))
    assert codes(answer) == {("course", "does_not_exist"), ("semester", "does_not_exist")}


def test_only_verified_and_unsanctioned_users_write_and_edit(clients, people, lecture):
    for role, code in (("unverified", "verification_required"), ("sanctioned", "sanctioned")):
        attend(people[role], lecture)
        answer = clients[role].post(NOTES, body_of(lecture))
        assert (answer.status_code, codes(answer)) == (403, {(None, code)})


def test_a_retry_with_its_key_writes_one_note_and_the_same_text_again_is_refused(api, user, lecture):
    attend(user, lecture)
    first, again = (api.post(NOTES, body_of(lecture), HTTP_IDEMPOTENCY_KEY="k") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert IdempotencyRecord.objects.count() == 1
    answer = api.post(NOTES, body_of(lecture, kind="final"))
    assert (answer.status_code, codes(answer)) == (409, {(None, "duplicate_text")})


@pytest.mark.parametrize("scope", ["exam_note", "unlock"])
def test_writing_and_opening_are_limited_each_by_itself(api, user, note, lecture, monkeypatch, scope):
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, scope, "1/hour")
    attend(user, lecture)
    calls = {
        "exam_note": lambda: api.post(NOTES, body_of(lecture)),
        "unlock": lambda: api.post(unlock_url(note)),
    }
    assert calls[scope]().status_code != 429
    assert codes(calls.pop(scope)()) == {(None, "throttled")}
    (other,) = calls.values()
    assert other().status_code in (200, 201)


# --- Changing ---
def test_the_author_alone_changes_strategy_and_samples(api, client_of, author, note):
    changed = client_of(author).patch(url_of(note), {"strategy": "새로운 전략입니다. " * 3, "samples": []})
    assert changed.status_code == 200
    assert (changed.json()["strategy"], changed.json()["samples"]) == (
        ("새로운 전략입니다. " * 3).strip(),
        [],
    )
    for method in (api.patch, api.delete):
        answer = method(url_of(note))
        assert (answer.status_code, codes(answer)) == (403, {(None, "not_author")})
    client_of(author).patch(url_of(note), {"kind": "final", "course": 1})
    assert client_of(author).get(url_of(note)).json()["kind"] == "midterm"


def test_what_is_deleted_is_gone_for_all_who_opened_it_too(api, user, client_of, author, note, lecture):
    earn(user, lecture, 5)
    api.post(unlock_url(note))
    assert client_of(author).delete(url_of(note)).status_code == 204
    for client in (api, client_of(author)):
        assert client.get(url_of(note)).status_code == 404
        assert listed(client) == listed(client, unlocked="true") == []
    assert api.post(unlock_url(note)).status_code == 404


# --- Reading ---
def test_who_has_not_paid_sees_what_there_is_and_not_what_it_says(api, note):
    row = api.get(url_of(note)).json()
    assert (row["strategy"], row["samples"], row["is_unlocked"], row["is_mine"]) == (None, None, False, False)
    assert (row["sample_count"], row["price"], row["kind"]) == (2, 5, "midterm")
    (brief,) = api.get(NOTES).json()["results"]
    assert brief == {
        name: value for name, value in row.items() if name not in ("strategy", "samples", "hidden")
    }
    for answer in (api.get(url_of(note)), api.get(NOTES), api.post(unlock_url(note))):
        assert not any(text in answer.content.decode() for text in (STRATEGY, *SAMPLES))


def test_who_has_paid_reads_it_for_good_also_once_it_is_edited(api, user, client_of, author, note, lecture):
    earn(user, lecture, 5)
    assert api.post(unlock_url(note)).json()["strategy"] == STRATEGY
    client_of(author).patch(url_of(note), {"samples": ["새 문제"]})
    row = api.get(url_of(note)).json()
    assert (row["strategy"], row["samples"], row["is_unlocked"]) == (STRATEGY, ["새 문제"], True)
    # To others it is as it was.
    other = client_of(UserFactory(school=user.school))
    assert other.get(url_of(note)).json()["strategy"] is None


def test_nobody_pays_for_their_own(client_of, author, note):
    answer = client_of(author).post(unlock_url(note))
    assert (answer.status_code, codes(answer)) == (403, {(None, "own_content")})


def test_who_is_barred_from_writing_or_not_verified_still_opens_notes(clients, people, note, lecture):
    for role in ("sanctioned", "unverified"):
        earn(people[role], lecture, 5)
        assert clients[role].post(unlock_url(note)).json()["strategy"] == STRATEGY


def test_those_who_decide_pay_like_anyone_for_what_nobody_reported(clients, note):
    for role in ("moderator", "staff"):
        assert clients[role].get(url_of(note)).json()["strategy"] is None
        assert clients[role].post(unlock_url(note)).status_code == 409


def test_another_school_sees_nothing(clients, note):
    for client in (clients["other school"],):
        assert client.get(url_of(note)).status_code == client.post(unlock_url(note)).status_code == 404
        assert listed(client) == []
    assert listed(clients["staff"]) == [note.pk]


# --- The semester ---
def save(lecture, people):
    """Let so many have saved a lecture by now, its author included."""
    have = lecture.entries.count()
    for _ in range(people - have):
        attend(UserFactory(school=lecture.semester.school), lecture)


def test_the_semester_shows_once_five_people_saved_the_course_in_it(api, client_of, author, note, lecture):
    own = client_of(author)
    save(lecture, 4)
    # One who has two of its lectures is one person.
    attend(author, make_lecture(lecture.semester, course=lecture.course, section="3"))
    assert api.get(url_of(note)).json()["semester"] is None
    assert own.get(url_of(note)).json()["semester"]["name"] == "2025-2"
    assert listed(api, semester=lecture.semester_id) == []
    assert listed(own, semester=lecture.semester_id) == [note.pk]
    save(make_lecture(lecture.semester, course=lecture.course, section="2"), 1)
    assert api.get(url_of(note)).json()["semester"]["name"] == "2025-2"
    assert listed(api, semester=lecture.semester_id) == [note.pk]


def test_who_saved_the_course_in_another_semester_does_not_count(api, note, lecture):
    other = SemesterFactory(school=lecture.semester.school, year=2024)
    save(make_lecture(other, course=lecture.course), 5)
    save(make_lecture(lecture.semester), 5)
    assert api.get(url_of(note)).json()["semester"] is None


# --- Lists ---
def test_notes_are_listed_newest_first_and_filtered(api, user, author, lecture, note):
    final = tell(author, lecture, kind="final")
    mine = tell(user, make_lecture(lecture.semester))
    assert listed(api) == [mine.pk, final.pk, note.pk]
    assert listed(api, course=lecture.course_id) == [final.pk, note.pk]
    assert listed(api, course=lecture.course_id, kind="final") == [final.pk]
    assert listed(api, mine="true") == [mine.pk]
    assert listed(api, mine="false") == [final.pk, note.pk]
    api.post(unlock_url(note))
    assert listed(api, unlocked="true") == [note.pk]
    assert listed(api, unlocked="false") == [mine.pk, final.pk]
    assert listed(api, unlocked="true", kind="final") == []
    assert listed(api, school=user.school_id) == [mine.pk, final.pk, note.pk]


def test_filters_take_what_one_may_see_alone(api, note):
    foreign = CourseFactory()
    for query, error in (
        ({"course": foreign.pk}, ("course", "does_not_exist")),
        ({"semester": SemesterFactory(school=foreign.school).pk}, ("semester", "does_not_exist")),
        ({"school": foreign.school_id}, ("school", "does_not_exist")),
        ({"kind": "oral"}, ("kind", "invalid_choice")),
        ({"author": "me"}, ("author", "unknown_parameter")),
    ):
        answer = api.get(NOTES, query)
        assert (answer.status_code, codes(answer)) == (400, {error})


def test_pages_of_ones_opened_notes_have_each_once(api, user, author, lecture):
    notes = [tell(author, lecture) for _ in range(5)]
    earn(user, lecture, 15)
    for note in notes[1:4]:
        api.post(unlock_url(note))
    first = api.get(NOTES, {"unlocked": "true", "page_size": 2}).json()
    second = api.get(first["next"]).json()
    assert [row["id"] for page in (first, second) for row in page["results"]] == [
        note.pk for note in notes[3:0:-1]
    ]


@pytest.mark.parametrize("query", [{}, {"mine": "true"}, {"unlocked": "true"}], ids=str)
def test_a_list_costs_the_same_for_1_note_and_for_30(api, user, author, lecture, count_queries, query):
    def read():
        return api.get(NOTES, {"page_size": 100} | query).json()["results"]

    def add():
        note = tell(user if "mine" in query else author, lecture)
        if "unlocked" in query:
            earn(user, lecture, 5)
            api.post(unlock_url(note))

    add()
    read()
    one = count_queries(read)
    assert len(read()) == 1
    for _ in range(29):
        add()
    assert len(read()) == 30
    assert count_queries(read) == one <= 5
