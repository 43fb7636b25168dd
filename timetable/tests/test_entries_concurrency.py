"""Many writers of entries at one moment: every rule holds, and no client sees an error of ours."""

import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from conftest import Client
from timetable.models import Lecture, Timetable, TimetableEntry
from timetable.tests.factories import TimetableFactory, make_lecture
from timetable.tests.helpers import (
    FRIDAY,
    MONDAY,
    MONDAY_TOO,
    TIMETABLES,
    TUESDAY,
    add,
    assert_counts_are_right,
    entries_of,
    make,
    ok,
    own,
    read,
    status_codes,
    titles,
)
from timetable.times import clash

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

ROUNDS = range(6)


def assert_nothing_clashes():
    for timetable in Timetable.objects.all():
        entries = list(timetable.entries.with_times())
        for number, entry in enumerate(entries):
            assert not any(clash(entry.times, other.times) for other in entries[:number])


# --- Entries ---
@pytest.mark.parametrize("kind", ["lectures", "own", "one of each"])
def test_of_two_that_clash_one_is_added(api, user, semester, kind):
    for _ in ROUNDS:
        timetable = TimetableFactory(user=user, semester=semester)
        lectures = [{"lecture": make_lecture(semester, time).pk} for time in (MONDAY, MONDAY_TOO)]
        mine = [own(MONDAY), own(MONDAY_TOO, title="과외")]
        bodies = {"lectures": lectures, "own": mine, "one of each": [lectures[0], mine[1]]}[kind]
        answers = at_once(
            *[lambda body=body, to=timetable: api.post(entries_of(to), body) for body in bodies]
        )
        assert status_codes(answers) == [201, 409]
    assert_nothing_clashes()
    assert_counts_are_right()


def test_a_lecture_added_eight_times_at_once_stands_there_once(api, timetable, semester):
    body = {"lecture": make_lecture(semester, MONDAY).pk, "on_conflict": "replace"}
    answers = at_once(*[lambda: api.post(entries_of(timetable), body)] * 8)
    assert status_codes(answers) == [201] + [400] * 7
    assert TimetableEntry.objects.count() == 1
    assert_counts_are_right()


def test_times_that_move_and_an_entry_that_comes_do_not_meet(api, user, semester):
    for _ in ROUNDS:
        timetable = TimetableFactory(user=user, semester=semester)
        path = f"{entries_of(timetable)}{add(api, timetable, own(FRIDAY))['id']}/"
        answers = at_once(
            lambda path=path: api.patch(path, own(MONDAY)),
            lambda to=timetable: api.post(entries_of(to), own(MONDAY_TOO)),
        )
        assert status_codes(answers) in ([200, 409], [201, 409])
    assert_nothing_clashes()


def test_replacing_and_adding_at_once_leave_no_clash(api, user, semester):
    for _ in ROUNDS:
        timetable = TimetableFactory(user=user, semester=semester)
        lectures = [make_lecture(semester, time) for time in (MONDAY, MONDAY, MONDAY_TOO)]
        add(api, timetable, lectures[0])
        answers = at_once(
            lambda to=timetable, pk=lectures[1].pk: api.post(
                entries_of(to), {"lecture": pk, "on_conflict": "replace"}
            ),
            lambda to=timetable, pk=lectures[2].pk: api.post(entries_of(to), {"lecture": pk}),
        )
        assert status_codes(answers) == [201, 409]
        assert titles(read(api, timetable)) == [lectures[1].title]
    assert_counts_are_right()


def test_sixty_are_the_most_also_at_once(api, timetable, monkeypatch):
    monkeypatch.setattr("timetable.services.entries.MAX_ENTRIES", 3)
    times = (MONDAY, TUESDAY, FRIDAY)
    for time in times[:2]:
        add(api, timetable, own(time))
    answers = at_once(*[lambda: api.post(entries_of(timetable), own(FRIDAY))] * 6)
    assert status_codes(answers) == [201] + [409] * 5
    assert TimetableEntry.objects.count() == 3


# --- Counts ---
def test_a_lecture_in_two_timetables_of_one_person_at_once_counts_once(api, user, semester):
    for _ in ROUNDS:
        lecture = make_lecture(semester, MONDAY)
        rows = TimetableFactory.create_batch(3, user=user, semester=semester)
        entries = at_once(*[lambda row=row, what=lecture: add(api, row, what) for row in rows])
        assert Lecture.objects.get(pk=lecture.pk).saved_count == 1
        at_once(
            *[
                lambda row=row, pk=entry["id"]: ok(api.delete(f"{entries_of(row)}{pk}/"))
                for row, entry in zip(rows, entries, strict=True)
            ]
        )
        assert Lecture.objects.get(pk=lecture.pk).saved_count == 0


def test_everybody_who_takes_a_lecture_at_once_is_counted(user, semester):
    lecture = make_lecture(semester, MONDAY)
    users = UserFactory.create_batch(16, school=user.school)
    rows = [TimetableFactory(user=each, semester=semester) for each in users]
    clients = [Client(each) for each in users]

    def act(number):
        entry = add(clients[number], rows[number], lecture)
        if number % 2:
            ok(clients[number].delete(f"{entries_of(rows[number])}{entry['id']}/"))

    at_once(*[lambda number=number: act(number) for number in range(16)])
    assert Lecture.objects.get(pk=lecture.pk).saved_count == 8
    assert_counts_are_right()


def test_who_swap_two_lectures_against_each_other_do_not_stop_each_other(user, semester):
    lectures = [make_lecture(semester, MONDAY, TUESDAY) for _ in range(2)]
    users = UserFactory.create_batch(8, school=user.school)
    rows = [TimetableFactory(user=each, semester=semester) for each in users]
    clients = [Client(each) for each in users]

    def act(number):
        for turn in range(6):
            add(clients[number], rows[number], lectures[(number + turn) % 2], on_conflict="replace")

    at_once(*[lambda number=number: act(number) for number in range(8)])
    assert TimetableEntry.objects.count() == 8
    assert_counts_are_right()


def test_copies_deletions_and_entries_at_once_are_counted(user, semester):
    lectures = [make_lecture(semester, time) for time in (MONDAY, TUESDAY, FRIDAY)]
    users = UserFactory.create_batch(4, school=user.school)
    clients = [Client(each) for each in users]

    def act(client, number):
        row = make(client, semester)["id"]
        for lecture in lectures[::-1] if number % 2 else lectures:
            add(client, row, lecture)
        copy = ok(client.post(f"{TIMETABLES}{row}/copy/"))
        ok(client.delete(f"{TIMETABLES}{row}/"))
        ok(client.delete(f"{entries_of(copy['id'])}{copy['entries'][number % 3]['id']}/"))

    at_once(*[lambda client=client, n=n: act(client, n) for n, client in enumerate(clients * 2)])
    assert TimetableEntry.objects.count() == 16
    assert_counts_are_right()
