"""Asking the wizard, and saying in lectures what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from timetable.models import Lecture, Semester, Timetable
from timetable.services.offers import Body, LectureOffer, find_offer
from timetable.wizard.conflicts import Cause, Conflict
from timetable.wizard.generate import generate
from timetable.wizard.scoring import Proposal, Reason
from timetable.wizard.wishes import Wish


@dataclass(frozen=True)
class Choice:
    """A lecture, and the number of the group it was chosen from."""

    group: int
    lecture: Lecture


@dataclass(frozen=True)
class Result:
    """A timetable that was found. `total_credit` counts what is fixed too."""

    score: float
    reasons: tuple[Reason, ...]
    total_credit: Decimal
    lectures: list[Choice]


@dataclass(frozen=True)
class NamedGroup:
    """A group, by its number and what it was called."""

    group: int
    name: str


@dataclass(frozen=True)
class Infeasible:
    """Why there is no timetable: the groups that cannot meet. See `wizard.conflicts`."""

    cause: Cause
    groups: list[NamedGroup]
    is_minimal: bool


@dataclass(frozen=True)
class Generated:
    """The best timetables, or why there is none. See `wizard.generate.Outcome`."""

    results: list[Result]
    is_complete: bool
    infeasible: Infeasible | None


def generate_timetables(
    *,
    user: User,
    semester: Semester,
    groups: Sequence[Body],
    fixed: Sequence[Body] = (),
    timetable: Timetable | None = None,
    wishes: Sequence[Wish] = (),
    limit: int,
) -> Generated:
    """The best timetables with lectures of each group, beside what is fixed. Nothing is saved."""
    offer = find_offer(user=user, semester=semester, groups=groups, fixed=fixed, timetable=timetable)
    outcome = generate(offer.for_wizard(), wishes, limit=limit)
    results = [result_of(proposal, offer) for proposal in outcome.proposals]
    return Generated(results, outcome.is_complete, infeasible_of(outcome.conflict, groups))


def result_of(proposal: Proposal, offer: LectureOffer) -> Result:
    lectures = offer.lectures()
    choices = [Choice(group, lectures[option.key]) for group, option in proposal.options]
    everything = [*offer.fixed.lectures.values(), *(choice.lecture for choice in choices)]
    total = sum((lecture.credit for lecture in everything), Decimal(0))
    return Result(proposal.score, proposal.reasons, total, choices)


def infeasible_of(conflict: Conflict | None, groups: Sequence[Body]) -> Infeasible | None:
    if conflict is None:
        return None
    named = [NamedGroup(n, groups[n].get("name", "")) for n in conflict.groups]
    return Infeasible(conflict.cause, named, conflict.is_minimal)
