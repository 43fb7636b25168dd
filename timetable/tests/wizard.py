"""Small offers for the wizard."""

from itertools import count
from typing import Any

from timetable.times import Meeting
from timetable.wizard.generate import Outcome, generate
from timetable.wizard.problem import Group, Offer, Option

KEYS = count(1)


def option(*meetings: Meeting, **fields: Any) -> Option:
    """A lecture of a subject of its own."""
    key = next(KEYS)
    return Option(**{"key": key, "subject": str(key), "meetings": meetings} | fields)


def at(weekday: int, start: int, end: int, *weeks: int) -> Meeting:
    """Hours, not minutes."""
    return Meeting(weekday, start * 60, end * 60, "", *weeks)


def offer(*groups: list[Option] | Group, **fixed: Any) -> Offer:
    """Of each list one is chosen."""
    return Offer(tuple(g if isinstance(g, Group) else Group(tuple(g)) for g in groups), **fixed)


def chosen(outcome: Outcome) -> list[set[Option]]:
    return [{one for _, one in proposal.options} for proposal in outcome.proposals]


def best(*groups: list[Option] | Group, wishes: Any = (), limit: int = 10, **fixed: Any) -> list[set[Option]]:
    """The lectures of the best timetables."""
    return chosen(generate(offer(*groups, **fixed), wishes, limit=limit))
