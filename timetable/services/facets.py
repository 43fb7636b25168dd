"""Counting what the lectures of a semester can be filtered by."""

from collections import Counter
from typing import Any

from timetable.models.lectures import GRADE_YEARS, LectureQuerySet

FIELDS = ("department", "category", "area", "campus", "credit", "grade_year")

Facet = list[dict[str, Any]]


def count_facets(lectures: LectureQuerySet) -> dict[str, Facet]:
    """Each value of the living lectures with how many have it, in order; blanks are left out.

    Counted here, in one query: in MySQL a collation would count values that differ as one.
    """
    rows = lectures.filter(is_cancelled=False).values_list(*FIELDS)
    departments, categories, areas, campuses, credits, bits = zip(*rows, strict=True) if rows else [()] * 6
    return {
        "departments": count(departments),
        "categories": count(categories),
        "areas": count(areas),
        "campuses": count(campuses),
        "credits": count(credits, blanks=True),
        "grade_years": count_years(bits),
    }


def count(values: tuple[Any, ...], *, blanks: bool = False) -> Facet:
    counted = Counter(values)
    return [{"value": value, "count": counted[value]} for value in sorted(counted) if value or blanks]


def count_years(bits: tuple[int, ...]) -> Facet:
    """A lecture counts in each year that it is meant for."""
    counts = {year: sum(some >> year & 1 for some in bits) for year in GRADE_YEARS}
    return [{"value": year, "count": number} for year, number in counts.items() if number]
