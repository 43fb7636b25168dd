"""Timetables, as clients make and read them."""

from typing import Any

from conftest import Client
from timetable.models import Lecture, Timetable
from timetable.models.lectures import meeting_fields
from timetable.times import Meeting

TIMETABLES = "/api/v1/timetables/"
# Three that do not clash, and one that clashes with the first alone.
MONDAY, TUESDAY, FRIDAY = Meeting(1, 540, 630, "K401"), Meeting(2, 540, 630), Meeting(5, 1080, 1320)
MONDAY_TOO = Meeting(1, 625, 700)


def entries_of(timetable: Timetable | int) -> str:
    """The path of a timetable's entries."""
    return f"{TIMETABLES}{getattr(timetable, 'pk', timetable)}/entries/"


def own(*meetings: Meeting, title: str = "알바", **fields: Any) -> dict[str, Any]:
    """A body for something of one's own."""
    return {"title": title, "times": [meeting_fields(meeting) for meeting in meetings]} | fields


def ok(answer: Any) -> Any:
    """The body of an answer that must be no error."""
    assert answer.status_code < 300, answer.content
    return answer.json() if answer.content else None


def make(client: Client, semester: Any, **fields: Any) -> dict[str, Any]:
    """A new timetable."""
    return ok(client.post(TIMETABLES, {"semester": semester.pk} | fields))


def add(client: Client, timetable: Timetable | int, what: Lecture | dict[str, Any], **fields: Any) -> Any:
    """Put a lecture, or something of one's own, into a timetable: the entry."""
    body = {"lecture": what.pk} if isinstance(what, Lecture) else what
    return ok(client.post(entries_of(timetable), body | fields))


def read(client: Client, timetable: Timetable | int) -> dict[str, Any]:
    return ok(client.get(f"{TIMETABLES}{getattr(timetable, 'pk', timetable)}/"))


def titles(timetable: dict[str, Any]) -> list[str]:
    """What is in a timetable."""
    return [entry["title"] for entry in timetable["entries"]]


def status_codes(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def assert_counts_are_right() -> None:
    """Every lecture is counted for just the people who have it."""
    for lecture in Lecture.objects.all():
        people = set(lecture.entries.values_list("timetable__user", flat=True))
        assert lecture.saved_count == len(people), lecture
