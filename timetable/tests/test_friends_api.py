"""One's friends: their list, what one calls them, removing them, and their timetables."""

import pytest

from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from conftest import Client
from timetable.models import Friendship
from timetable.services import friends as services
from timetable.tests.factories import SemesterFactory, TimetableFactory, make_lecture
from timetable.tests.friends import FRIENDS, ask, befriend, friends_of
from timetable.tests.helpers import FRIDAY, MONDAY, TUESDAY, add, make, ok, own

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def other(user):
    return UserFactory(school=user.school)


@pytest.fixture
def friend(user, other):
    befriend(user, other)
    return other


def url_of(person):
    return f"{FRIENDS}{person.pk}/"


def timetables_of(client, person, **query):
    return ok(client.get(f"{url_of(person)}timetables/", query))["results"]


# --- The list ---
def test_the_list_has_ones_friends_the_newest_first(api, user, friend):
    later = UserFactory(school=user.school)
    befriend(later, user)
    ok(ask(UserFactory(school=user.school), user))
    befriend(later, UserFactory(school=user.school))
    newest, oldest = ok(api.get(FRIENDS))["results"]
    assert newest["user"]["id"] == str(later.pk)
    assert oldest == {
        "user": ok(api.get(f"/api/v1/users/{friend.pk}/")),
        "display_name": friend.nickname,
        "accepted_at": oldest["accepted_at"],
    }


def test_pages_of_friends_hold_each_once(api, user):
    people = UserFactory.create_batch(5, school=user.school)
    for person in people:
        befriend(user, person)
    Friendship.objects.update(accepted_at=Friendship.objects.first().accepted_at)
    found, url = [], f"{FRIENDS}?page_size=2"
    while url:
        page = ok(api.get(url))
        found += [row["user"]["nickname"] for row in page["results"]]
        url = page["next"]
    assert found == [person.nickname for person in reversed(people)]


def test_one_friend_and_thirty_cost_the_same(api, user, count_queries):
    def make_friends(number):
        for person in UserFactory.create_batch(number, school=user.school):
            services.ask_friend(user=user, other=person)
            services.ask_friend(user=person, other=user)

    make_friends(1)
    api.get(FRIENDS)
    one = count_queries(lambda: api.get(FRIENDS))
    make_friends(29)
    assert len(ok(api.get(FRIENDS, {"page_size": 100}))["results"]) == 30
    assert count_queries(lambda: api.get(FRIENDS)) == one <= 3


# --- What one calls them ---
def test_a_display_name_is_for_ones_own_eyes_whoever_asked(user, friend):
    for one, another, name in ((user, friend, " 민지 "), (friend, user, "옆자리")):
        client = Client(one)
        before = ok(Client(another).get(FRIENDS))
        answer = ok(client.patch(url_of(another), {"display_name": name}))
        assert answer["display_name"] == name.strip()
        assert ok(client.get(FRIENDS))["results"] == [answer]
        assert ok(Client(another).get(FRIENDS)) == before
        assert ok(client.patch(url_of(another), {})) == answer
    assert ok(Client(user).patch(url_of(friend), {"display_name": ""}))["display_name"] == friend.nickname


@pytest.mark.parametrize(
    ("name", "code"),
    [("가" * 21, "max_length"), ("가\u200b", "invisible_characters"), (7, "invalid"), (None, "null")],
)
def test_a_display_name_is_a_short_name(api, friend, name, code):
    assert codes(api.patch(url_of(friend), {"display_name": name})) == {("display_name", code)}


# --- Who is no friend ---
def test_who_is_no_friend_is_not_there(user, other):
    """Nobody, a stranger, oneself, somebody who was asked only; operators too."""
    ok(ask(user, other))
    missing = Client(user).delete(f"{FRIENDS}{NOBODY}/")
    stranger, staff = UserFactory(school=user.school), StaffFactory()
    for one, another in (
        (user, other),
        (other, user),
        (user, stranger),
        (user, user),
        (staff, user),
        (user, staff),
    ):
        client = Client(one)
        answers = [
            client.delete(url_of(another)),
            client.patch(url_of(another), {"display_name": "가"}),
            client.get(f"{url_of(another)}timetables/"),
        ]
        assert {(answer.status_code, answer.content) for answer in answers} == {(404, missing.content)}


def test_removing_a_friend_removes_oneself_and_can_be_undone_by_asking(user, friend):
    answer = Client(friend).delete(url_of(user))
    assert (answer.status_code, answer.content) == (204, b"")
    assert friends_of(user) == friends_of(friend) == []
    assert Client(friend).delete(url_of(user)).status_code == 404
    assert Client(user).delete(url_of(friend)).status_code == 404
    befriend(friend, user)
    assert friends_of(user) == [friend.nickname]


@pytest.mark.parametrize("role", ["unverified", "sanctioned"])
def test_who_may_not_write_reads_calls_and_removes_friends(people, clients, user, role):
    services.befriend(services.new_row(user, people[role]), people[role], None)
    client = clients[role]
    assert friends_of(people[role]) == [user.nickname]
    assert timetables_of(client, user) == []
    ok(client.patch(url_of(user), {"display_name": "가"}))
    assert client.delete(url_of(user)).status_code == 204


# --- Their timetables ---
def test_a_friend_sees_what_is_for_friends_and_what_is_public(api, user, friend):
    semester = SemesterFactory(school=user.school)
    for visibility in ("private", "friends", "public"):
        TimetableFactory(user=friend, semester=semester, name=visibility, visibility=visibility)
    TimetableFactory(user=user, semester=semester, visibility="public")
    assert [row["name"] for row in timetables_of(api, friend)] == ["friends", "public"]


def test_a_friends_timetable_has_no_memo_and_no_link(api, user, friend):
    semester = SemesterFactory(school=user.school)
    client = Client(friend)
    timetable = make(client, semester, visibility="friends", theme="night")
    ok(client.put(f"/api/v1/timetables/{timetable['id']}/share/"))
    lecture = make_lecture(semester, MONDAY, title="자료구조")
    add(client, timetable["id"], lecture, memo="비밀", colour="#ff0000")
    add(client, timetable["id"], own(TUESDAY, title="알바"), memo="비밀")
    answer = api.get(f"{url_of(friend)}timetables/")
    assert "비밀" not in answer.content.decode()
    (row,) = answer.json()["results"]
    first, second = row.pop("entries")
    assert row == {
        "id": timetable["id"],
        "semester": {"id": semester.pk, "name": "2025-2"},
        "name": timetable["name"],
        "is_primary": True,
        "theme": "night",
        "total_credit": 3.0,
    }
    assert set(first) == set(second) == {"id", "lecture", "title", "times", "colour", "is_cancelled"}
    assert (first["title"], first["colour"], first["lecture"]["id"]) == ("자료구조", "#ff0000", lecture.pk)
    assert (second["title"], second["lecture"], second["times"][0]["weekday"]) == ("알바", None, 2)


def test_timetables_are_filtered_by_semester(api, user, friend):
    first, second = (SemesterFactory(school=user.school, year=year) for year in (2024, 2025))
    elsewhere = SemesterFactory()
    for semester in (first, second):
        TimetableFactory(user=friend, semester=semester, visibility="friends")
    (row,) = timetables_of(api, friend, semester=second.pk)
    assert row["semester"]["id"] == second.pk
    assert len(timetables_of(api, friend)) == 2
    for pk in (elsewhere.pk, 987_654_321):
        answer = api.get(f"{url_of(friend)}timetables/", {"semester": pk})
        assert codes(answer) == {("semester", "does_not_exist")}
    assert codes(api.get(f"{url_of(friend)}timetables/", {"semster": 1})) == {
        ("semster", "unknown_parameter")
    }


def test_what_a_friend_planned_at_another_school_is_not_shown(api, user, friend):
    TimetableFactory(user=friend, semester=SemesterFactory(), visibility="public")
    assert timetables_of(api, friend) == []


def test_a_friend_who_was_removed_shows_nothing_more(api, user, friend):
    TimetableFactory(user=friend, semester=SemesterFactory(school=user.school), visibility="public")
    assert len(timetables_of(api, friend)) == 1
    ok(api.delete(url_of(friend)))
    assert api.get(f"{url_of(friend)}timetables/").status_code == 404


def test_one_timetable_and_six_cost_the_same(api, user, friend, count_queries):
    semester = SemesterFactory(school=user.school)
    client = Client(friend)

    def plan(number):
        for _ in range(number):
            timetable = make(client, semester, visibility="friends")["id"]
            for meeting in (MONDAY, TUESDAY):
                add(client, timetable, make_lecture(semester, meeting))
            add(client, timetable, own(FRIDAY))

    plan(1)
    url = f"{url_of(friend)}timetables/"
    one = count_queries(lambda: api.get(url))
    plan(5)
    assert len(ok(api.get(url))["results"]) == 6
    assert count_queries(lambda: api.get(url)) == one <= 9


def test_an_operator_without_a_school_has_no_friends():
    assert friends_of(StaffFactory()) == []
