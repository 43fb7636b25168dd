"""Copying timetables."""

from datetime import timedelta

import pytest
from django.utils import timezone

from api.tests.helpers import codes
from timetable.models import Lecture, TimetableEntry
from timetable.tests.factories import TimetableFactory, make_lecture
from timetable.tests.helpers import FRIDAY, MONDAY, TIMETABLES, TUESDAY, add, make, ok, own, read

pytestmark = pytest.mark.django_db


def copy(client, pk, **body):
    return ok(client.post(f"{TIMETABLES}{pk}/copy/", body))


@pytest.fixture
def full(api, timetable, semester):
    """A public, shared timetable with a lecture, a cancelled one and two things of one's own."""
    add(api, timetable, own(FRIDAY, TUESDAY, colour="#ff0000", memo="메모"))
    cancelled = make_lecture(semester, MONDAY)
    add(api, timetable, cancelled)
    Lecture.objects.filter(pk=cancelled.pk).update(is_cancelled=True)
    add(api, timetable, make_lecture(semester, MONDAY), colour="#00ff00", memo="과제")
    add(api, timetable, own(MONDAY, title="동아리"), on_conflict="replace")
    ok(api.patch(f"{TIMETABLES}{timetable.pk}/", {"visibility": "public", "theme": "night"}))
    ok(api.put(f"{TIMETABLES}{timetable.pk}/share/"))
    return timetable


def test_a_copy_has_the_same_in_it_and_is_private_unshared_and_not_primary(api, full):
    answer = api.post(f"{TIMETABLES}{full.pk}/copy/")
    assert answer.status_code == 201
    row, before = answer.json(), read(api, full)
    assert row["id"] != before["id"]
    assert row["name"] == f"{full.name} (2)"
    assert (row["is_primary"], row["visibility"], row["share_token"]) == (False, "private", None)
    assert [row[name] for name in ("semester", "theme")] == [before[name] for name in ("semester", "theme")]
    for entry in (*row["entries"], *before["entries"]):
        del entry["id"], entry["created_at"]
    assert row["entries"] == before["entries"]
    assert len(row["entries"]) == 3


def test_a_copy_and_what_it_was_made_from_change_apart(api, full):
    row = copy(api, full.pk)
    entry = row["entries"][0]
    ok(api.patch(f"{TIMETABLES}{row['id']}/entries/{entry['id']}/", own(TUESDAY, title="다른")))
    ok(api.delete(f"{TIMETABLES}{row['id']}/entries/{row['entries'][1]['id']}/"))
    kept = read(api, full)["entries"]
    assert (len(kept), kept[0]["title"], len(kept[0]["times"])) == (3, "알바", 2)


def test_what_one_has_seen_one_has_seen_in_the_copy(api, timetable, semester):
    lecture = make_lecture(semester)
    entry = add(api, timetable, lecture)
    moment = timezone.now() - timedelta(days=1)
    TimetableEntry.objects.filter(pk=entry["id"]).update(changes_seen_at=moment)
    lecture.changes.create(fields={"title": ["a", "b"]})
    assert len(copy(api, timetable.pk)["entries"][0]["changes"]) == 1


@pytest.mark.parametrize(
    ("names", "copied"),
    [
        (["A"], "A (2)"),
        (["A", "a(2)", "A (4)"], "A (3)"),
        (["A (2)"], "A (3)"),
        (["A (2)", "A (3)"], "A (4)"),
        (["가" * 30], "가" * 26 + " (2)"),
        (["A" * 25 + " 12 4"], "A" * 25 + " (2)"),
    ],
)
def test_a_copy_is_called_after_what_it_was_made_from(api, user, semester, names, copied):
    rows = [TimetableFactory(user=user, semester=semester, name=name) for name in names]
    assert copy(api, rows[0].pk)["name"] == copied


def test_a_copy_can_be_given_a_name(api, semester):
    row = make(api, semester, name="A")
    assert copy(api, row["id"], name=" B ")["name"] == "B"
    refused = api.post(f"{TIMETABLES}{row['id']}/copy/", {"name": "a"})
    assert (refused.status_code, codes(refused)) == (400, {("name", "unique")})
    assert codes(api.post(f"{TIMETABLES}{row['id']}/copy/", {"name": ""})) == {("name", "blank")}


def test_a_copy_stays_in_its_semester(api, timetable):
    assert copy(api, timetable.pk, semester=10**6)["semester"]["id"] == timetable.semester_id
