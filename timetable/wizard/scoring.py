"""What a timetable loses by all wishes, in whole numbers: each one's weight times what is missing to FULL."""

from collections.abc import Sequence
from dataclasses import dataclass

from timetable.wizard.days import DayScale
from timetable.wizard.gaps import GapScale
from timetable.wizard.masks import union
from timetable.wizard.merits import LectureScale
from timetable.wizard.problem import Offer, Option
from timetable.wizard.wishes import FULL, DayWish, LectureWish, MaxGap, Wish


@dataclass(frozen=True)
class Reason:
    """How far a wish is fulfilled, 0 to 1.

    `against` are the weekdays that go against it. Of a lecture wish, `count` says how many of the chosen
    lectures have merit, and `most` how many can have.
    """

    wish: Wish
    fulfilled: float
    against: tuple[int, ...] = ()
    count: int = 0
    most: int = 0


@dataclass(frozen=True)
class Proposal:
    """A timetable: its options, each with the number of its group; a score from 0 to 100, and its reasons.

    The score is the mean of how far the wishes are fulfilled, by weight; 100 without wishes. There is a
    reason for each wish, in their order.
    """

    options: tuple[tuple[int, Option], ...]
    score: float
    reasons: tuple[Reason, ...]


class Scale:
    """What timetables of an offer lose by some wishes. The offer must be `best_first` by them."""

    def __init__(self, wishes: Sequence[Wish], offer: Offer) -> None:
        self.wishes = wishes
        self.offer = offer
        self.days = DayScale([wish for wish in wishes if isinstance(wish, DayWish)], offer)
        self.gaps = GapScale([wish for wish in wishes if isinstance(wish, MaxGap)], offer)
        self.lectures = LectureScale([wish for wish in wishes if isinstance(wish, LectureWish)], offer)
        self.worst = FULL * sum(wish.weight for wish in wishes)

    def propose(self, chosen: Sequence[int], loss: int) -> Proposal:
        """A whole timetable, by the numbers of its options, that loses so much more than `lectures.base`."""
        return Proposal(
            options=tuple((self.group_of(n), self.offer.options[n]) for n in sorted(chosen)),
            score=100 - 100 * (loss + self.lectures.base) / self.worst if self.worst else 100,
            reasons=tuple(self.reason(wish, chosen) for wish in self.wishes),
        )

    def group_of(self, option: int) -> int:
        return next(n for n, members in enumerate(self.offer.members) if members >> option & 1)

    def reason(self, wish: Wish, chosen: Sequence[int]) -> Reason:
        if isinstance(wish, DayWish):
            signature = union([self.days.fixed, *(self.days.signatures[n] for n in chosen)])
            against = self.days.against(wish, signature)
            return Reason(wish, wish.fulfilled(len(against)) / FULL, against)
        if isinstance(wish, MaxGap):
            against = self.gaps.against(wish, union([self.gaps.fixed, *(self.gaps.masks[n] for n in chosen)]))
            return Reason(wish, wish.fulfilled(len(against)) / FULL, against)
        if isinstance(wish, LectureWish):
            points = [self.lectures.merits.points(wish, self.offer.options[n]) for n in chosen]
            count = sum(bool(one) for one in points)
            return Reason(wish, sum(points) / FULL, count=count, most=self.lectures.merits.most[wish])
        raise TypeError(wish)
