"""Grade point averages 평점평균: plain Python, which knows neither the database nor HTTP.

The formula and a worked example are in `docs/guides/grades.md`, the reasons in `docs/decisions/0019`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LETTERS = ("A+", "A0", "A-", "B+", "B0", "B-", "C+", "C0", "C-", "D+", "D0", "D-", "F")
PASSED, FAILED = "P", "NP"
GRADES = (*LETTERS, PASSED, FAILED)


def scale(points: str) -> Mapping[str, Decimal]:
    return dict(zip(LETTERS, map(Decimal, points.split()), strict=True))


# The points of each letter. Where a university has no minus grades (4.5), they lie halfway to the next one.
SCALES = {
    "4.5": scale("4.5 4.0 3.75 3.5 3.0 2.75 2.5 2.0 1.75 1.5 1.0 0.5 0"),
    "4.3": scale("4.3 4.0 3.7 3.3 3.0 2.7 2.3 2.0 1.7 1.3 1.0 0.7 0"),
    "4.0": scale("4.0 4.0 3.7 3.3 3.0 2.7 2.3 2.0 1.7 1.3 1.0 0.7 0"),
}


@dataclass(frozen=True)
class Result:
    """A course that somebody was graded in. `course` is the same whenever it is taken again."""

    id: int
    course: str
    credit: Decimal
    grade: str
    is_major: bool = False

    @property
    def is_earned(self) -> bool:
        return self.grade not in ("F", FAILED)


@dataclass(frozen=True)
class Summary:
    """What some results come to. `average` is None where no letter with credits is among them."""

    courses: int
    attempted: Decimal
    earned: Decimal
    average: Decimal | None


def summarise(results: Iterable[Result], points: Mapping[str, Decimal]) -> Summary:
    """The average of the letters weighed by credits, to two decimals, halves rounded up."""
    results = list(results)
    letters = [result for result in results if result.grade in points]
    weight = sum((result.credit for result in letters), Decimal())
    total = sum((points[result.grade] * result.credit for result in letters), Decimal())
    return Summary(
        courses=len(results),
        attempted=sum((result.credit for result in results), Decimal()),
        earned=sum((result.credit for result in results if result.is_earned), Decimal()),
        average=(total / weight).quantize(Decimal("0.01"), ROUND_HALF_UP) if weight else None,
    )


def retaken(results: Iterable[Result], retake: str) -> Iterator[Result]:
    """The results that another one of the same course stands in for: all of a course but one.

    `results` come from the oldest to the newest. `retake` is `better`, of equals the newest, or `latest`.
    """
    kept: dict[str, Result] = {}
    for result in results:
        before = kept.setdefault(result.course, result)
        if before is result:
            continue
        if retake == "better" and quality(result) < quality(before):
            yield result
        else:
            kept[result.course] = result
            yield before


def quality(result: Result) -> int:
    """How good a grade is, the same on every scale: letters by their order, then P, and last what failed."""
    if not result.is_earned:
        return 0
    return len(LETTERS) - LETTERS.index(result.grade) if result.grade in LETTERS else 1
