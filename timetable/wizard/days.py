"""What day wishes take away from a timetable."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import or_

from timetable.times import WEEKDAYS, Meets
from timetable.wizard.masks import Memo, union
from timetable.wizard.problem import Offer
from timetable.wizard.wishes import DayWish

# How many days go against a wish takes so many bits, 7 at most; all wishes' counts make one number.
COUNT_BITS = 3
THURSDAY = 4
# What a class costs a ladder, as `effort` counts. See `generate.CAP`.
CLASS_EFFORT = 6


class Ladder:
    """Sets of options by what they cost at least."""

    def __init__(self, sets: Iterable[tuple[int, int]]) -> None:
        steps = sorted(sets)
        self.costs = [cost for cost, _ in steps]
        self.unions = [0, *accumulate((options for _, options in steps), or_)]

    def up_to(self, cost: int) -> int:
        """The options that cost no more than this."""
        return self.unions[bisect_right(self.costs, cost)]


class DayScale:
    """What is lost by day wishes.

    A signature has a bit for each stretch of the wishes, set once something meets in it. That of a timetable
    is the union of its options', and what is lost follows from it alone and only grows with it.
    """

    def __init__(self, wishes: Sequence[DayWish], offer: Offer) -> None:
        self.wishes = wishes
        # From when to when, and its bit, by weekday; then the bits of each wish, by weekday.
        self.stretches: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self.days: dict[DayWish, dict[int, int]] = {wish: {} for wish in wishes}
        self.first_half = self.number_stretches(offer)
        self.fixed = self.signature(offer.meetings)
        self.signatures = [self.signature(option.meetings) for option in offer.options]
        self.classes = self.find_classes()
        self.units = self.count_units()
        self.counts = Memo(self.count)
        self.effort = 0
        self.losses_by_count = Memo(self.loss_by_count)
        self.ladders = Memo(self.ladder)

    def number_stretches(self, offer: Offer) -> int:
        """Give each stretch a bit, weekday by weekday. The bits of Monday to Wednesday."""
        ends = defaultdict(set)
        for meeting in offer.everything:
            ends[meeting.weekday].add(meeting.end)
        bit, half = 1, 1
        for weekday in WEEKDAYS:
            half = bit if weekday == THURSDAY else half
            for wish, days in self.days.items():
                for start, end in wish.stretches(weekday, ends[weekday]):
                    self.stretches[weekday].append((start, end, bit))
                    days[weekday] = days.get(weekday, 0) | bit
                    bit <<= 1
        return half - 1

    def count_units(self) -> list[tuple[int, int]]:
        """For each wish and day the stretches that must all be met in, and what that adds to the count."""
        reach = self.fixed | union(self.signatures)
        return [
            (stretches, 1 << COUNT_BITS * n)
            for n, wish in enumerate(self.wishes)
            for stretches in self.days[wish].values()
            if stretches & reach == stretches
        ]

    def signature(self, meetings: Iterable[Meets]) -> int:
        signature = 0
        for meeting in meetings:
            for start, end, bit in self.stretches[meeting.weekday]:
                if meeting.start < end and start < meeting.end:
                    signature |= bit
        return signature

    def against(self, wish: DayWish, signature: int) -> tuple[int, ...]:
        """The weekdays that go against a wish."""
        return tuple(day for day, stretches in self.days[wish].items() if signature & stretches == stretches)

    def find_classes(self) -> list[tuple[int, int, int]]:
        """The halves of each signature that options have, and the set of those that have it."""
        classes: dict[int, int] = defaultdict(int)
        for n, signature in enumerate(self.signatures):
            classes[signature] |= 1 << n
        return [(*self.halves(signature), options) for signature, options in classes.items()]

    def halves(self, signature: int) -> tuple[int, int]:
        """Monday to Wednesday and the rest: half weeks come again more often than weeks."""
        first = signature & self.first_half
        return first, signature ^ first

    def loss(self, signature: int) -> int:
        """What a timetable of this signature loses."""
        first, second = self.halves(signature)
        return self.losses_by_count[self.counts[first] + self.counts[second]]

    # --- Worked out once each, by `counts`, `losses_by_count` and `ladders` -----------------------------
    def count(self, signature: int) -> int:
        self.effort += len(self.units)
        return sum([unit for stretches, unit in self.units if signature & stretches == stretches])

    def loss_by_count(self, count: int) -> int:
        most = (1 << COUNT_BITS) - 1
        return sum(wish.loss(count >> COUNT_BITS * n & most) for n, wish in enumerate(self.wishes))

    def ladder(self, signature: int) -> Ladder:
        """All options by what is lost once they join a timetable of this signature."""
        self.effort += CLASS_EFFORT * len(self.classes)
        first, second = self.halves(signature)
        counts, losses = self.counts, self.losses_by_count
        return Ladder(
            [
                (losses[counts[first | early] + counts[second | late]], options)
                for early, late, options in self.classes
            ]
        )
