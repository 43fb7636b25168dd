"""What clashes in a timetable: refusing it, and replacing what is in the way."""

import pytest

from api.tests.helpers import codes
from timetable.models import Lecture, LectureTime
from timetable.models.lectures import meeting_fields
from timetable.tests.factories import SemesterFactory, TimetableFactory, make_lecture
from timetable.tests.helpers import (
    FRIDAY,
    MONDAY,
    MONDAY_TOO,
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


def refused(answer):
    """The entries in the way that a clash names."""
    assert (answer.status_code, codes(answer)) == (409, {(None, "clash")}), answer.content
    return answer.json()["errors"][0]["meta"]["entries"]


def in_the_way(*entries):
    return [{name: entry[name] for name in ("id", "title", "times")} for entry in entries]


def test_what_clashes_is_refused_and_told_what_is_in_the_way(api, timetable, semester):
    lecture = add(api, timetable, make_lecture(semester, FRIDAY, MONDAY))
    mine = add(api, timetable, own(TUESDAY))
    add(api, timetable, own(Meeting(3, 0, 600), title="과외"))
    before = read(api, timetable)
    for on_conflict in ({}, {"on_conflict": "refuse"}):
        for what in (own(MONDAY_TOO, TUESDAY), {"lecture": make_lecture(semester, MONDAY_TOO, TUESDAY).pk}):
            answer = api.post(entries_of(timetable), what | on_conflict)
            assert refused(answer) == in_the_way(lecture, mine)
    assert read(api, timetable) == before


def test_what_is_in_the_way_is_replaced_on_request_and_nothing_else(api, timetable, semester):
    for what in (make_lecture(semester, FRIDAY, MONDAY), own(TUESDAY), own(Meeting(3, 0, 600), title="과외")):
        add(api, timetable, what)
    new = make_lecture(semester, MONDAY_TOO, TUESDAY)
    add(api, timetable, new, on_conflict="replace")
    assert titles(read(api, timetable)) == ["과외", new.title]
    add(api, timetable, own(MONDAY), on_conflict="replace")
    assert titles(read(api, timetable)) == ["과외", "알바"]


@pytest.mark.parametrize(
    "other",
    [
        Meeting(1, 630, 700),  # back to back
        Meeting(1, 400, 540),
        Meeting(2, 540, 630),  # another day
        Meeting(1, 540, 630, "", 6, 16),  # other weeks
    ],
    ids=str,
)
def test_what_does_not_clash_is_taken(api, timetable, semester, other):
    add(api, timetable, make_lecture(semester, Meeting(1, 540, 630, "", 1, 5)))
    add(api, timetable, own(other))


@pytest.mark.parametrize(
    "other",
    [Meeting(1, 0, 541), Meeting(1, 625, 1440), Meeting(1, 550, 560), Meeting(1, 540, 630, "", 16, 53)],
    ids=str,
)
def test_a_minute_and_a_week_in_common_clash(api, timetable, semester, other):
    add(api, timetable, make_lecture(semester, Meeting(1, 540, 630, "", 5, 16)))
    lecture = make_lecture(semester, other)
    assert len(refused(api.post(entries_of(timetable), {"lecture": lecture.pk}))) == 1


def test_a_lecture_without_times_clashes_with_nothing(api, timetable, semester):
    for _ in range(3):
        add(api, timetable, make_lecture(semester))
    add(api, timetable, own(MONDAY))


def test_a_lecture_may_overlap_itself(api, timetable, semester):
    add(api, timetable, make_lecture(semester, MONDAY, MONDAY, MONDAY_TOO))


def test_a_cancelled_lecture_stays_says_so_and_is_in_nobodys_way(api, timetable, semester):
    lecture = make_lecture(semester, MONDAY)
    add(api, timetable, lecture)
    Lecture.objects.filter(pk=lecture.pk).update(is_cancelled=True)
    add(api, timetable, own(MONDAY))
    add(api, timetable, make_lecture(semester, MONDAY), on_conflict="replace")
    cancelled, living = read(api, timetable)["entries"]
    assert (cancelled["is_cancelled"], cancelled["lecture"]["is_cancelled"]) == (True, True)
    assert cancelled["lecture"]["id"] == lecture.pk
    assert not living["is_cancelled"]


def test_times_are_the_catalogues_of_now(api, timetable, semester):
    lecture = make_lecture(semester, MONDAY)
    add(api, timetable, lecture)
    LectureTime.objects.filter(lecture=lecture).update(weekday=5)
    add(api, timetable, own(MONDAY))
    assert read(api, timetable)["entries"][0]["times"][0]["weekday"] == 5


def test_other_timetables_are_in_nobodys_way(api, user, timetable, semester):
    lecture = make_lecture(semester, MONDAY)
    second = TimetableFactory(user=user, semester=semester)
    add(api, second, lecture)
    third = TimetableFactory(user=user, semester=SemesterFactory(school=user.school, term="winter"))
    add(api, third, own(MONDAY))
    add(api, timetable, lecture)
    assert [len(read(api, row)["entries"]) for row in (second, third)] == [1, 1]


# --- Changing times ---
def test_new_times_may_not_clash_either(api, timetable, semester):
    lecture = add(api, timetable, make_lecture(semester, MONDAY))
    entry = add(api, timetable, own(TUESDAY, FRIDAY))
    path = f"{entries_of(timetable)}{entry['id']}/"
    changes = {"title": "과외", "times": own(MONDAY_TOO)["times"]}
    assert refused(api.patch(path, changes)) == in_the_way(lecture)
    assert read(api, timetable)["entries"] == [lecture, entry]
    row = ok(api.patch(path, changes | {"on_conflict": "replace"}))
    assert row == entry | changes
    assert read(api, timetable)["entries"] == [row]


def test_an_entry_is_not_in_its_own_way(api, timetable):
    entry = add(api, timetable, own(MONDAY))
    path = f"{entries_of(timetable)}{entry['id']}/"
    for on_conflict in ("refuse", "replace"):
        changes = {"times": [meeting_fields(MONDAY_TOO)], "on_conflict": on_conflict}
        assert ok(api.patch(path, changes))["times"] == changes["times"]


def test_without_new_times_nothing_is_replaced(api, timetable, semester):
    """An import can make two entries clash, which must not undo either when the other is renamed."""
    lecture = make_lecture(semester, MONDAY)
    add(api, timetable, lecture)
    entry = add(api, timetable, own(FRIDAY))
    LectureTime.objects.filter(lecture=lecture).update(**meeting_fields(FRIDAY))
    ok(api.patch(f"{entries_of(timetable)}{entry['id']}/", {"title": "과외", "on_conflict": "replace"}))
    assert titles(read(api, timetable)) == [lecture.title, "과외"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_replaced_where_the_new_entry_is_refused(api, timetable, monkeypatch):
    add(api, timetable, own(MONDAY))
    monkeypatch.setattr("timetable.services.entries.MAX_ENTRIES", 0)
    body = own(MONDAY, title="과외") | {"on_conflict": "replace"}
    assert codes(api.post(entries_of(timetable), body)) == {(None, "too_many_entries")}
    assert titles(read(api, timetable)) == ["알바"]
