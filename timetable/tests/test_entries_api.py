"""Putting lectures, and things of one's own, into timetables."""

import pytest

from api.tests.helpers import codes
from timetable.models import EntryTime, Lecture, TimetableEntry
from timetable.models.lectures import meeting_fields
from timetable.tests.factories import SemesterFactory, TimetableFactory, make_lecture
from timetable.tests.helpers import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    add,
    entries_of,
    ok,
    own,
    read,
    titles,
)
from timetable.times import Meeting

pytestmark = pytest.mark.django_db


def times(*meetings):
    return [meeting_fields(meeting) for meeting in meetings]


# --- Lectures ---
def test_a_lecture_is_put_into_a_timetable(api, timetable, semester):
    lecture = make_lecture(semester, FRIDAY, MONDAY, credit=2.5, area="사고와 표현")
    answer = api.post(
        entries_of(timetable), {"lecture": lecture.pk, "colour": "#FFaa00", "memo": "1장까지\r\n2장"}
    )
    assert answer.status_code == 201
    row = answer.json()
    assert row.pop("created_at")
    assert row == {
        "id": TimetableEntry.objects.get().pk,
        "lecture": {
            "id": lecture.pk,
            "course": lecture.course_id,
            "code": lecture.code,
            "section": "1",
            "title": lecture.title,
            "professor": "김민준",
            "category": "",
            "area": "사고와 표현",
            "department": "",
            "credit": 2.5,
            "campus": "",
            "remark": "",
            "is_cancelled": False,
        },
        "title": lecture.title,
        "times": times(MONDAY, FRIDAY),
        "colour": "#ffaa00",
        "is_cancelled": False,
        "memo": "1장까지\n2장",
        "grade": "",
        "is_major": False,
        "changes": [],
    }


def test_credits_are_those_of_living_lectures(api, timetable, semester):
    lectures = [make_lecture(semester, credit=credit) for credit in (3, 2.5, 1)]
    for lecture in lectures:
        add(api, timetable, lecture)
    add(api, timetable, own(MONDAY))
    assert read(api, timetable)["total_credit"] == 6.5
    Lecture.objects.filter(pk=lectures[0].pk).update(is_cancelled=True)
    assert read(api, timetable)["total_credit"] == 3.5


def test_a_lecture_stands_in_a_timetable_once(api, timetable, semester):
    lecture = make_lecture(semester, MONDAY)
    for body in ({}, {"on_conflict": "replace"}):
        if not body:
            add(api, timetable, lecture)
        refused = api.post(entries_of(timetable), {"lecture": lecture.pk} | body)
        assert (refused.status_code, codes(refused)) == (400, {("lecture", "unique")})
    assert len(read(api, timetable)["entries"]) == 1


def test_a_lecture_of_another_semester_is_refused(api, user, timetable):
    lecture = make_lecture(SemesterFactory(school=user.school, term="winter"))
    refused = api.post(entries_of(timetable), {"lecture": lecture.pk})
    assert (refused.status_code, codes(refused)) == (400, {("lecture", "other_semester")})


@pytest.mark.parametrize("on_conflict", ["refuse", "replace"])
def test_a_cancelled_lecture_is_refused_and_replaces_nothing(api, timetable, semester, on_conflict):
    add(api, timetable, own(MONDAY))
    lecture = make_lecture(semester, MONDAY, is_cancelled=True)
    refused = api.post(entries_of(timetable), {"lecture": lecture.pk, "on_conflict": on_conflict})
    assert (refused.status_code, codes(refused)) == (409, {(None, "lecture_cancelled")})
    assert titles(read(api, timetable)) == ["알바"]


def test_another_schools_lecture_does_not_exist(api, timetable):
    pks = [make_lecture(SemesterFactory()).pk, 10**6]
    unseen, missing = (api.post(entries_of(timetable), {"lecture": pk}) for pk in pks)
    assert unseen.status_code == 400
    assert codes(unseen) == {("lecture", "does_not_exist")}
    assert unseen.content == missing.content


# --- Things of one's own ---
def test_something_of_ones_own_is_put_into_a_timetable(api, timetable):
    odd = Meeting(7, 0, 1440, "집", 2, 7)
    row = add(api, timetable, own(odd, MONDAY, title=" 과외 ", colour="", memo=""))
    assert row == row | {
        "lecture": None,
        "title": "과외",
        "times": times(MONDAY, odd),
        "colour": "",
        "memo": "",
        "grade": "",
        "is_major": False,
        "is_cancelled": False,
        "changes": [],
    }


def test_place_and_weeks_may_be_left_out(api, timetable):
    bare = {"weekday": 3, "start": 600, "end": 660}
    row = ok(api.post(entries_of(timetable), {"title": "과외", "times": [bare]}))
    assert row["times"] == [bare | {"place": "", "first_week": None, "last_week": None}]


@pytest.mark.parametrize(
    "bodies",
    [
        {},
        {"memo": "메모"},
        {"lecture": True, "title": "과외"},
        {"lecture": True, "times": True},
        {"lecture": True, "title": "과외", "times": True},
    ],
    ids=str,
)
def test_either_a_lecture_or_something_of_ones_own(api, timetable, semester, bodies):
    given = {"lecture": make_lecture(semester).pk, "times": times(MONDAY)}
    body = {name: given.get(name, value) for name, value in bodies.items()}
    refused = api.post(entries_of(timetable), body)
    assert (refused.status_code, codes(refused)) == (400, {("lecture", "one_of")})


def test_something_of_ones_own_has_a_title_and_times(api, timetable):
    for name in ("title", "times"):
        body = own(MONDAY)
        del body[name]
        refused = api.post(entries_of(timetable), body)
        assert (refused.status_code, codes(refused)) == (400, {(name, "required")})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"title": ""}, ("title", "blank")),
        ({"title": "가" * 51}, ("title", "max_length")),
        ({"title": "과\u200b외"}, ("title", "invisible_characters")),
        ({"title": None}, ("title", "null")),
        ({"title": 7}, ("title", "invalid")),
        ({"times": []}, ("times", "min_length")),
        ({"times": None}, ("times", "null")),
        ({"times": {}}, ("times", "not_a_list")),
        ({"times": times(MONDAY) * 21}, ("times", "max_length")),
        ({"times": times(MONDAY, Meeting(1, 600, 660))}, ("times", "overlap")),
        ({"times": ["monday"]}, ("times.0.non_field_errors", "invalid")),
        ({"times": [{"weekday": 1, "start": 540}]}, ("times.0.end", "required")),
        ({"times": times(Meeting(0, 540, 600))}, ("times.0.weekday", "min_value")),
        ({"times": times(Meeting(8, 540, 600))}, ("times.0.weekday", "max_value")),
        ({"times": times(Meeting(1, 543, 600))}, ("times.0.start", "off_grid")),
        ({"times": times(Meeting(1, 540, 601))}, ("times.0.end", "off_grid")),
        ({"times": times(Meeting(1, 540, 540))}, ("times.0.end", "not_after")),
        ({"times": times(Meeting(1, 540, 1445))}, ("times.0.end", "max_value")),
        ({"times": times(Meeting(1, -5, 600))}, ("times.0.start", "min_value")),
        ({"times": times(Meeting(1, 540, 600, "가" * 201))}, ("times.0.place", "max_length")),
        ({"times": times(Meeting(1, 540, 600, "", 3))}, ("times.0.last_week", "not_after")),
        ({"times": times(Meeting(1, 540, 600, "", 3, 2))}, ("times.0.last_week", "not_after")),
        ({"times": times(Meeting(1, 540, 600, "", 1, 54))}, ("times.0.last_week", "max_value")),
        ({"times": times(TUESDAY, Meeting(1, 540, 600, "", 0, 2))}, ("times.1.first_week", "min_value")),
        ({"colour": "red"}, ("colour", "invalid")),
        ({"colour": "#12345g"}, ("colour", "invalid")),
        ({"colour": "#1234567"}, ("colour", "max_length")),
        ({"colour": None}, ("colour", "null")),
        ({"memo": "가" * 1001}, ("memo", "max_length")),
        ({"on_conflict": "ignore"}, ("on_conflict", "invalid_choice")),
    ],
    ids=str,
)
def test_what_is_refused_in_new_entries_and_in_changes(api, timetable, change, error):
    refused = api.post(entries_of(timetable), own(MONDAY) | change)
    assert refused.status_code == 400
    assert error in codes(refused)
    entry = add(api, timetable, own(MONDAY))
    refused = api.patch(f"{entries_of(timetable)}{entry['id']}/", change)
    assert refused.status_code == 400
    assert error in codes(refused)


def test_the_longest_of_everything_is_taken(api, timetable):
    meetings = [Meeting(1, n * 5, n * 5 + 5, "가" * 200, 1, 53) for n in range(20)]
    row = add(api, timetable, own(*meetings, title="가" * 50, memo="가" * 1000, colour="#012345"))
    assert len(row["times"]) == 20


def test_times_that_touch_or_differ_in_weeks_do_not_overlap(api, timetable):
    early, late = Meeting(1, 540, 600, "", 1, 5), Meeting(1, 540, 600, "", 6, 9)
    add(api, timetable, own(early, Meeting(1, 600, 660), late))


# --- Changing and taking out ---
def test_something_of_ones_own_changes(api, timetable):
    entry = add(api, timetable, own(MONDAY, FRIDAY))
    path = f"{entries_of(timetable)}{entry['id']}/"
    changes = {"title": "과외", "times": times(TUESDAY), "colour": "#ABCDEF", "memo": "메모"}
    row = ok(api.patch(path, changes))
    assert row == entry | changes | {"colour": "#abcdef"}
    assert EntryTime.objects.count() == 1
    assert ok(api.patch(path, {"memo": ""})) == row | {"memo": ""}
    assert ok(api.patch(path, {})) == row | {"memo": ""}


def test_of_a_lecture_colour_and_memo_change_alone(api, timetable, semester):
    entry = add(api, timetable, make_lecture(semester, MONDAY))
    path = f"{entries_of(timetable)}{entry['id']}/"
    changes = {"colour": "#000000", "memo": "메모"}
    assert ok(api.patch(path, changes)) == entry | changes
    for name, value in own(FRIDAY).items():
        refused = api.patch(path, {name: value, "memo": "?"})
        assert (refused.status_code, codes(refused)) == (400, {(name, "of_lecture")})
    other = make_lecture(semester, FRIDAY)
    assert ok(api.patch(path, {"lecture": other.pk})) == entry | changes


def test_an_entry_is_taken_out(api, timetable, semester):
    kept, gone = add(api, timetable, own(MONDAY, title="남는 것")), add(api, timetable, own(TUESDAY))
    path = f"{entries_of(timetable)}{gone['id']}/"
    assert [api.delete(path).status_code for _ in range(2)] == [204, 404]
    assert api.patch(path, {}).status_code == 404
    assert read(api, timetable)["entries"] == [kept]


def test_a_timetable_holds_sixty_entries(api, timetable, semester):
    meetings = [Meeting(day, hour * 60, hour * 60 + 60) for day in (1, 2, 3) for hour in range(20)]
    rows = [add(api, timetable, own(meeting)) for meeting in meetings]
    for body in (own(FRIDAY), {"lecture": make_lecture(semester).pk}):
        refused = api.post(entries_of(timetable), body)
        assert (refused.status_code, codes(refused)) == (409, {(None, "too_many_entries")})
    add(api, timetable, own(meetings[0]), on_conflict="replace")
    ok(api.delete(f"{entries_of(timetable)}{rows[5]['id']}/"))
    add(api, timetable, own(FRIDAY))


# --- Whose ---
def test_entries_of_others_and_of_strangers(clients, anonymous, timetable):
    entry = add(clients["user"], timetable, own(MONDAY))
    path = entries_of(timetable)
    calls = [
        ("post", "", own(FRIDAY)),
        ("patch", f"{entry['id']}/", {"memo": "?"}),
        ("put", f"{entry['id']}/seen/", None),
        ("delete", f"{entry['id']}/", None),
    ]
    for method, tail, body in calls:
        assert getattr(anonymous, method)(path + tail, body).status_code == 401
        for role in set(clients) - {"user"}:
            assert getattr(clients[role], method)(path + tail, body).status_code == 404, (role, method)
    for method, tail, body in calls:
        assert getattr(clients["user"], method)(path + tail, body).status_code < 300, method


def test_entries_are_visible_to_their_owner_alone(api, people, timetable):
    entry = add(api, timetable, own(MONDAY))
    for role, person in people.items():
        seen = TimetableEntry.objects.visible_to(person).filter(pk=entry["id"])
        assert seen.exists() == (role == "user"), role


def test_everybody_who_is_signed_in_fills_a_timetable(clients, people, semester):
    for role in ("unverified", "sanctioned", "staff"):
        timetable = TimetableFactory(user=people[role], semester=semester)
        entry = add(clients[role], timetable, make_lecture(semester))
        ok(clients[role].patch(f"{entries_of(timetable)}{entry['id']}/", {"memo": "메모"}))
        ok(clients[role].delete(f"{entries_of(timetable)}{entry['id']}/"))


def test_an_entry_is_found_in_its_own_timetable_alone(api, user, timetable, semester):
    other = TimetableFactory(user=user, semester=semester)
    entry = add(api, timetable, own(MONDAY))
    path = f"{entries_of(other)}{entry['id']}/"
    answers = [api.patch(path, {}), api.put(f"{path}seen/"), api.delete(path)]
    assert {answer.status_code for answer in answers} == {404}


def test_ids_beyond_every_number_are_not_found(api, timetable):
    huge = 10**30
    assert api.post(entries_of(huge), own(MONDAY)).status_code == 404
    assert api.delete(f"{entries_of(timetable)}{huge}/").status_code == 404
    assert codes(api.post(entries_of(timetable), {"lecture": huge})) == {("lecture", "does_not_exist")}


def test_entries_are_read_with_their_timetable(api, timetable):
    entry = add(api, timetable, own(MONDAY))
    assert api.get(entries_of(timetable)).status_code == 405
    assert api.get(f"{entries_of(timetable)}{entry['id']}/").status_code == 405
