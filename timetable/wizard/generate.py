"""The wizard's one question: which are the best timetables of an offer, or why is there none?"""

from collections.abc import Sequence
from dataclasses import dataclass

from timetable.wizard.conflicts import Conflict, find_conflict
from timetable.wizard.merits import best_first
from timetable.wizard.problem import Offer
from timetable.wizard.scoring import Proposal, Scale
from timetable.wizard.search import Search
from timetable.wizard.wishes import Wish

# What a search may cost before it is cut short, counted and not timed, so that the same offer always has the
# same answer. Measured at about 0.1 µs each: a tenth of a second.
CAP = 1_000_000


@dataclass(frozen=True)
class Outcome:
    """The best timetables, the best first, or the groups that cannot meet.

    Without `is_complete` the search was cut short: there may be better ones, or any at all. `nodes` is how
    many partial timetables it looked at.
    """

    proposals: tuple[Proposal, ...]
    is_complete: bool
    nodes: int
    conflict: Conflict | None = None


def generate(offer: Offer, wishes: Sequence[Wish], *, limit: int, cap: int = CAP) -> Outcome:
    """The `limit` best timetables of an offer by some wishes, or which groups allow none."""
    offer = best_first(offer, wishes)
    conflict = find_conflict(offer, cap=cap)
    if conflict is not None:
        return Outcome((), True, 0, conflict)
    scale = Scale(wishes, offer)
    search = Search(scale, limit=limit, cap=cap)
    is_complete = search.run(offer.beside_fixed, range(len(offer.groups)))
    proposals = tuple(scale.propose(found.chosen, found.loss) for found in search.found)
    return Outcome(proposals, is_complete, search.nodes)
