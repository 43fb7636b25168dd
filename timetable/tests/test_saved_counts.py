"""`saved_count`: how many people have a lecture in a timetable, however many timetables."""

import pytest
from django.core.management import call_command

from accounts.tests.factories import UserFactory
from conftest import Client
from timetable.models import Lecture, TimetableEntry
from timetable.tests.factories import TimetableFactory, make_lecture
from timetable.tests.helpers import (
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
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecture(semester):
    return make_lecture(semester, MONDAY, capacity=40)


def saved(*lectures):
    """How many have these, which is what counting anew gives."""
    assert_counts_are_right()
    return [Lecture.objects.get(pk=lecture.pk).saved_count for lecture in lectures]


def test_people_are_counted_and_not_timetables(api, clients, timetable, semester, lecture):
    add(api, timetable, lecture)
    assert saved(lecture) == [1]
    second = make(api, semester)["id"]
    add(api, second, lecture)
    assert saved(lecture) == [1]
    add(clients["other"], make(clients["other"], semester)["id"], lecture)
    assert saved(lecture) == [2]


def test_who_takes_it_out_counts_until_it_is_out_of_all(api, timetable, semester, lecture):
    first = add(api, timetable, lecture)
    second = make(api, semester)["id"]
    entry = add(api, second, lecture)
    ok(api.delete(f"{entries_of(second)}{entry['id']}/"))
    assert saved(lecture) == [1]
    ok(api.delete(f"{entries_of(timetable)}{first['id']}/"))
    assert saved(lecture) == [0]


def test_a_lecture_that_is_replaced_counts_no_more(api, timetable, semester, lecture):
    others = make_lecture(semester, MONDAY_TOO), make_lecture(semester, TUESDAY)
    for other in others:
        add(api, timetable, other)
    add(api, timetable, lecture, on_conflict="replace")
    assert saved(lecture, *others) == [1, 0, 1]
    add(api, timetable, own(MONDAY), on_conflict="replace")
    assert saved(lecture, *others) == [0, 0, 1]


def test_new_times_of_ones_own_count_out_what_they_replace(api, timetable, lecture):
    add(api, timetable, lecture)
    entry = add(api, timetable, own(TUESDAY))
    changes = {"times": own(MONDAY)["times"], "on_conflict": "replace"}
    ok(api.patch(f"{entries_of(timetable)}{entry['id']}/", changes))
    assert saved(lecture) == [0]


def test_what_is_replaced_in_one_timetable_counts_where_it_is_in_another(api, timetable, semester, lecture):
    add(api, timetable, lecture)
    add(api, make(api, semester)["id"], lecture)
    add(api, timetable, own(MONDAY), on_conflict="replace")
    assert saved(lecture) == [1]


def test_what_is_refused_counts_nothing(api, timetable, semester, lecture):
    add(api, timetable, own(MONDAY))
    assert api.post(entries_of(timetable), {"lecture": lecture.pk}).status_code == 409
    assert saved(lecture) == [0]


def test_a_copy_counts_nobody_twice_and_a_deleted_timetable_no_more(api, timetable, semester, lecture):
    another = make_lecture(semester, TUESDAY)
    for what in (lecture, another):
        add(api, timetable, what)
    copy = ok(api.post(f"{TIMETABLES}{timetable.pk}/copy/"))
    assert saved(lecture, another) == [1, 1]
    ok(api.delete(f"{TIMETABLES}{timetable.pk}/"))
    assert saved(lecture, another) == [1, 1]
    ok(api.delete(f"{TIMETABLES}{copy['id']}/"))
    assert saved(lecture, another) == [0, 0]


def test_competition_follows(api, timetable, lecture):
    add(api, timetable, lecture)
    assert Lecture.objects.get(pk=lecture.pk).competition == 25


def test_a_count_that_is_off_keeps_nobody_from_taking_it_out(api, timetable, lecture):
    entry = add(api, timetable, lecture)
    Lecture.objects.filter(pk=lecture.pk).update(saved_count=0)
    ok(api.delete(f"{entries_of(timetable)}{entry['id']}/"))
    assert saved(lecture) == [0]


# --- Recounting ---
def reconcile(capsys):
    """What the command reports of this count."""
    call_command("reconcile_counters")
    report = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    return report["lecture.saved_count"]


@pytest.mark.parametrize("wrong", [0, 7])
def test_a_wrong_count_is_mended_and_reported(api, timetable, semester, lecture, capsys, wrong):
    for user in UserFactory.create_batch(2, school=timetable.user.school):
        for row in TimetableFactory.create_batch(2, user=user, semester=semester):
            add(Client(user), row, lecture)
    assert reconcile(capsys) == "0 mended"
    Lecture.objects.filter(pk=lecture.pk).update(saved_count=wrong)
    assert reconcile(capsys) == "1 mended"
    assert saved(lecture) == [2]
    assert reconcile(capsys) == "0 mended"


def test_things_of_ones_own_count_for_no_lecture(api, timetable, lecture, capsys):
    add(api, timetable, own(MONDAY))
    assert TimetableEntry.objects.filter(lecture=None).exists()
    assert reconcile(capsys) == "0 mended"
