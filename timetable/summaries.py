"""What the reviews of a course say together: counted, and the answer that most of them give."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

# What reviews answer, beside the rating.
ANSWERS = ("homework", "teamwork", "grading", "attendance", "exams")
COUNTED = ("rating", *ANSWERS)
# How often each value was given, as text, by field; {} while there are no reviews.
Counts = dict[str, dict[str, int]]


def count_answers(reviews: Iterable[Sequence[Any]]) -> Counts:
    """The counts of reviews, each the values of `COUNTED` in that order."""
    columns = zip(*reviews, strict=True)
    counted = {name: Counter(map(str, values)) for name, values in zip(COUNTED, columns, strict=False)}
    return {name: dict(sorted(counts.items())) for name, counts in counted.items()}


def average_rating(counts: Counts) -> int:
    """In hundredths, halves rounded up; 0 where there are no reviews."""
    number = review_count(counts)
    total = sum(int(rating) * times for rating, times in counts.get("rating", {}).items())
    return (200 * total + number) // (2 * number) if number else 0


def review_count(counts: Counts) -> int:
    return sum(counts.get("rating", {}).values())


def most_common(counts: Counts, name: str, values: Iterable[Any]) -> Any:
    """The one of `values` that most reviews give; of several, the first; None where there are no reviews."""
    given = counts.get(name, {})
    return max(values, key=lambda value: given.get(str(value), 0)) if given else None
