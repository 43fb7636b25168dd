"""Meetings as bit masks, in which two that clash share a bit; and what else works on bits."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from timetable.times import MAX_WEEKS, WEEKDAYS, Meets

K = TypeVar("K")
V = TypeVar("V")


class Grid:
    """The days and weeks of a semester, cut wherever any of `meetings` begins or ends.

    Between two cuts none of them begins or ends, so a mask needs one bit for each such cell: a few hundred,
    however finely the minutes are given. Without `weeks`, what meets in any week fills its time in all.
    """

    def __init__(self, meetings: Iterable[Meets], *, weeks: bool = True) -> None:
        minutes: set[int] = set()
        cuts = {1}
        for meeting in meetings:
            minutes |= {meeting.start, meeting.end}
            cuts |= set(week_range(meeting))
        self.minutes = sorted(minutes)
        self.weeks = sorted(cuts) if weeks else []

    def mask(self, meetings: Iterable[Meets]) -> int:
        """The cells that some meetings touch: for those the grid was cut for, the cells that they fill."""
        mask = 0
        for meeting in meetings:
            weeks = self.week_bits(meeting)
            day = (meeting.weekday - 1) * len(self.minutes)
            start, end = touched(self.minutes, meeting.start, meeting.end)
            for minute in range(day + start, day + end):
                mask |= weeks << minute * self.depth
        return mask

    def week_bits(self, meeting: Meets) -> int:
        if not self.weeks:
            return 1
        first, end = touched(self.weeks, *week_range(meeting))
        return (1 << end) - (1 << first)

    @property
    def depth(self) -> int:
        """Bits for each minute cell of a day."""
        return len(self.weeks) or 1

    def days(self, mask: int) -> Iterator[tuple[int, int]]:
        """What a mask has of each weekday that it has anything of."""
        size = len(self.minutes) * self.depth
        day = (1 << size) - 1
        for weekday in WEEKDAYS:
            if mask & day:
                yield weekday, mask & day
            mask >>= size


def week_range(meeting: Meets) -> tuple[int, int]:
    """Its first week, and the first without it."""
    return meeting.first_week or 1, (meeting.last_week or MAX_WEEKS) + 1


def touched(cuts: list[int], start: int, end: int) -> tuple[int, int]:
    """The cells between cuts, as a half-open range, that something from start to end touches."""
    return max(bisect_right(cuts, start) - 1, 0), bisect_left(cuts, end)


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, in order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def union(masks: Iterable[int]) -> int:
    joined = 0
    for mask in masks:
        joined |= mask
    return joined


class Memo(dict[K, V]):
    """What a function answers, each worked out once."""

    def __init__(self, compute: Callable[[K], V]) -> None:
        super().__init__()
        self.compute = compute

    def __missing__(self, key: K) -> V:
        value = self[key] = self.compute(key)
        return value
