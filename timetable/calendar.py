"""A timetable as a calendar: iCalendar, RFC 5545."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils.timezone import get_default_timezone, get_default_timezone_name
from icalendar import Calendar, Event, Timezone, vText

from timetable.models import Semester, Timetable, TimetableEntry
from timetable.models.lectures import WeeklyTime
from timetable.times import Meeting, Meets

WEEK = timedelta(weeks=1)


def calendar_of(timetable: Timetable, now: datetime) -> bytes:
    """The calendar of a shared timetable: what takes place, in the weeks of its semester."""
    calendar = Calendar()
    calendar.add("prodid", "-//Madang//Timetable//KO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(plain(timetable.name)))
    calendar.add_component(time_zone())
    for entry in timetable.entries.all():
        if entry.takes_place:
            for event in events_of(entry, timetable):
                event.add("dtstamp", now)
                calendar.add_component(event)
    return calendar.to_ical()


@cache
def time_zone() -> Timezone:
    """The server's time zone in the years a semester can be of. Worked out once: it takes 30 ms."""
    return Timezone.from_tzid(
        get_default_timezone_name(), first_date=date(2000, 1, 1), last_date=date(2102, 1, 1)
    )


def events_of(entry: TimetableEntry, timetable: Timetable) -> Iterator[Event]:
    """An event for each time at which an entry meets at least once."""
    for meeting in merged(entry.times):
        first, number = occurrences(meeting, timetable.semester)
        if number:
            event = weekly_event(meeting, first, number)
            event.add("uid", uid(timetable, entry, meeting))
            event.add("summary", plain(entry.display_title))
            if meeting.place:
                event.add("location", plain(meeting.place))
            if entry.lecture and entry.lecture.professor:
                event.add("description", plain(entry.lecture.professor))
            yield event


def merged(times: Sequence[WeeklyTime]) -> list[Meeting]:
    """The times, each once: a lecture that has two rooms at one time meets there once."""
    places: dict[Meeting, dict[str, None]] = {}
    for one in times:
        bare = Meeting(one.weekday, one.start, one.end, "", one.first_week, one.last_week)
        places.setdefault(bare, {})[one.place] = None
    return [replace(bare, place=", ".join(filter(None, names))) for bare, names in places.items()]


def occurrences(meeting: Meets, semester: Semester) -> tuple[date, int]:
    """The first day on which a meeting takes place, and how often it does, week by week; maybe never."""
    begin, end = semester.starts_on, semester.ends_on
    if meeting.first_week and meeting.last_week:
        begin = max(begin, semester.first_monday + WEEK * (meeting.first_week - 1))
        end = min(end, semester.first_monday + WEEK * meeting.last_week - timedelta(days=1))
    first = begin + timedelta(days=(meeting.weekday - begin.isoweekday()) % 7)
    return first, max(0, (end - first).days // 7 + 1)


def weekly_event(meeting: Meets, first: date, number: int) -> Event:
    """An event from its first day on, `number` times."""
    midnight = datetime.combine(first, time(), get_default_timezone())
    event = Event()
    event.add("dtstart", midnight + timedelta(minutes=meeting.start))
    event.add("dtend", midnight + timedelta(minutes=meeting.end))
    if number > 1:
        event.add("rrule", {"freq": "weekly", "count": number})
    return event


def uid(timetable: Timetable, entry: TimetableEntry, meeting: Meeting) -> str:
    """The same whenever the link is read, and another for another link. No id can be read from it."""
    weeks = (meeting.first_week, meeting.last_week)
    named = (timetable.share_token, entry.pk, meeting.weekday, meeting.start, meeting.end, *weeks)
    return hashlib.sha256(repr(named).encode()).hexdigest()[:32]


def plain(text: str) -> str:
    """A text without what iCalendar has no place for: control characters, and line ends but `\\n`."""
    text = re.sub(r"\r\n?", "\n", text)
    return "".join(" " if is_control(character) else character for character in text)


def is_control(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in ("Cc", "Zl", "Zp")
