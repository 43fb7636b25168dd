"""When something meets in a week, and whether two such times clash. Knows no database."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Protocol

DAY = 24 * 60
WEEKDAYS = range(1, 8)
# As many weeks as a semester can have.
MAX_WEEKS = 53


class Meets(Protocol):
    """Anything with the fields of a `Meeting`: a row of lecture or entry times, or a meeting itself."""

    @property
    def weekday(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def first_week(self) -> int | None: ...
    @property
    def last_week(self) -> int | None: ...


@dataclass(frozen=True, order=True)
class Meeting:
    """One time of the week.

    `weekday` is from 1, Monday, to 7 (ISO 8601). `start` and `end` are minutes since midnight, the end not
    included. Weeks count from 1, the week in which the semester begins; None for both is every week.
    """

    weekday: int
    start: int
    end: int
    place: str = ""
    first_week: int | None = None
    last_week: int | None = None


MEETING_FIELDS = tuple(field.name for field in fields(Meeting))


def overlap(one: Meets, other: Meets) -> bool:
    """Whether two times clash: the same weekday, half-open minutes and weeks that overlap.

    Classes back to back do not clash.
    """
    return (
        one.weekday == other.weekday
        and one.start < other.end
        and other.start < one.end
        and (one.first_week or 1) <= (other.last_week or MAX_WEEKS)
        and (other.first_week or 1) <= (one.last_week or MAX_WEEKS)
    )


def clash(some: Iterable[Meets], others: Iterable[Meets]) -> bool:
    """Whether any time of the one clashes with any of the other."""
    others = list(others)
    return any(overlap(one, other) for one in some for other in others)


def clock(minutes: int) -> str:
    """Minutes since midnight as `09:30`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
