"""What the timetable wizard costs: `python benchmarks/wizard.py`, from the project's root. Needs no database.

CPU time for eight groups of thirty sections of a real catalogue each, which are drawn at random: the sections
of a group are of one department, or of one course. Each of ten seeds is another draw; its time is the best of
five runs.
"""

import os
import random
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from timetable.catalogue.reading import read_catalogue  # noqa: E402 (formats need the settings)
from timetable.catalogue.rows import LectureRow  # noqa: E402
from timetable.wizard.generate import Outcome, generate  # noqa: E402
from timetable.wizard.problem import Group, Offer, Option  # noqa: E402
from timetable.wizard.wishes import (  # noqa: E402
    FreeDays,
    Lunch,
    MaxGap,
    NoneAfter,
    NoneBefore,
    Professor,
    Rating,
    Wish,
)

CATALOGUES = {"dongguk": "dongguk-2025-2.json", "gnu": "gnu-2025-2-a.xlsx"}
GROUPS, SECTIONS, RUNS, SEEDS = 8, 30, 5, range(10)
# Minutes.
LONG = 110

Maker = Callable[[random.Random, list[list[Option]]], Offer]
Wishes = Callable[[random.Random, Offer], Sequence[Wish]]

FIVE: tuple[Wish, ...] = (
    FreeDays(5, (5,), 1),
    NoneBefore(3, 600),
    NoneAfter(2, 1080),
    Lunch(4, 690, 810, 60),
    MaxGap(3, 120),
)


def seven(rng: random.Random, offer: Offer) -> tuple[Wish, ...]:
    """Wishes that no timetable can fulfil together: what is left to find out is which to give up."""
    names = {name for group in offer.groups[:4] for name in rng.choice(group.options).professors}
    return (
        FreeDays(8, (1, 2, 3, 4, 5), 2),
        NoneBefore(5, 660),
        NoneAfter(3, 1020),
        Lunch(5, 690, 810, 60),
        MaxGap(6, 60),
        Professor(6, frozenset(names)),
        Rating(4),
    )


def option_of(key: int, row: LectureRow) -> Option:
    """A section, with a rating made up, for catalogues have none."""
    rating = 100 + zlib.crc32(f"{row.code} {row.professor}".encode()) % 401
    return Option(key, row.code, row.meetings, frozenset([row.professor]), rating)


def pools(rows: list[LectureRow]) -> list[list[Option]]:
    """The sections of each department and each course that has enough of them."""
    found: dict[str, list[Option]] = defaultdict(list)
    for key, row in enumerate(rows):
        option = option_of(key, row)
        found[f"department {row.department}"].append(option)
        found[f"course {row.code}"].append(option)
    return [pool for pool in found.values() if len(pool) >= SECTIONS]


def feasible(rng: random.Random, pools: list[list[Option]]) -> Offer:
    return offer_of(rng, rng.sample(pools, GROUPS))


def one_day(rng: random.Random, pools: list[list[Option]]) -> Offer:
    """Infeasible: all sections meet for long, and on Friday alone, which is too short for eight."""
    friday = [
        option
        for option in everything(pools)
        if {meeting.weekday for meeting in option.meetings} == {5}
        and sum(meeting.end - meeting.start for meeting in option.meetings) >= LONG
    ]
    return offer_of(rng, [friday] * GROUPS)


def one_hour(rng: random.Random, pools: list[list[Option]]) -> Offer:
    """Infeasible: in the last two groups all sections meet when most do."""
    meeting_at = defaultdict(set)
    for option in everything(pools):
        for meeting in option.meetings:
            meeting_at[meeting.weekday, meeting.start, meeting.end].add(option)
    same = sorted(max(meeting_at.values(), key=len), key=lambda option: option.key)
    return offer_of(rng, [*rng.sample(pools, GROUPS - 2), same, same])


def everything(pools: list[list[Option]]) -> list[Option]:
    return list({option.key: option for pool in pools for option in pool}.values())


def offer_of(rng: random.Random, pools: list[list[Option]]) -> Offer:
    return Offer(tuple(Group(tuple(rng.sample(pool, SECTIONS))) for pool in pools))


def measure(offer: Offer, wishes: Sequence[Wish]) -> tuple[float, Outcome]:
    """Milliseconds of CPU, and the answer."""
    times = []
    for _ in range(RUNS):
        # A new one: an offer remembers what has been worked out about it.
        again = Offer(offer.groups)
        start = time.process_time()
        outcome = generate(again, wishes, limit=10)
        times.append((time.process_time() - start) * 1_000)
    return min(times), outcome


def report(catalogue: str, what: str, make: Maker, wish: Wishes, pools: list[list[Option]]) -> None:
    times, outcomes = [], []
    for seed in SEEDS:
        rng = random.Random(seed)  # noqa: S311 (the same draws each time)
        offer = make(rng, pools)
        milliseconds, outcome = measure(offer, wish(rng, offer))
        times.append(milliseconds)
        outcomes.append(outcome)
    complete = sum(outcome.is_complete for outcome in outcomes)
    infeasible = sum(outcome.conflict is not None for outcome in outcomes)
    nodes = max(outcome.nodes for outcome in outcomes)
    print(
        f"| {catalogue} | {what} | {min(times):.1f} | {median(times):.1f} | {max(times):.1f} "
        f"| {nodes} | {complete} | {infeasible} |"
    )


def main() -> None:
    print("| catalogue | | best ms | median ms | worst ms | most nodes | complete | infeasible |")
    print("|---|---|---|---|---|---|---|---|")
    for name, file in CATALOGUES.items():
        with (ROOT / "timetable" / "data" / file).open("rb") as opened:
            rows = [row for row in read_catalogue(format=name, file=opened).rows.values() if row.meetings]
        for what, make, wish in CASES:
            report(name, what, make, wish, pools(rows))


CASES: tuple[tuple[str, Maker, Wishes], ...] = (
    ("no wishes", feasible, lambda rng, offer: ()),
    ("five wishes", feasible, lambda rng, offer: FIVE),
    ("seven wishes at odds", feasible, seven),
    ("infeasible: one day for eight", one_day, lambda rng, offer: FIVE),
    ("infeasible: two at one hour", one_hour, lambda rng, offer: FIVE),
)

if __name__ == "__main__":
    main()
