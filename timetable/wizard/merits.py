"""What wishes about the chosen lectures take away from a timetable."""

from collections.abc import Sequence

from timetable.wizard.days import Ladder
from timetable.wizard.problem import Group, Offer, Option
from timetable.wizard.wishes import FULL, LectureWish, Wish


class Merits:
    """What each option adds to how far lecture wishes are fulfilled."""

    def __init__(self, wishes: Sequence[LectureWish], groups: Sequence[Group]) -> None:
        self.most = {wish: wish.most(groups) for wish in wishes}
        self.wishes = wishes

    def points(self, wish: LectureWish, option: Option) -> int:
        most = self.most[wish]
        return wish.merit(option) // most if most else 0

    def gain(self, option: Option) -> int:
        return sum(wish.weight * self.points(wish, option) for wish in self.wishes)


def best_first(offer: Offer, wishes: Sequence[Wish]) -> Offer:
    """The offer with the options of each group in the order of their gain, the best first."""
    merits = Merits([wish for wish in wishes if isinstance(wish, LectureWish)], offer.groups)
    groups = (
        Group(tuple(sorted(group.options, key=merits.gain, reverse=True)), group.choose)
        for group in offer.groups
    )
    return Offer(tuple(groups), offer.meetings, offer.subjects)


class LectureScale:
    """What is lost by lecture wishes: `base` anyway, and by each option its excess over its group's best.

    In each group the options stand best first, so the first of a set has the least excess.
    """

    def __init__(self, wishes: Sequence[LectureWish], offer: Offer) -> None:
        self.merits = Merits(wishes, offer.groups)
        self.excess: list[int] = []
        self.ladders: dict[int, Ladder] = {}
        self.base = FULL * sum(wish.weight for wish in wishes)
        for group, members in zip(offer.groups, offer.members, strict=True):
            gains = [self.merits.gain(option) for option in group.options]
            best = max(gains, default=0)
            self.base -= group.choose * best
            costs = [(best - gain, 1 << n) for n, gain in enumerate(gains, len(self.excess))]
            self.ladders[members] = Ladder(costs)
            self.excess += [cost for cost, _ in costs]
        self.matters = any(self.excess)

    def least(self, options: int) -> int:
        """The least excess in a set of options of one group."""
        return self.excess[(options & -options).bit_length() - 1] if options else 0

    def up_to(self, group: int, excess: int) -> int:
        """The options of a group, given as an option set, with no more excess than this."""
        return self.ladders[group].up_to(excess)
