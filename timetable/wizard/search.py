"""Depth-first search for the timetables that lose least, the group with the fewest options left first."""

from bisect import insort
from collections.abc import Iterable
from typing import NamedTuple

from timetable.wizard.masks import bits, union
from timetable.wizard.scoring import Scale

# What a node costs, and more for each wish about gaps. See `generate.CAP`.
NODE_EFFORT = 160
GAP_EFFORT = 60


class CapReached(Exception):
    """The search has cost as much as it may."""


class Place(NamedTuple):
    """A group, as an option set, of which so many more are to be taken."""

    options: int
    need: int


class Partial(NamedTuple):
    """A timetable being made: what may still join it, and what counts of what has."""

    allowed: int
    places: tuple[Place, ...]
    signature: int
    cells: int
    excess: int
    chosen: tuple[int, ...] = ()


class Found(NamedTuple):
    """What a timetable loses, the node at which it was found, and its options."""

    loss: int
    node: int
    chosen: tuple[int, ...]


class Search:
    """The `limit` timetables that lose least; in `found`, the best first. `cap` is what it may cost.

    Losses are those above `scale.lectures.base`. Of timetables that lose the same, those found first stay;
    the same offer always has the same answer.
    """

    def __init__(self, scale: Scale, *, limit: int, cap: int) -> None:
        self.scale = scale
        self.limit = limit
        self.cap = cap
        self.nodes = 0
        self.node_effort = NODE_EFFORT + GAP_EFFORT * len(scale.gaps.wishes)
        self.found: list[Found] = []
        self.kept: set[frozenset[int]] = set()
        # What a timetable may lose to be among the best found so far.
        self.budget = scale.worst
        # What is lost at least from a state on: options alike in all that counts lead to the same one.
        self.floors: dict[tuple[object, ...], int] = {}

    @property
    def effort(self) -> int:
        """What the search has cost so far."""
        return self.nodes * self.node_effort + self.scale.days.effort

    def run(self, allowed: int, groups: Iterable[int]) -> bool:
        """Search for timetables of some groups. False when the cap was met, so that better ones may exist."""
        offer = self.scale.offer
        places = tuple(Place(offer.members[n], offer.groups[n].choose) for n in groups)
        try:
            self.descend(Partial(allowed, places, self.scale.days.fixed, self.scale.gaps.fixed, 0))
        except CapReached:
            return False
        return True

    def descend(self, node: Partial) -> int:
        """Visit whatever a partial timetable can become that may be among the best.

        Answers with what all it can become loses at least, or with more than the budget.
        """
        if self.effort >= self.cap:
            raise CapReached
        self.nodes += 1
        if not node.places:
            return self.keep(node)
        allowed = self.affordable(node)
        state = allowed, node.places, node.signature, node.cells
        floor = self.floors.get(state)
        if floor is None or floor + node.excess <= self.budget:
            floor = self.floors[state] = self.branch(node, allowed) - node.excess
        return min(floor + node.excess, self.budget + 1)

    def branch(self, node: Partial, allowed: int) -> int:
        """Visit what it becomes with each option of the tightest group. What all that loses at least."""
        at, spare = tightest(allowed, node.places)
        least = self.budget + 1
        if spare < 0:
            return least
        for loss, option in self.by_loss(node, allowed & node.places[at].options):
            if spare < 0 or loss > self.budget:
                break
            # Once visited it is left out, so that no set of options comes twice.
            allowed &= ~(1 << option)
            spare -= 1
            least = min(least, self.descend(self.take(node, at, option, allowed)))
        return least

    def affordable(self, node: Partial) -> int:
        """The options of which each may be in a timetable among the best."""
        days, lectures = self.scale.days, self.scale.lectures
        room = self.budget - node.excess - self.scale.gaps.loss(node.cells, node.allowed)
        ladder = days.ladders[node.signature]
        allowed = node.allowed & ladder.up_to(room)
        if not lectures.matters:
            return allowed
        least = [lectures.least(allowed & options) for options, _ in node.places]
        room -= sum([need * excess for (_, need), excess in zip(node.places, least, strict=True)])
        slack = room - days.loss(node.signature)
        near = [lectures.up_to(place.options, slack + n) for place, n in zip(node.places, least, strict=True)]
        return allowed & ladder.up_to(room) & union(near)

    def by_loss(self, node: Partial, options: int) -> list[tuple[int, int]]:
        """Options, those that lose least first, each with what the timetable then loses at least."""
        days, excess = self.scale.days, self.scale.lectures.excess
        return sorted(
            [
                (days.loss(node.signature | days.signatures[n]) + node.excess + excess[n], n)
                for n in bits(options)
            ]
        )

    def take(self, node: Partial, at: int, option: int, allowed: int) -> Partial:
        """What a timetable becomes with an option. Of a group that needs no more, none is allowed."""
        options, need = node.places[at]
        again = (Place(options, need - 1),) if need > 1 else ()
        return Partial(
            allowed & self.scale.offer.compatible[option] & (-1 if again else ~options),
            node.places[:at] + again + node.places[at + 1 :],
            node.signature | self.scale.days.signatures[option],
            node.cells | self.scale.gaps.masks[option],
            node.excess + self.scale.lectures.excess[option],
            (*node.chosen, option),
        )

    def keep(self, node: Partial) -> int:
        """Keep a whole timetable if it is among the best. What it loses."""
        loss = self.scale.days.loss(node.signature) + node.excess + self.scale.gaps.loss(node.cells)
        key = self.key(node.chosen)
        if loss > self.budget or key in self.kept:
            return loss
        self.kept.add(key)
        insort(self.found, Found(loss, self.nodes, node.chosen))
        if len(self.found) > self.limit:
            self.found.pop()
        if len(self.found) == self.limit:
            self.budget = self.found[-1].loss - 1
        return loss

    def key(self, chosen: tuple[int, ...]) -> frozenset[int]:
        """The same lectures are the same timetable, whichever groups they are of."""
        return frozenset(self.scale.offer.options[n].key for n in chosen)


def tightest(allowed: int, places: tuple[Place, ...]) -> tuple[int, int]:
    """Which place has the fewest options to spare, and how many: below 0 it can't be filled."""
    spare = [(allowed & options).bit_count() - need for options, need in places]
    least = min(spare)
    return spare.index(least), least
