"""What the catalogue changed about a lecture, as who has it in a timetable is told."""

from datetime import datetime

import pytest

from timetable.models import LectureChange
from timetable.models.lectures import meeting_fields
from timetable.tests.factories import make_lecture
from timetable.tests.helpers import FRIDAY, MONDAY, add, entries_of, ok, own, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecture(semester):
    return make_lecture(semester, MONDAY)


def changes_of(api, timetable):
    return read(api, timetable)["entries"][0]["changes"]


def test_an_entry_shows_what_has_changed_since_it_was_put_there(api, timetable, lecture):
    lecture.changes.create(fields={"title": ["먼저", "나중"]})
    add(api, timetable, lecture)
    assert changes_of(api, timetable) == []
    times = [[meeting_fields(MONDAY)], [meeting_fields(FRIDAY)]]
    lecture.changes.create(fields={"times": times, "professor": ["", "김민준"]})
    last = lecture.changes.create(fields={"is_cancelled": [False, True]})
    rows = changes_of(api, timetable)
    assert [datetime.fromisoformat(rows[-1].pop("at"))] == [last.created_at]
    for row in rows[:-1]:
        assert row.pop("at").endswith("+09:00")
    assert rows == [
        {"field": "times", "before": times[0], "after": times[1]},
        {"field": "professor", "before": "", "after": "김민준"},
        {"field": "is_cancelled", "before": False, "after": True},
    ]


def test_what_one_has_seen_is_told_no_more(api, timetable, lecture):
    entry = add(api, timetable, lecture, memo="메모")
    lecture.changes.create(fields={"title": ["a", "b"]})
    path = f"{entries_of(timetable)}{entry['id']}/seen/"
    assert [ok(api.put(path)) for _ in range(2)] == [entry, entry]
    assert changes_of(api, timetable) == []
    lecture.changes.create(fields={"title": ["b", "c"]})
    assert [change["after"] for change in changes_of(api, timetable)] == ["c"]


def test_seeing_is_each_entrys_own(api, clients, timetable, lecture, semester):
    entry = add(api, timetable, lecture)
    other = ok(clients["other"].post("/api/v1/timetables/", {"semester": semester.pk}))
    add(clients["other"], other["id"], lecture)
    lecture.changes.create(fields={"title": ["a", "b"]})
    ok(api.put(f"{entries_of(timetable)}{entry['id']}/seen/"))
    assert len(changes_of(clients["other"], other["id"])) == 1


def test_something_of_ones_own_has_no_changes_to_see(api, timetable):
    entry = add(api, timetable, own(MONDAY))
    assert ok(api.put(f"{entries_of(timetable)}{entry['id']}/seen/")) == entry


def test_changing_colour_or_memo_is_not_seeing(api, timetable, lecture):
    entry = add(api, timetable, lecture)
    lecture.changes.create(fields={"title": ["a", "b"]})
    ok(api.patch(f"{entries_of(timetable)}{entry['id']}/", {"memo": "메모"}))
    assert len(changes_of(api, timetable)) == LectureChange.objects.count() == 1


def test_a_field_that_changed_twice_is_told_once_and_one_that_changed_back_not_at_all(
    api, timetable, lecture
):
    add(api, timetable, lecture)
    lecture.changes.create(fields={"title": ["a", "b"], "professor": ["김민준", ""]})
    last = lecture.changes.create(fields={"title": ["b", "c"], "professor": ["", "김민준"]})
    (change,) = changes_of(api, timetable)
    assert datetime.fromisoformat(change.pop("at")) == last.created_at
    assert change == {"field": "title", "before": "a", "after": "c"}
