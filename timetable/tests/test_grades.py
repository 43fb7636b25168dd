"""What grades come to, without a database."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timetable.grades import FAILED, GRADES, LETTERS, PASSED, SCALES, Result, retaken, summarise

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "grades.md"


def results(*grades, course=None, credit=3):
    return [Result(n, course or f"C{n}", Decimal(credit), grade) for n, grade in enumerate(grades)]


def tables_of(page):
    """The tables of a page in Markdown, each a list of rows, without the heads."""
    blocks = re.findall(r"(?:^\|.*\n)+", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [[row.strip("| ").split(" | ") for row in block.splitlines()][2:] for block in blocks]


def test_the_guide_has_the_points_of_every_scale():
    points = tables_of(GUIDE)[0]
    for number, name in enumerate(("4.5", "4.3", "4.0"), start=1):
        assert {row[0]: Decimal(row[number]) for row in points} == SCALES[name]


def test_the_guides_example_comes_out():
    taken, expected = tables_of(GUIDE)[1:]
    rows = [
        (semester, Result(n, code, Decimal(credit), grade, is_major == "yes"))
        for n, (semester, code, credit, grade, is_major) in enumerate(taken)
    ]
    replaced = set(retaken([result for _semester, result in rows], "better"))
    counting = [result for _semester, result in rows if result not in replaced]
    groups = {"all": counting, "major": [result for result in counting if result.is_major]}
    for semester, result in rows:
        groups.setdefault(semester, []).append(result)
    assert len(expected) == len(groups) == 5
    for what, *numbers in expected:
        summary = summarise(groups[what], SCALES["4.5"])
        assert [summary.courses, summary.attempted, summary.earned, summary.average] == [
            Decimal(number) for number in numbers
        ], what


@pytest.mark.parametrize("points", SCALES.values(), ids=SCALES)
def test_a_better_letter_never_counts_less(points):
    assert list(points) == list(LETTERS)
    assert sorted(points.values(), reverse=True) == list(points.values())


@pytest.mark.parametrize(
    ("grades", "earned", "average"),
    [
        ((), 0, None),
        ((PASSED, FAILED), 3, None),
        (("F", PASSED), 3, "0.00"),
        (("A+", "F"), 3, "2.25"),
        (("A+", "A+", "A0"), 9, "4.33"),
        (("A0", "A0", "A+", PASSED, FAILED), 12, "4.17"),
    ],
)
def test_credits_are_earned_by_passing_and_letters_alone_are_averaged(grades, earned, average):
    summary = summarise(results(*grades), SCALES["4.5"])
    assert (summary.courses, summary.attempted) == (len(grades), 3 * len(grades))
    assert summary.earned == earned
    assert summary.average == (average and Decimal(average))


def test_halves_are_rounded_up():
    # (4.0 + 4.0 + 4.0 + 3.5 × 5) ÷ 8 = 3.6875, and 4.125 of two that weigh 3 and 1.
    weighed = [Result(1, "A", Decimal(3), "A0"), Result(2, "B", Decimal(1), "A+")]
    assert summarise(weighed, SCALES["4.5"]).average == Decimal("4.13")


def test_what_has_no_credits_has_no_average():
    assert summarise(results("A+", credit=0), SCALES["4.5"]).average is None


@pytest.mark.parametrize(
    ("grades", "retake", "kept"),
    [
        (("C+", "B+"), "better", "B+"),
        (("B+", "C+"), "better", "B+"),
        (("B+", "C+"), "latest", "C+"),
        (("F", "C+", "A0", "B+"), "better", "A0"),
        (("F", "C+", "A0", "B+"), "latest", "B+"),
        (("A+", PASSED), "better", "A+"),
        ((FAILED, PASSED), "better", PASSED),
        (("D-", PASSED), "better", "D-"),
        (("F", FAILED), "better", FAILED),
        (("A+", FAILED), "latest", FAILED),
    ],
)
def test_of_a_course_taken_again_one_result_is_kept(grades, retake, kept):
    taken = results(*grades, course="CSE1001")
    replaced = list(retaken(taken, retake))
    assert [result.grade for result in taken if result not in replaced] == [kept]


def test_of_equals_the_newer_is_kept():
    taken = results("B+", "B+", course="CSE1001")
    assert list(retaken(taken, "better")) == taken[:1]


@given(
    st.lists(st.builds(tuple, st.tuples(st.sampled_from("ABC"), st.sampled_from(GRADES))), max_size=12),
    st.sampled_from(("better", "latest")),
    st.sampled_from(list(SCALES)),
)
def test_each_course_is_counted_once_within_the_bounds_of_its_grades(taken, retake, scale):
    rows = [Result(n, course, Decimal(3), grade) for n, (course, grade) in enumerate(taken)]
    replaced = set(retaken(rows, retake))
    kept = [row for row in rows if row not in replaced]
    assert sorted(row.course for row in kept) == sorted({row.course for row in rows})
    summary = summarise(kept, SCALES[scale])
    assert summary.earned <= summary.attempted == 3 * len(kept)
    points = [SCALES[scale][row.grade] for row in kept if row.grade in LETTERS]
    assert (summary.average is None) == (not points)
    if points:
        assert min(points) <= summary.average <= max(points)
