"""What makes a row a lecture, and what keeps it from being one."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from timetable.catalogue.rows import LectureRow, Record, Rejected, lecture_row
from timetable.tests.catalogues import LECTURE, lecture
from timetable.times import DAY, Meeting


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def row_of(*, surplus: bool = False, meetings: Any = (), **cells: Any) -> LectureRow | Rejected:
    record = Record("line 2", lecture(**cells), surplus)
    return lecture_row(record, record.cells, lambda _text: meetings)


def test_a_row_becomes_a_lecture() -> None:
    row = row_of(meetings=[Meeting(1, 540, 615)])
    assert row == LectureRow(
        line="line 2",
        code="CSE1001",
        section="1",
        title="자료구조",
        professor="김민준",
        category="전공",
        area="기초",
        department="컴퓨터공학과",
        campus="서울",
        remark="영어강의",
        grade_year=1 << 2,
        credit=Decimal("3.0"),
        capacity=40,
        enrolled=12,
        meetings=(Meeting(1, 540, 615),),
    )


@pytest.mark.parametrize("name", sorted(set(LECTURE) - {"code", "title", "credit"}))
def test_all_but_code_title_and_credit_may_be_empty(name: str) -> None:
    assert isinstance(row_of(**{name: None}), LectureRow)
    assert isinstance(row_of(**{name: " "}), LectureRow)


@pytest.mark.parametrize("name", ["code", "title", "credit"])
def test_a_row_without_what_a_lecture_needs_is_rejected(name: str) -> None:
    rejected = row_of(**{name: " "})
    assert isinstance(rejected, Rejected)
    assert name in rejected.reason.lower()
    assert rejected.line == "line 2"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("code", "C" * 31),
        ("section", "1" * 11),
        ("title", "가" * 201),
        ("professor", "김" * 201),
        ("category", "가" * 51),
        ("area", "가" * 51),
        ("department", "가" * 101),
        ("campus", "가" * 51),
        ("remark", "가" * 1001),
        # One letter that folds into 15.
        ("code", "ﷺ" * 7),
        ("section", "ﷺ" * 4),
        ("title", "ﷺ" * 14),
        ("professor", "ﷺ" * 34),
    ],
)
def test_what_does_not_fit_is_rejected(name: str, value: str) -> None:
    rejected = row_of(**{name: value})
    assert isinstance(rejected, Rejected)
    assert "longer than" in rejected.reason


@pytest.mark.parametrize("value", ["", "three", "-1", "1000", "2.25", "NaN", "Infinity", "1e2", "1_0", "３"])
def test_a_credit_is_a_number_in_tenths(value: str) -> None:
    assert isinstance(row_of(credit=value), Rejected)


@pytest.mark.parametrize(
    ("value", "credit"), [("0", "0"), (3, "3"), (0.5, "0.5"), ("3.00", "3"), ("999.9", "999.9")]
)
def test_a_credit_may_be_zero_and_half(value: Any, credit: str) -> None:
    row = row_of(credit=value)
    assert isinstance(row, LectureRow)
    assert row.credit == Decimal(credit)


@pytest.mark.parametrize("name", ["capacity", "enrolled"])
@pytest.mark.parametrize("value", ["many", "-1", "1000000", "1.5"])
def test_people_are_counted_in_whole_numbers(name: str, value: str) -> None:
    assert isinstance(row_of(**{name: value}), Rejected)


@pytest.mark.parametrize(("value", "count"), [(0, 0), ("0", 0), (30.0, 30), ("", None), (None, None)])
def test_no_seats_is_not_an_unknown_number_of_seats(value: Any, count: int | None) -> None:
    row = row_of(capacity=value)
    assert isinstance(row, LectureRow)
    assert row.capacity == count


@pytest.mark.parametrize(
    ("value", "years"),
    [
        ("", []),
        ("3", [3]),
        (3, [3]),
        ("1,2", [1, 2]),
        ("1학년", [1]),
        ("3,4학년", [3, 4]),
        ("2-4학년", [2, 3, 4]),
        ("전체학년", [1, 2, 3, 4, 5, 6]),
        ("학년구분없음", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_years_of_study_are_bits(value: Any, years: list[int]) -> None:
    row = row_of(grade_year=value)
    assert isinstance(row, LectureRow)
    assert row.grade_year == sum(1 << year for year in years)


@pytest.mark.parametrize("value", ["7", "0", "대학원", "1,,2", "1-", "2025-01-04"])
def test_other_years_of_study_are_rejected(value: str) -> None:
    assert isinstance(row_of(grade_year=value), Rejected)


def test_cells_are_lines_of_visible_text() -> None:
    row = row_of(title=" 자료\u200b구조\n (실습)\x00 ", professor="김민준", section=1.0)
    assert isinstance(row, LectureRow)
    assert (row.title, row.professor, row.section) == ("자료구조 (실습)", "김민준", "1")


def test_half_a_character_is_left_out() -> None:
    row = row_of(title="자료\ud800구조")
    assert isinstance(row, LectureRow)
    assert row.title == "자료구조"


@pytest.mark.parametrize("value", [True, ["a"], {"a": 1}])
def test_a_cell_that_is_no_text_is_rejected(value: Any) -> None:
    assert isinstance(row_of(title=value), Rejected)


def test_a_cell_beside_the_columns_is_rejected() -> None:
    rejected = row_of(surplus=True)
    assert rejected == Rejected("line 2", "There are more cells than columns.")


@pytest.mark.parametrize("times", [None, "", "  ", []])
def test_times_may_be_absent(times: Any) -> None:
    row = row_of(times=times, meetings=[Meeting(1, 540, 615)])
    assert isinstance(row, LectureRow)
    assert (row.meetings, row.unread_times) == ((), "")


@pytest.mark.parametrize(
    "meeting",
    [
        Meeting(0, 540, 600),
        Meeting(8, 540, 600),
        Meeting(1, 600, 600),
        Meeting(1, -60, 600),
        Meeting(1, 600, DAY + 1),
        Meeting(1, 540, 600, "가" * 201),
        Meeting(1, 540, 600, "", 1, None),
        Meeting(1, 540, 600, "", None, 1),
        Meeting(1, 540, 600, "", 0, 1),
        Meeting(1, 540, 600, "", 2, 1),
        Meeting(1, 540, 600, "", 1, 54),
    ],
)
def test_times_that_can_not_be_are_not_understood_and_the_lecture_stays(meeting: Meeting) -> None:
    row = row_of(times="월1", meetings=[Meeting(1, 540, 600), meeting])
    assert isinstance(row, LectureRow)
    assert (row.meetings, row.unread_times) == ((), "월1")


def test_meetings_are_in_the_order_of_the_week_and_may_repeat() -> None:
    late, early, some_weeks = Meeting(3, 540, 600), Meeting(1, 540, 600), Meeting(1, 540, 600, "", 1, 5)
    row = row_of(meetings=[late, some_weeks, early, early])
    assert isinstance(row, LectureRow)
    assert row.meetings == (early, early, some_weeks, late)
