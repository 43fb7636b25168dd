"""What the wizard chooses from, and the option sets it works with."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from timetable.times import Meets
from timetable.wizard.masks import Grid, union


@dataclass(frozen=True, eq=False)
class Option:
    """A lecture that may be chosen.

    `subject` is the same for all sections of a subject. `professors` are folded names. `rating` is in
    hundredths, 100 to 500, or 0 without reviews.
    """

    key: int
    subject: str
    meetings: tuple[Meets, ...] = ()
    professors: frozenset[str] = frozenset()
    rating: int = 0


@dataclass(frozen=True, eq=False)
class Group:
    """Lectures of which exactly `choose` are taken, each of another subject."""

    options: tuple[Option, ...]
    choose: int = 1


@dataclass(frozen=True, eq=False)
class Offer:
    """Groups to choose from, beside what is fixed: its meetings and subjects.

    A timetable is `choose` options of each group of which no two meet at once or are of one subject, and
    none meets at once with what is fixed or is of a subject that is. What is fixed may clash with itself.

    Options are numbered through all groups. An option set is an int whose bit n stands for the nth.
    """

    groups: tuple[Group, ...]
    meetings: tuple[Meets, ...] = ()
    subjects: frozenset[str] = frozenset()

    @cached_property
    def options(self) -> list[Option]:
        return [option for group in self.groups for option in group.options]

    @cached_property
    def members(self) -> list[int]:
        """The option set of each group."""
        sets, first = [], 0
        for group in self.groups:
            sets.append((1 << len(group.options)) - 1 << first)
            first += len(group.options)
        return sets

    @cached_property
    def everything(self) -> list[Meets]:
        """All meetings, fixed or not."""
        return [*self.meetings, *(meeting for option in self.options for meeting in option.meetings)]

    @cached_property
    def grid(self) -> Grid:
        return Grid(meeting for option in self.options for meeting in option.meetings)

    @cached_property
    def masks(self) -> list[int]:
        """When each option meets."""
        return [self.grid.mask(option.meetings) for option in self.options]

    @cached_property
    def beside_fixed(self) -> int:
        """The options that what is fixed leaves."""
        fixed = self.grid.mask(self.meetings)
        return union(
            1 << n
            for n, option in enumerate(self.options)
            if not self.masks[n] & fixed and option.subject not in self.subjects
        )

    @cached_property
    def compatible(self) -> list[int]:
        """For each option the set of those it can be taken with. It is not among them itself."""
        subjects: dict[str, int] = defaultdict(int)
        owners: dict[int, int] = defaultdict(int)
        for n, option in enumerate(self.options):
            subjects[option.subject] |= 1 << n
            owners[self.masks[n]] |= 1 << n
        # Many sections meet at the same times: so each mask is compared once.
        clashing = {mask: union(owners[other] for other in owners if mask & other) for mask in owners}
        return [
            ~(clashing[mask] | subjects[option.subject])
            for mask, option in zip(self.masks, self.options, strict=True)
        ]
