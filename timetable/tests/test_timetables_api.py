"""Making, reading, changing and deleting timetables."""

import pytest
from django.db import IntegrityError
from rest_framework.exceptions import ValidationError

from accounts.models import User
from accounts.tests.factories import SchoolFactory
from api.tests.helpers import codes
from timetable.models import Timetable
from timetable.services.timetables import create_timetable
from timetable.tests.factories import SemesterFactory, TimetableFactory, make_lecture
from timetable.tests.helpers import MONDAY, TIMETABLES, add, make, ok, own, read

pytestmark = pytest.mark.django_db


def test_a_new_timetable_is_empty_private_and_unshared(api, semester):
    row = make(api, semester, name="플랜 A", theme="night-2")
    assert row.pop("created_at")
    assert row == {
        "id": Timetable.objects.get().pk,
        "semester": {"id": semester.pk, "name": "2025-2"},
        "name": "플랜 A",
        "is_primary": True,
        "visibility": "private",
        "visibility_display": "private",
        "theme": "night-2",
        "share_token": None,
        "total_credit": 0.0,
        "entries": [],
    }
    assert read(api, row["id"]) | row == read(api, row["id"])


def test_only_the_first_of_a_semester_is_primary(api, user, semester):
    winter = SemesterFactory(school=user.school, term="winter")
    made = [make(api, semester), make(api, semester), make(api, winter)]
    assert [row["is_primary"] for row in made] == [True, False, True]


def test_everybody_who_is_signed_in_keeps_timetables_and_sees_no_others(clients, people, semester):
    for role, client in clients.items():
        school = people[role].school or semester.school
        own_semester = semester if school == semester.school else SemesterFactory(school=school)
        pk = make(client, own_semester)["id"]
        assert [row["id"] for row in ok(client.get(TIMETABLES))["results"]] == [pk], role
    assert Timetable.objects.count() == len(clients)


def test_timetables_of_others_and_of_strangers(clients, anonymous, timetable):
    path = f"{TIMETABLES}{timetable.pk}/"
    calls = [
        ("get", ""),
        ("patch", ""),
        ("post", "copy/"),
        ("put", "primary/"),
        ("put", "share/"),
        ("delete", "share/"),
        ("delete", ""),
    ]
    for method, tail in calls:
        assert getattr(anonymous, method)(path + tail).status_code == 401
        for role in set(clients) - {"user"}:
            assert getattr(clients[role], method)(path + tail).status_code == 404, (role, method, tail)
    for method, tail in calls:
        assert getattr(clients["user"], method)(path + tail).status_code < 300, (method, tail)
    assert anonymous.get(TIMETABLES).status_code == anonymous.post(TIMETABLES).status_code == 401


def test_an_id_beyond_every_number_is_not_found(api):
    assert api.get(f"{TIMETABLES}{10**30}/").status_code == 404


@pytest.mark.parametrize("whose", ["nobody's", "another school's"])
def test_a_semester_one_does_not_see_does_not_exist(api, whose):
    pk = SemesterFactory().pk if whose == "another school's" else 10**6
    refused = api.post(TIMETABLES, {"semester": pk})
    assert (refused.status_code, codes(refused)) == (400, {("semester", "does_not_exist")})
    refused = api.get(TIMETABLES, {"semester": pk})
    assert (refused.status_code, codes(refused)) == (400, {("semester", "does_not_exist")})


def test_who_moved_to_another_school_sees_no_timetable_of_the_last_one(api, user, timetable):
    User.objects.filter(pk=user.pk).update(school=SchoolFactory())
    assert api.get(f"{TIMETABLES}{timetable.pk}/").status_code == 404
    assert ok(api.get(TIMETABLES))["results"] == []


def test_who_has_moved_since_the_request_began_makes_no_timetable_there(user, semester):
    User.objects.filter(pk=user.pk).update(school=SchoolFactory())
    with pytest.raises(ValidationError, match="does_not_exist"):
        create_timetable(user=user, semester=semester)


def test_the_list_is_filtered_by_semester(api, user, semester):
    winter = SemesterFactory(school=user.school, term="winter")
    first, second = make(api, semester), make(api, winter)
    assert [row["id"] for row in ok(api.get(TIMETABLES))["results"]] == [first["id"], second["id"]]
    assert ok(api.get(TIMETABLES, {"semester": winter.pk}))["results"] == [second]


# --- Names ---
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "blank"),
        ("name", "가" * 31, "max_length"),
        ("name", "시간\u200b표", "invisible_characters"),
        ("name", None, "null"),
        ("name", 7, "invalid"),
        ("theme", "Night", "invalid"),
        ("theme", "a" * 21, "max_length"),
        ("theme", "", "blank"),
        ("theme", " night", "invalid"),
        ("visibility", "secret", "invalid_choice"),
        ("semester", None, "null"),
        ("semester", "1", "incorrect_type"),
        ("semester", 10**30, "does_not_exist"),
    ],
)
def test_what_a_timetable_may_not_have(api, semester, field, value, code):
    refused = api.post(TIMETABLES, {"semester": semester.pk, "name": "A"} | {field: value})
    assert refused.status_code == 400
    assert (field, code) in codes(refused)


def test_a_semester_is_needed(api):
    assert codes(api.post(TIMETABLES, {"name": "A"})) == {("semester", "required")}


def test_thirty_letters_of_any_kind_are_a_name(api, semester):
    for letter in ("가", "ﷺ", "😀"):
        make(api, semester, name=letter * 30)


@pytest.mark.parametrize("name", ["플랜 A", " 플랜a ", "플랜Ａ"])
def test_a_name_is_taken_however_it_is_spelt(api, semester, name):
    make(api, semester, name="플랜 A")
    refused = api.post(TIMETABLES, {"semester": semester.pk, "name": name})
    assert (refused.status_code, codes(refused)) == (400, {("name", "unique")})


def test_a_name_is_free_in_another_semester_and_for_somebody_else(api, clients, user, semester):
    make(api, semester, name="A")
    make(clients["other"], semester, name="A")
    make(api, SemesterFactory(school=user.school, term="winter"), name="A")


@pytest.mark.parametrize(("language", "name"), [("ko", "시간표 %d"), ("en", "Timetable %d")])
def test_without_a_name_it_gets_the_next_free_one(api, semester, language, name):
    make(api, semester, name=name % 2)
    headers = {"HTTP_ACCEPT_LANGUAGE": language}
    body = {"semester": semester.pk}
    made = [ok(api.post(TIMETABLES, body, **headers))["name"] for _ in range(2)]
    assert made == [name % 1, name % 3]


@pytest.mark.parametrize("fields", [{"name": " PLAN"}, {"name": "B", "primary": True}])
def test_the_database_itself_has_one_name_and_one_primary_a_semester(user, semester, fields):
    whose = {"user": user, "semester": semester}
    TimetableFactory(**whose, name="Plan", primary=True)
    with pytest.raises(IntegrityError):
        TimetableFactory(**whose, **fields)


# --- Changing ---
def test_name_visibility_and_theme_change(api, timetable):
    changes = {"name": "새 이름", "visibility": "public", "theme": "pastel"}
    row = ok(api.patch(f"{TIMETABLES}{timetable.pk}/", changes))
    assert row == row | changes
    timetable.refresh_from_db()
    assert timetable.name_key == "새이름"


def test_a_timetable_keeps_its_own_name_and_takes_no_other(api, timetable, semester):
    make(api, semester, name="B")
    path = f"{TIMETABLES}{timetable.pk}/"
    ok(api.patch(path, {"name": timetable.name}))
    ok(api.patch(path, {}))
    refused = api.patch(path, {"name": " b", "theme": "pastel"})
    assert (refused.status_code, codes(refused)) == (400, {("name", "unique")})
    assert read(api, timetable)["theme"] == "classic"


def test_what_is_not_to_be_set_stays(api, user, timetable):
    winter = SemesterFactory(school=user.school, term="winter")
    before = read(api, timetable)
    fixed = {"semester": winter.pk, "is_primary": False, "primary": None, "share_token": "a", "user": None}
    assert ok(api.patch(f"{TIMETABLES}{timetable.pk}/", fixed)) == before


def test_there_is_no_put(api, timetable):
    assert api.put(f"{TIMETABLES}{timetable.pk}/", {"name": "B"}).status_code == 405


# --- The primary one ---
def test_another_becomes_primary(api, semester):
    first, second = make(api, semester), make(api, semester)
    assert ok(api.put(f"{TIMETABLES}{second['id']}/primary/"))["is_primary"]
    assert not read(api, first["id"])["is_primary"]
    assert ok(api.put(f"{TIMETABLES}{second['id']}/primary/"))["is_primary"]


def test_another_semester_and_another_user_keep_their_primary_ones(api, clients, user, semester):
    elsewhere = make(api, SemesterFactory(school=user.school, term="winter"))
    others = make(clients["other"], semester)
    first, second = make(api, semester), make(api, semester)
    ok(api.put(f"{TIMETABLES}{second['id']}/primary/"))
    ok(api.delete(f"{TIMETABLES}{first['id']}/"))
    ok(api.delete(f"{TIMETABLES}{second['id']}/"))
    assert read(api, elsewhere["id"])["is_primary"]
    assert read(clients["other"], others["id"])["is_primary"]


def test_deleting_the_primary_one_hands_over_to_the_oldest_left(api, semester):
    rows = [make(api, semester)["id"] for _ in range(3)]
    ok(api.put(f"{TIMETABLES}{rows[2]}/primary/"))
    assert api.delete(f"{TIMETABLES}{rows[2]}/").status_code == 204
    assert [read(api, pk)["is_primary"] for pk in rows[:2]] == [True, False]


def test_deleting_any_other_one_moves_nothing(api, semester):
    first, second, third = (make(api, semester)["id"] for _ in range(3))
    ok(api.put(f"{TIMETABLES}{second}/primary/"))
    ok(api.delete(f"{TIMETABLES}{third}/"))
    assert [read(api, pk)["is_primary"] for pk in (first, second)] == [False, True]


def test_a_deleted_timetable_is_gone_with_its_entries(api, timetable, semester):
    add(api, timetable, make_lecture(semester, MONDAY))
    add(api, timetable, own(MONDAY), on_conflict="replace")
    path = f"{TIMETABLES}{timetable.pk}/"
    assert [api.delete(path).status_code for _ in range(2)] == [204, 404]
    assert not Timetable.objects.exists()
    assert make(api, semester)["is_primary"]


# --- How many ---
def test_a_semester_holds_twenty_timetables(api, user, semester):
    made = [make(api, semester) for _ in range(20)]
    refused = api.post(TIMETABLES, {"semester": semester.pk})
    assert (refused.status_code, codes(refused)) == (409, {(None, "too_many_timetables")})
    refused = api.post(f"{TIMETABLES}{made[0]['id']}/copy/")
    assert (refused.status_code, codes(refused)) == (409, {(None, "too_many_timetables")})
    make(api, SemesterFactory(school=user.school, term="winter"))
    ok(api.delete(f"{TIMETABLES}{made[3]['id']}/"))
    assert make(api, semester)["name"] == made[3]["name"]


def test_one_timetable_and_thirty_cost_the_same_queries(api, user, count_queries):
    def fill(number):
        """A timetable in a semester of its own, with what is costly to read."""
        semester = SemesterFactory(school=user.school, year=2000 + number)
        row = make(api, semester)["id"]
        for title in range(3):
            add(api, row, own(MONDAY, title=str(title)), on_conflict="replace")
            lecture = make_lecture(semester, MONDAY)
            lecture.changes.create(fields={"title": ["a", "b"]})
        for _ in range(3):
            lecture = make_lecture(semester)
            add(api, row, lecture)
            lecture.changes.create(fields={"title": ["a", "b"]})
        return f"{TIMETABLES}{row}/"

    path = fill(0)
    listed = f"{TIMETABLES}?page_size=30"
    one, detail = count_queries(lambda: api.get(listed)), count_queries(lambda: api.get(path))
    for number in range(1, 30):
        fill(number)
    assert len(ok(api.get(listed))["results"]) == 30
    assert count_queries(lambda: api.get(listed)) == one <= 7
    assert count_queries(lambda: api.get(path)) == detail <= 7


def test_one_entry_and_thirty_cost_the_same_queries(api, timetable, semester, count_queries):
    def fill():
        lecture = make_lecture(semester)
        add(api, timetable, lecture)
        lecture.changes.create(fields={"title": ["a", "b"]})

    fill()
    add(api, timetable, own(MONDAY))
    path = f"{TIMETABLES}{timetable.pk}/"
    one = count_queries(lambda: api.get(path))
    for _ in range(29):
        fill()
    assert len(read(api, timetable)["entries"]) == 31
    assert count_queries(lambda: api.get(path)) == one


def test_a_page_has_thirty_at_most(api):
    assert codes(api.get("/api/v1/timetables/?page_size=31")) == {("page_size", "out_of_range")}
