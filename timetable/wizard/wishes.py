"""What somebody may wish of a timetable, and how far one fulfils it.

Everything in a timetable counts, what is fixed too; where lectures are judged, the chosen ones alone. What
meets in some weeks counts as if it met in all, so a day is as full as all its weeks together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from timetable.times import DAY
from timetable.wizard.problem import Group, Option

# Fulfilled wholly. Divisible by 400 and besides by 1 to 16, so that shares of days and of lectures, and the
# hundredths of ratings, are whole numbers.
FULL = 720_720 * 400
# So many days against a wish leave nothing of it.
SCHOOL_WEEK = 5
UNRATED = 300


@dataclass(frozen=True)
class Wish:
    """`weight` is from 1 to 10: how much it counts beside the others."""

    kind: ClassVar[str]
    weight: int


@dataclass(frozen=True)
class ByDay(Wish):
    """A wish that days go against."""

    def fulfilled(self, against: int) -> int:
        """How far it is fulfilled, 0 to FULL, with so many days against it: each takes a fifth away."""
        return FULL * max(0, SCHOOL_WEEK - against) // SCHOOL_WEEK

    def loss(self, against: int) -> int:
        return self.weight * (FULL - self.fulfilled(against))


@dataclass(frozen=True)
class DayWish(ByDay):
    """A wish about each day by itself. More meetings never fulfil it better.

    A day goes against it once something meets in each of the day's stretches.
    """

    def stretches(self, weekday: int, ends: Iterable[int]) -> list[tuple[int, int]]:
        """From when to when, half-open; none where the day doesn't matter. `ends`: when anything ends."""
        raise NotImplementedError


@dataclass(frozen=True)
class FreeDays(DayWish):
    """`count` of the `days` without anything: the share of them there is."""

    kind = "free_days"
    days: tuple[int, ...]
    count: int

    def stretches(self, weekday: int, ends: Iterable[int]) -> list[tuple[int, int]]:
        return [(0, DAY)] if weekday in self.days else []

    def fulfilled(self, against: int) -> int:
        return FULL * min(len(self.days) - against, self.count) // self.count


@dataclass(frozen=True)
class NoneBefore(DayWish):
    """Nothing before `minute`; each day with something takes a fifth away."""

    kind = "none_before"
    minute: int

    def stretches(self, weekday: int, ends: Iterable[int]) -> list[tuple[int, int]]:
        return [(0, self.minute)]


@dataclass(frozen=True)
class NoneAfter(DayWish):
    """Nothing from `minute` on; each day with something takes a fifth away."""

    kind = "none_after"
    minute: int

    def stretches(self, weekday: int, ends: Iterable[int]) -> list[tuple[int, int]]:
        return [(self.minute, DAY)]


@dataclass(frozen=True)
class Lunch(DayWish):
    """`minutes` in one piece free between `start` and `end`; each day without takes a fifth away."""

    kind = "lunch"
    start: int
    end: int
    minutes: int

    def stretches(self, weekday: int, ends: Iterable[int]) -> list[tuple[int, int]]:
        # The earliest free stretch begins where the time for lunch does, or where something ends.
        latest = self.end - self.minutes
        begins = {self.start, *(end for end in ends if self.start < end <= latest)}
        return [(begin, begin + self.minutes) for begin in sorted(begins)]


@dataclass(frozen=True)
class MaxGap(ByDay):
    """No more than `minutes` between two things of a day; each day with a longer gap takes a fifth away."""

    kind = "max_gap"
    minutes: int


@dataclass(frozen=True)
class LectureWish(Wish):
    """A wish about each chosen lecture by itself: their merits add up, of as many as there can be."""

    def merit(self, option: Option) -> int:
        """0 to FULL."""
        raise NotImplementedError

    def most(self, groups: Sequence[Group]) -> int:
        """How many of the chosen lectures can have merit."""
        return sum(group.choose for group in groups)


@dataclass(frozen=True)
class Professor(LectureWish):
    """Lectures of any of these professors, by their folded names, in each group that has one."""

    kind = "professor"
    names: frozenset[str]

    def merit(self, option: Option) -> int:
        return FULL if self.names & option.professors else 0

    def most(self, groups: Sequence[Group]) -> int:
        return sum(min(group.choose, len(self.subjects(group))) for group in groups)

    def subjects(self, group: Group) -> set[str]:
        return {option.subject for option in group.options if self.merit(option)}


@dataclass(frozen=True)
class Rating(LectureWish):
    """Well-rated courses: the mean rating from 1, nothing, to 5. One without reviews counts as 3."""

    kind = "rating"

    def merit(self, option: Option) -> int:
        return FULL * ((option.rating or UNRATED) - 100) // 400
