"""What wishes about gaps take away from a timetable. More meetings can make a gap, or fill it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from timetable.times import Meets
from timetable.wizard.masks import Grid, Memo, bits, union
from timetable.wizard.problem import Offer
from timetable.wizard.wishes import MaxGap


class Gap(NamedTuple):
    """Between two things of a day: how long it is, and the set of options that would meet in it."""

    minutes: int
    fillers: int


class GapScale:
    """What is lost by wishes about gaps, for certain: by gaps that none of what may still come can fill."""

    def __init__(self, wishes: Sequence[MaxGap], offer: Offer) -> None:
        self.wishes = wishes
        self.grid = Grid(offer.everything if wishes else (), weeks=False)
        self.fixed = self.mask(offer.meetings)
        self.masks = [self.mask(option.meetings) for option in offer.options]
        self.owners: dict[int, int] = defaultdict(int)
        for n, mask in enumerate(self.masks):
            for cell in bits(mask):
                self.owners[cell] |= 1 << n
        self.shortest = min((wish.minutes for wish in wishes), default=0)
        self.gaps = Memo(self.find_gaps)

    def mask(self, meetings: Iterable[Meets]) -> int:
        return self.grid.mask(meetings) if self.wishes else 0

    def find_gaps(self, day: tuple[int, int]) -> list[Gap]:
        """The gaps of a weekday and its cells that are longer than some wish wants them."""
        weekday, cells = day
        minutes = self.grid.minutes
        first = (weekday - 1) * len(minutes)
        return [
            Gap(minutes[later] - minutes[cell + 1], self.meeting_in(first + cell + 1, first + later))
            for cell, later in pairwise(bits(cells))
            if minutes[later] - minutes[cell + 1] > self.shortest
        ]

    def meeting_in(self, cell: int, end: int) -> int:
        return union(self.owners.get(n, 0) for n in range(cell, end))

    def against(self, wish: MaxGap, cells: int, allowed: int = 0) -> tuple[int, ...]:
        """The weekdays with a longer gap than wished for, which none of the allowed options can fill."""
        found = []
        for day in self.grid.days(cells):
            for gap, fillers in self.gaps[day]:
                if gap > wish.minutes and not fillers & allowed:
                    found.append(day[0])
                    break
        return tuple(found)

    def loss(self, cells: int, allowed: int = 0) -> int:
        return sum([wish.loss(len(self.against(wish, cells, allowed))) for wish in self.wishes])
