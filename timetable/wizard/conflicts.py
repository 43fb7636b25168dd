"""Why an offer has no timetable: the groups that cannot meet, as few as it takes."""

from dataclasses import dataclass
from enum import StrEnum

from timetable.wizard.masks import Memo, bits, union
from timetable.wizard.problem import Offer
from timetable.wizard.scoring import Scale
from timetable.wizard.search import Search


class Cause(StrEnum):
    """Why groups cannot meet.

    `too_few`: one has fewer subjects than it chooses. `fixed`: without what is fixed they could meet.
    """

    TOO_FEW = "too_few"
    FIXED = "fixed"
    CLASH = "clash"


@dataclass(frozen=True)
class Conflict:
    """Groups, by their numbers, that have no timetable together.

    `is_minimal`: without any one of them the others have one; False where that took too long to find out.
    """

    groups: tuple[int, ...]
    cause: Cause
    is_minimal: bool = True


class Feasibility:
    """Whether some groups of an offer have a timetable, where all that is asked may cost `cap`."""

    def __init__(self, offer: Offer, *, cap: int) -> None:
        self.cap = cap
        self.offer = offer
        self.scale = Scale((), offer)
        self.essential = Memo(self.find_essential)

    def ask(self, groups: list[int], allowed: int) -> bool | None:
        """None when the cap was met first."""
        search = Search(self.scale, limit=1, cap=self.cap)
        is_complete = search.run(self.essential[allowed], groups)
        self.cap -= search.effort
        return bool(search.found) if search.found or is_complete else None

    def find_essential(self, allowed: int) -> int:
        """The allowed options but those in whose stead another of the group can always be taken."""
        return union(self.undominated(n, allowed) for n in range(len(self.offer.groups)))

    def undominated(self, group: int, allowed: int) -> int:
        """Options of a group such that what can be taken with any of it can be taken with one of these."""
        members = self.offer.members[group]
        # Where one is taken, what it leaves of its own group doesn't matter.
        matters = allowed & ~members if self.offer.groups[group].choose == 1 else allowed
        room = {n: self.offer.compatible[n] & matters for n in bits(members & allowed)}
        kept: list[int] = []
        for n in sorted(room, key=lambda n: -room[n].bit_count()):
            if not any(room[n] & ~room[other] == 0 for other in kept):
                kept.append(n)
        return union(1 << n for n in kept)


def find_conflict(offer: Offer, *, cap: int) -> Conflict | None:
    """Which groups cannot meet. None when there is a timetable, or too much to try before knowing."""
    for n, group in enumerate(offer.groups):
        if len({option.subject for option in group.options}) < group.choose:
            return Conflict((n,), Cause.TOO_FEW)
    feasibility = Feasibility(offer, cap=cap)
    groups = list(range(len(offer.groups)))
    if feasibility.ask(groups, offer.beside_fixed) is not False:
        return None
    is_minimal = True
    for n in list(groups):
        rest = [other for other in groups if other != n]
        answer = feasibility.ask(rest, offer.beside_fixed)
        if answer is False:
            groups = rest
        is_minimal &= answer is not None
    could = feasibility.ask(groups, union(offer.members))
    return Conflict(tuple(groups), Cause.FIXED if could else Cause.CLASH, is_minimal)
