"""Times as our own format writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timetable.catalogue.notation import read_times, write_times
from timetable.times import DAY, MAX_WEEKS, Meeting

places = (
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters=";"))
    .map(str.strip)
    .filter(bool)
)


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    start = draw(st.integers(0, DAY - 1))
    weeks = draw(st.none() | st.lists(st.integers(1, MAX_WEEKS), min_size=2, max_size=2).map(sorted))
    return Meeting(
        draw(st.integers(1, 7)),
        start,
        draw(st.integers(start + 1, DAY)),
        draw(st.just("") | places),
        *(weeks or (None, None)),
    )


@given(st.lists(meetings(), min_size=1, max_size=4))
def test_what_is_written_is_read_again(times: list[Meeting]) -> None:
    assert read_times(write_times(times)) == times


def test_a_time_has_a_day_minutes_a_place_and_weeks() -> None:
    assert read_times("mon 09:00-10:15 @ 공학관 401; weeks 1-8 fri 13:00-15:00") == [
        Meeting(1, 540, 615, "공학관 401"),
        Meeting(5, 780, 900, "", 1, 8),
    ]


@pytest.mark.parametrize("text", ["MON 9:00 - 10:15", "월 09:00-10:15", "  mon  09:00-10:15 ;".rstrip(" ;")])
def test_a_time_may_be_written_loosely(text: str) -> None:
    assert read_times(text) == [Meeting(1, 540, 615)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mon",
        "mon 9-10",
        "mon 09:00",
        "xyz 09:00-10:00",
        "mon 09:60-10:00",
        "mon 09:00-10:00;",
        "weeks 1 mon 09:00-10:00",
        "mon 09:00-10:00 공학관",
        "mon 09:00-10:00, wed 09:00-10:00",
    ],
)
def test_anything_else_is_not_understood(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the text itself is all it says)
        read_times(text)
