"""A shared timetable as iCalendar, read by two parsers."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from timetable.calendar import calendar_of, occurrences
from timetable.models import EntryTime, Lecture, Semester, Timetable, TimetableEntry
from timetable.models.lectures import meeting_fields
from timetable.tests.factories import make_lecture
from timetable.tests.helpers import MONDAY, TIMETABLES, TUESDAY, add, entries_of, ok, own
from timetable.times import Meeting

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2025, 8, 20, 3, tzinfo=UTC)
AUTUMN = Semester(year=2025, term="2", starts_on=date(2025, 9, 3), ends_on=date(2025, 12, 18))  # Wed, Thu


def entry_of(*meetings, title="알바", pk=1):
    """Something of one's own that no database has seen."""
    entry = TimetableEntry(pk=pk, title=title)
    times = [EntryTime(entry=entry, **meeting_fields(meeting)) for meeting in meetings]
    entry._prefetched_objects_cache = {"own_times": times}
    return entry


def content_of(*entries, semester=AUTUMN, name="플랜 A", token="f" * 32):
    timetable = Timetable(pk=1, semester=semester, name=name, share_token=token)
    timetable._prefetched_objects_cache = {"entries": list(entries)}
    return calendar_of(timetable, NOW)


def events(content):
    """The events, each parser agreeing that it is a calendar, and RFC 5545 on its lines."""
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert not any(len(line) > 75 or b"\n" in line or b"\r" in line for line in lines)
    content.decode()
    parsed = IcsCalendarStream.calendar_from_ics(content.decode())
    by_other = Calendar.from_ical(content)
    assert not by_other.errors
    assert len(by_other.walk("VEVENT")) == len(parsed.events)
    return parsed.events


def starts(content):
    """When what takes place begins, in order, as `ical` works it out."""
    parsed = IcsCalendarStream.calendar_from_ics(content.decode())
    return [event.dtstart for event in parsed.timeline]


def at(day, minutes):
    return datetime.combine(day, time(), SEOUL) + timedelta(minutes=minutes)


# --- When ---
def brute_force(meeting, semester):
    """Every day of the semester on which a meeting takes place, day by day."""
    days = (semester.ends_on - semester.starts_on).days + 1
    monday = semester.starts_on - timedelta(days=semester.starts_on.weekday())
    found = []
    for day in (semester.starts_on + timedelta(days=n) for n in range(days)):
        week = (day - monday).days // 7 + 1
        if day.isoweekday() == meeting.weekday and (
            meeting.first_week is None or meeting.first_week <= week <= meeting.last_week
        ):
            found.append(day)
    return found


@st.composite
def semesters(draw):
    starts_on = draw(st.dates(date(2000, 1, 1), date(2100, 12, 1)))
    return Semester(year=2025, term="2", starts_on=starts_on, ends_on=starts_on + draw(lengths))


lengths = st.integers(1, 370).map(lambda days: timedelta(days=days))
weeks = st.tuples(st.integers(1, 53), st.integers(1, 53)).map(sorted) | st.just([None, None])


@st.composite
def meetings(draw):
    start, end = sorted(draw(st.lists(st.integers(0, 1440), min_size=2, max_size=2, unique=True)))
    return Meeting(draw(st.integers(1, 7)), start, end, "", *draw(weeks))


@given(semesters(), meetings())
def test_a_meeting_takes_place_on_just_its_days_of_the_semester(semester, meeting):
    first, number = occurrences(meeting, semester)
    assert [first + timedelta(weeks=n) for n in range(number)] == brute_force(meeting, semester)


@given(semesters(), st.lists(meetings(), min_size=1, max_size=3, unique=True))
def test_a_parser_finds_each_meeting_on_just_its_days(semester, meetings):
    content = content_of(entry_of(*meetings), semester=semester)
    events(content)
    expected = [at(day, meeting.start) for meeting in meetings for day in brute_force(meeting, semester)]
    assert starts(content) == sorted(expected)


def test_a_semester_that_begins_on_a_wednesday_begins_on_that_day():
    content = content_of(entry_of(Meeting(1, 540, 615), Meeting(3, 540, 615)))
    found = starts(content)
    assert found[:2] == [at(date(2025, 9, 3), 540), at(date(2025, 9, 8), 540)]
    assert found[-1] == at(date(2025, 12, 17), 540)


def test_weeks_count_from_the_monday_of_the_first_one():
    content = content_of(entry_of(Meeting(3, 540, 615, "", 2, 3)))
    assert starts(content) == [at(date(2025, 9, 10), 540), at(date(2025, 9, 17), 540)]


def test_a_meeting_that_never_takes_place_is_left_out():
    content = content_of(entry_of(Meeting(1, 540, 615, "", 1, 1), Meeting(2, 540, 615, "", 40, 53)))
    assert events(content) == []


def test_a_meeting_takes_as_long_as_it_does_also_to_midnight():
    content = content_of(entry_of(Meeting(3, 1380, 1440), Meeting(4, 545, 600)))
    first, second = events(content)
    assert (first.dtstart, first.dtend) == (at(date(2025, 9, 3), 1380), at(date(2025, 9, 4), 0))
    assert (second.dtstart, second.dtend) == (at(date(2025, 9, 4), 545), at(date(2025, 9, 4), 600))


def test_times_are_of_a_time_zone_that_the_calendar_explains():
    content = content_of(entry_of(MONDAY))
    assert b"\r\nDTSTART;TZID=Asia/Seoul:20250908T090000\r\n" in content
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Seoul"
    assert zone.to_tz().utcoffset(datetime(2025, 9, 8)) == timedelta(hours=9)


# --- What ---
def test_an_event_has_a_title_place_and_moment_of_making():
    (event,) = events(content_of(entry_of(Meeting(3, 540, 600, "K401"), title="과외")))
    assert (event.summary, event.location, event.description) == ("과외", "K401", None)
    assert event.dtstamp == NOW


def test_the_calendar_has_the_timetables_name():
    assert "\r\nX-WR-CALNAME:플랜\\, A\\; \\\\\r\n".encode() in content_of(name="플랜, A; \\")


def test_a_lecture_with_two_rooms_at_one_time_is_one_event():
    one, other = Meeting(3, 540, 600, "K401"), Meeting(3, 540, 600, "K402")
    (event,) = events(content_of(entry_of(one, other, one, Meeting(3, 540, 600))))
    assert event.location == "K401, K402"
    different = [
        Meeting(3, 540, 600),
        Meeting(3, 540, 605),
        Meeting(3, 540, 600, "", 1, 5),
        Meeting(4, 540, 600),
    ]
    assert len(events(content_of(entry_of(*different)))) == 4


@given(st.text(min_size=1, max_size=50), st.text(max_size=200))
def test_any_text_is_read_as_it_was_written_but_for_control_characters(title, place):
    content = content_of(entry_of(Meeting(3, 540, 600, place), title=title), name=title[:30])
    (event,) = events(content)
    assert shown(event.summary) == shown(title)
    assert event.location is None or shown(event.location) == shown(place)


def shown(text):
    return "".join(character for character in text if character.isprintable() and character != " ")


def test_line_ends_and_control_characters_are_harmless():
    title = "과제\r\nBEGIN:VALARM\rX\x0bY\x85Z\u2028W\0"
    (event,) = events(content_of(entry_of(MONDAY, title=title)))
    assert event.summary == "과제\nBEGIN:VALARM\nX Y Z W "
    assert event.alarm == []


def test_ids_stay_the_same_and_differ_by_event_and_by_link():
    entries = [entry_of(MONDAY, TUESDAY, pk=1), entry_of(MONDAY, pk=2)]
    found = [event.uid for event in events(content_of(*entries))]
    assert len(set(found)) == 3
    assert [event.uid for event in events(content_of(*entries))] == found
    assert not set(found) & {event.uid for event in events(content_of(*entries, token="e" * 32))}


# --- Through the API ---
@pytest.fixture
def path(api, timetable):
    token = ok(api.put(f"{TIMETABLES}{timetable.pk}/share/"))["share_token"]
    return f"/api/v1/shared-timetables/{token}/calendar.ics"


def test_the_link_has_a_calendar(api, anonymous, timetable, semester, path):
    lecture = make_lecture(semester, Meeting(1, 540, 615, "K401", 1, 8), title="자료구조", professor="김민준")
    add(api, timetable, lecture)
    add(api, timetable, own(TUESDAY))
    answer = anonymous.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    first, second = events(answer.content)
    assert (first.summary, first.location, first.description) == ("자료구조", "K401", "김민준")
    assert (second.summary, second.location, second.description) == ("알바", None, None)
    assert (len(starts(answer.content)), first.rrule.count, second.rrule.count) == (24, 8, 16)


def test_an_empty_timetable_has_a_calendar(anonymous, path):
    assert events(anonymous.get(path).content) == []


def test_a_cancelled_lecture_has_no_event(api, anonymous, timetable, semester, path):
    lecture = make_lecture(semester, MONDAY)
    add(api, timetable, lecture)
    Lecture.objects.filter(pk=lecture.pk).update(is_cancelled=True)
    assert events(anonymous.get(path).content) == []


def test_ids_stay_when_something_else_is_changed(api, anonymous, timetable, path):
    entry = add(api, timetable, own(MONDAY))
    before = [event.uid for event in events(anonymous.get(path).content)]
    ok(api.patch(f"{entries_of(timetable)}{entry['id']}/", {"title": "과외", "memo": "메모"}))
    assert [event.uid for event in events(anonymous.get(path).content)] == before


@pytest.mark.parametrize(
    "accept",
    [None, "*/*", "text/calendar", "text/calendar;q=0.9, */*;q=0.1", "application/json", "text/html", "?"],
)
def test_calendar_apps_of_all_kinds_are_answered(anonymous, path, accept):
    headers = {} if accept is None else {"HTTP_ACCEPT": accept}
    answer = anonymous.get(path, **headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert anonymous.head(path, **headers).status_code == 200
    missing = anonymous.get(path.replace("calendar.ics", "calendar.ics/"), **headers)
    revoked = anonymous.get(f"/api/v1/shared-timetables/{'f' * 32}/calendar.ics", **headers)
    for error in (missing, revoked):
        assert (error.status_code, error["Content-Type"]) == (404, "application/json")
        assert error.json()["errors"][0]["code"] == "not_found"
