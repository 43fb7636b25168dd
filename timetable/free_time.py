"""When several people are free together, and who is in class when. Knows no database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from timetable.times import Meets

K = TypeVar("K")


@dataclass(frozen=True)
class Span(Generic[K]):
    """A part of a weekday, in minutes since midnight, the end not included; and who is in class then."""

    weekday: int
    start: int
    end: int
    people: frozenset[K]


@dataclass(frozen=True)
class Range:
    """What is looked at: from one weekday to another, both included, between two minutes of each.

    `week` is one week of the semester; None takes what meets in any week for busy in all.
    """

    first_weekday: int
    last_weekday: int
    start: int
    end: int
    week: int | None = None

    @property
    def weekdays(self) -> range:
        return range(self.first_weekday, self.last_weekday + 1)

    def holds(self, meeting: Meets) -> bool:
        """Whether a meeting is in the week that is looked at."""
        if self.week is None or meeting.first_week is None or meeting.last_week is None:
            return True
        return meeting.first_week <= self.week <= meeting.last_week


def spans(classes: Mapping[K, Iterable[Meets]], within: Range) -> list[Span[K]]:
    """The whole range, cut wherever somebody comes or goes: of two neighbours the people differ."""
    days: dict[int, list[tuple[K, Meets]]] = defaultdict(list)
    for person, meetings in classes.items():
        for meeting in meetings:
            if within.holds(meeting):
                days[meeting.weekday].append((person, meeting))
    return [span for weekday in within.weekdays for span in cut_day(weekday, days[weekday], within)]


def cut_day(weekday: int, meetings: Iterable[tuple[K, Meets]], within: Range) -> Iterator[Span[K]]:
    changes: dict[int, Counter[K]] = defaultdict(Counter)
    for person, meeting in meetings:
        start, end = max(meeting.start, within.start), min(meeting.end, within.end)
        if start < end:
            changes[start][person] += 1
            changes[end][person] -= 1
    present: Counter[K] = Counter()
    since, people = within.start, frozenset[K]()
    for minute in sorted(changes):
        present.update(changes[minute])
        now = frozenset(+present)
        if now != people:
            if since < minute:
                yield Span(weekday, since, minute, people)
            since, people = minute, now
    if since < within.end:
        yield Span(weekday, since, within.end, people)
