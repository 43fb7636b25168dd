"""Many writers of timetables at one moment: every rule holds, and no client sees an error of ours."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from conftest import Client
from timetable.models import Timetable
from timetable.tests.factories import TimetableFactory, make_lecture
from timetable.tests.helpers import (
    MONDAY,
    TIMETABLES,
    add,
    assert_counts_are_right,
    entries_of,
    make,
    ok,
    read,
    status_codes,
)

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

ROUNDS = range(6)


def assert_one_is_primary(user, semester):
    rows = Timetable.objects.filter(user=user, semester=semester)
    assert rows.filter(primary=True).count() == (1 if rows.exists() else 0)


def test_of_two_first_timetables_one_is_primary(semester):
    for _ in ROUNDS:
        owner = UserFactory(school=semester.school)
        client = Client(owner)
        rows = at_once(*[lambda client=client: make(client, semester)] * 3)
        assert sorted(row["is_primary"] for row in rows) == [False, False, True]
        assert len({row["name"] for row in rows}) == 3
        assert_one_is_primary(owner, semester)


def test_a_name_is_given_once_also_at_once(api, semester):
    body = {"semester": semester.pk, "name": "플랜 A"}
    assert status_codes(at_once(*[lambda: api.post(TIMETABLES, body)] * 5)) == [201] + [400] * 4


def test_twenty_are_the_most_also_at_once(api, user, semester):
    TimetableFactory.create_batch(18, user=user, semester=semester)
    answers = at_once(*[lambda: api.post(TIMETABLES, {"semester": semester.pk})] * 6)
    assert status_codes(answers) == [201] * 2 + [409] * 4


def test_one_is_primary_whatever_is_made_chosen_and_deleted_at_once(semester):
    for _ in ROUNDS:
        owner = UserFactory(school=semester.school)
        client = Client(owner)
        first, second, third = (make(client, semester)["id"] for _ in range(3))
        answers = at_once(
            lambda client=client, pk=first: client.delete(f"{TIMETABLES}{pk}/"),
            lambda client=client, pk=second: client.delete(f"{TIMETABLES}{pk}/"),
            lambda client=client, pk=second: client.put(f"{TIMETABLES}{pk}/primary/"),
            lambda client=client, pk=third: client.put(f"{TIMETABLES}{pk}/primary/"),
            lambda client=client: client.post(TIMETABLES, {"semester": semester.pk}),
        )
        assert set(status_codes(answers)) <= {200, 201, 204, 404}
        assert_one_is_primary(owner, semester)


USER, TIMETABLE, LECTURE = "accounts_user", "timetable_timetable", "timetable_lecture"


@pytest.mark.parametrize(
    ("method", "tail", "locked"),
    [
        ("post", "", [USER]),
        ("patch", "{pk}/", [USER, TIMETABLE]),
        ("put", "{pk}/primary/", [USER, TIMETABLE]),
        ("post", "{pk}/copy/", [USER, TIMETABLE, LECTURE]),
        ("delete", "{pk}/", [USER, TIMETABLE, LECTURE]),
        ("put", "{pk}/share/", [TIMETABLE]),
        ("post", "{pk}/entries/", [TIMETABLE, LECTURE]),
        ("put", "{pk}/entries/{entry}/seen/", [TIMETABLE, LECTURE]),
        ("delete", "{pk}/entries/{entry}/", [TIMETABLE, LECTURE]),
    ],
)
def test_what_is_locked_is_locked_in_one_order(api, semester, timetable, method, tail, locked):
    """Of two who lock in different orders one would have to begin again."""
    entry = add(api, timetable, make_lecture(semester, MONDAY))
    body = {"semester": semester.pk, "lecture": make_lecture(semester).pk}
    path = TIMETABLES + tail.format(pk=timetable.pk, entry=entry["id"])
    with CaptureQueriesContext(connection) as queries:
        ok(getattr(api, method)(path, body))
    found = [re.search(r"FROM `(\w+)`", query["sql"]) for query in queries if "FOR UPDATE" in query["sql"]]
    assert [match[1] for match in found] == locked


def test_deleting_the_last_one_and_making_another_leave_a_primary_one(semester):
    for _ in ROUNDS:
        owner = UserFactory(school=semester.school)
        client = Client(owner)
        pk = make(client, semester)["id"]
        at_once(
            lambda client=client, pk=pk: ok(client.delete(f"{TIMETABLES}{pk}/")),
            lambda client=client: make(client, semester),
        )
        assert_one_is_primary(owner, semester)


def test_an_entry_comes_into_a_timetable_or_finds_it_gone(semester):
    for _ in ROUNDS:
        owner = UserFactory(school=semester.school)
        client = Client(owner)
        pk, lecture = make(client, semester)["id"], make_lecture(semester, MONDAY)
        _deleted, added = at_once(
            lambda client=client, pk=pk: ok(client.delete(f"{TIMETABLES}{pk}/")),
            lambda client=client, pk=pk, to=lecture: client.post(entries_of(pk), {"lecture": to.pk}),
        )
        assert added.status_code in (201, 404)
    assert_counts_are_right()


def test_sharing_eight_times_at_once_makes_one_link(api, timetable):
    path = f"{TIMETABLES}{timetable.pk}/share/"
    assert len({ok(answer)["share_token"] for answer in at_once(*[lambda: api.put(path)] * 8)}) == 1


def test_sharing_renaming_and_choosing_at_once_are_all_kept(api, semester):
    _first, second = make(api, semester), make(api, semester)
    path = f"{TIMETABLES}{second['id']}/"
    at_once(
        lambda: ok(api.put(f"{path}share/")),
        lambda: ok(api.patch(path, {"name": "플랜 B"})),
        lambda: ok(api.patch(path, {"theme": "night"})),
        lambda: ok(api.put(f"{path}primary/")),
    )
    row = read(api, second["id"])
    assert (row["name"], row["theme"], row["is_primary"]) == ("플랜 B", "night", True)
    assert row["share_token"]
