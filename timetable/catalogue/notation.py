"""Times as our own format writes them: `mon 09:00-10:15 @ 공학관 401; weeks 1-8 fri 13:00-15:00`."""

import re
from collections.abc import Iterable

from timetable.times import Meeting, clock

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KOREAN_DAYS = "월화수목금토일"
WEEKDAY_OF = {day: number for days in (DAYS, KOREAN_DAYS) for number, day in enumerate(days, 1)}

TIME = re.compile(
    r"""(?:weeks\s+(?P<first>[0-9]{1,2})\s*-\s*(?P<last>[0-9]{1,2})\s+)?
    (?P<day>[a-z]{3}|[월화수목금토일])\s+
    (?P<start>[0-9]{1,2}:[0-5][0-9])\s*-\s*(?P<end>[0-9]{1,2}:[0-5][0-9])
    (?:\s+@\s+(?P<place>.+))?""",
    re.IGNORECASE | re.VERBOSE,
)


def read_times(text: str) -> list[Meeting]:
    """The times in a text. Raises ValueError for one that is not understood. A place has no semicolon."""
    return [read_time(part.strip()) for part in text.split(";")]


def read_time(text: str) -> Meeting:
    found = TIME.fullmatch(text)
    if found is None or found["day"].lower() not in WEEKDAY_OF:
        raise ValueError(text)
    return Meeting(
        weekday=WEEKDAY_OF[found["day"].lower()],
        start=minutes(found["start"]),
        end=minutes(found["end"]),
        place=found["place"] or "",
        first_week=int(found["first"]) if found["first"] else None,
        last_week=int(found["last"]) if found["last"] else None,
    )


def minutes(time: str) -> int:
    """`09:30` as minutes since midnight."""
    hour, _colon, minute = time.partition(":")
    return int(hour) * 60 + int(minute)


def write_times(meetings: Iterable[Meeting]) -> str:
    """The times as `read_times` reads them."""
    return "; ".join(map(write_time, meetings))


def write_time(meeting: Meeting) -> str:
    weeks = f"weeks {meeting.first_week}-{meeting.last_week} " if meeting.first_week else ""
    place = f" @ {meeting.place}" if meeting.place else ""
    return f"{weeks}{DAYS[meeting.weekday - 1]} {clock(meeting.start)}-{clock(meeting.end)}{place}"
