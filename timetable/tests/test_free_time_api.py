"""Comparing weeks with friends."""

import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from conftest import Client
from timetable.models import Timetable
from timetable.services import friends as services
from timetable.tests.factories import SemesterFactory, TimetableFactory, make_lecture
from timetable.tests.friends import FRIENDS, ask, befriend
from timetable.tests.helpers import add, make, ok, own
from timetable.times import Meeting

pytestmark = pytest.mark.django_db

FREE_TIME = f"{FRIENDS}free-time/"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def friends(user):
    """Two friends, 가 and 나."""
    people = [UserFactory(school=user.school, nickname=f"{name}친구") for name in "가나"]
    for person in people:
        befriend(user, person)
    return people


def attend(person, semester, *meetings, visibility="friends", **fields):
    """A primary timetable with a lecture at these times."""
    client = Client(person)
    timetable = make(client, semester, visibility=visibility)["id"]
    return add(client, timetable, make_lecture(semester, *meetings, **fields))


def compare(client, semester, *people, **query):
    users = [str(person.pk) for person in people]
    return ok(client.get(FREE_TIME, {"semester": semester.pk, "users": users} | query))


def windows(answer, weekday=1):
    return [(row["start"], row["end"]) for row in answer["windows"] if row["weekday"] == weekday]


MONDAY = {"first_weekday": 1, "last_weekday": 1}


def test_a_window_is_free_for_all_and_busy_names_who_is_in_class(api, user, semester, friends):
    attend(user, semester, Meeting(1, 540, 630), visibility="private")
    attend(friends[0], semester, Meeting(1, 600, 720), visibility="friends")
    attend(friends[1], semester, Meeting(1, 900, 975), visibility="public")
    answer = compare(api, semester, *friends, **MONDAY)
    me, first, second = (str(person.pk) for person in (user, *friends))
    assert windows(answer) == [(720, 900), (975, 1080)]
    assert [(row["start"], row["end"], set(row["users"])) for row in answer["busy"]] == [
        (540, 600, {me}),
        (600, 630, {me, first}),
        (630, 720, {first}),
        (900, 975, {second}),
    ]
    assert answer["semester"] == {"id": semester.pk, "name": "2025-2"}
    assert answer["week"] is None
    assert [person["user"]["id"] for person in answer["people"]] == [me, first, second]
    timetable = Timetable.objects.get(user=friends[0])
    assert answer["people"][1]["timetable"] == {"id": timetable.pk, "name": timetable.name}


def test_one_calls_friends_by_ones_own_names(api, semester, friends):
    ok(api.patch(f"{FRIENDS}{friends[0].pk}/", {"display_name": "민지"}))
    people = compare(api, semester, *friends)["people"]
    assert [person["display_name"] for person in people][1:] == ["민지", "나친구"]


def test_who_does_not_show_a_timetable_is_not_taken_for_free(api, user, semester, friends):
    """None, a private one, and one that is shown but not primary: all the same."""
    attend(user, semester, Meeting(1, 540, 600))
    for visibility in (None, "private"):
        if visibility:
            attend(friends[0], semester, Meeting(1, 900, 1000), visibility=visibility)
        answer = compare(api, semester, friends[0], **MONDAY)
        assert answer["people"][1]["timetable"] is None
        assert windows(answer) == [(600, 1080)]
        assert "900" not in str(answer["busy"])
    TimetableFactory(user=friends[0], semester=semester, visibility="public")
    assert compare(api, semester, friends[0], **MONDAY)["people"][1]["timetable"] is None


def test_lectures_fill_their_weeks(api, semester, friends):
    attend(friends[0], semester, Meeting(1, 540, 720, first_week=1, last_week=8))
    for week, expected in ((1, [(720, 1080)]), (8, [(720, 1080)]), (9, [(540, 1080)]), (16, [(540, 1080)])):
        answer = compare(api, semester, friends[0], week=week, **MONDAY)
        assert windows(answer) == expected
        assert answer["week"] == week
    assert windows(compare(api, semester, friends[0], **MONDAY)) == [(720, 1080)]
    answer = api.get(FREE_TIME, {"semester": semester.pk, "users": friends[0].pk, "week": 17})
    assert codes(answer) == {("week", "out_of_range")}


def test_cancelled_lectures_take_no_time_and_own_things_do(api, semester, friends):
    entry = attend(friends[0], semester, Meeting(1, 540, 720))
    timetable = Timetable.objects.get(user=friends[0])
    add(Client(friends[0]), timetable, own(Meeting(1, 780, 840)))
    timetable.entries.get(pk=entry["id"]).lecture.__class__.objects.update(is_cancelled=True)
    assert windows(compare(api, semester, friends[0], **MONDAY)) == [(540, 780), (840, 1080)]


def test_days_hours_and_the_length_of_windows_are_chosen(api, semester, friends):
    attend(friends[0], semester, Meeting(1, 600, 660), Meeting(6, 0, 1440))
    answer = compare(api, semester, friends[0])
    assert [row["weekday"] for row in answer["windows"]] == [1, 1, 2, 3, 4, 5]
    assert windows(answer) == [(540, 600), (660, 1080)]
    chosen = {"first_weekday": 1, "last_weekday": 7, "from": 0, "to": 1440, "minutes": 600}
    answer = compare(api, semester, friends[0], **chosen)
    assert windows(answer) == [(0, 600), (660, 1440)]
    assert windows(compare(api, semester, friends[0], **chosen | {"minutes": 601})) == [(660, 1440)]
    assert [row["weekday"] for row in answer["windows"]] == [1, 1, 2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"semester": None}, ("semester", "required")),
        ({"users": None}, ("users", "required")),
        ({"users": ""}, ("users", "blank")),
        ({"users": "x"}, ("users", "invalid")),
        ({"users": [NOBODY] * 51}, ("users", "max_length")),
        ({"from": 1440}, ("from", "out_of_range")),
        ({"from": "09:00"}, ("from", "invalid")),
        ({"from": 600, "to": 600}, ("to", "not_after")),
        ({"from": 1200}, ("to", "not_after")),
        ({"first_weekday": 3, "last_weekday": 2}, ("last_weekday", "not_after")),
        ({"first_weekday": 6}, ("last_weekday", "not_after")),
        ({"last_weekday": 8}, ("last_weekday", "out_of_range")),
        ({"week": 0}, ("week", "out_of_range")),
        ({"minutes": 0}, ("minutes", "out_of_range")),
        ({"user": "x"}, ("user", "unknown_parameter")),
    ],
)
def test_what_makes_no_sense_is_refused(api, semester, friends, query, error):
    asked = {"semester": semester.pk, "users": str(friends[0].pk)} | query
    answer = api.get(FREE_TIME, {name: value for name, value in asked.items() if value is not None})
    assert (answer.status_code, codes(answer)) == (400, {error})


def test_who_is_no_friend_does_not_exist(api, user, semester, friends):
    stranger, asked = UserFactory.create_batch(2, school=user.school)
    ok(ask(user, asked))
    answers = [
        api.get(FREE_TIME, {"semester": semester.pk, "users": [str(friends[0].pk), pk]})
        for pk in (NOBODY, str(stranger.pk), str(asked.pk), str(user.pk))
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(400, answers[0].content)}
    assert codes(answers[0]) == {("users", "does_not_exist")}


def test_a_semester_of_another_school_does_not_exist(api, friends):
    for pk in (SemesterFactory().pk, 987_654_321):
        answer = api.get(FREE_TIME, {"semester": pk, "users": str(friends[0].pk)})
        assert codes(answer) == {("semester", "does_not_exist")}


def test_naming_a_friend_twice_is_once(api, semester, friends):
    assert len(compare(api, semester, friends[0], friends[0])["people"]) == 2


def test_one_friend_and_twelve_cost_the_same(api, user, semester, count_queries):
    def make_friends(number):
        people = UserFactory.create_batch(number, school=user.school)
        for person in people:
            services.befriend(services.new_row(user, person), user, None)
            attend(person, semester, Meeting(1, 540, 600))
        return people

    people = make_friends(1)
    one = count_queries(lambda: compare(api, semester, *people))
    people += make_friends(11)
    assert len(compare(api, semester, *people)["people"]) == 12 + 1
    assert count_queries(lambda: compare(api, semester, *people)) == one <= 9
