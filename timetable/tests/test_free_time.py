"""Free together: the cuts of a day against asking every minute by itself."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from timetable.free_time import Range, Span, spans
from timetable.times import Meeting

NOBODY = frozenset()
DAY = Range(1, 1, 540, 720)


def who(*names):
    return frozenset(names)


def test_a_day_is_cut_where_somebody_comes_or_goes():
    classes = {"a": [Meeting(1, 570, 630)], "b": [Meeting(1, 600, 660)]}
    assert spans(classes, DAY) == [
        Span(1, 540, 570, NOBODY),
        Span(1, 570, 600, who("a")),
        Span(1, 600, 630, who("a", "b")),
        Span(1, 630, 660, who("b")),
        Span(1, 660, 720, NOBODY),
    ]


def test_classes_back_to_back_leave_no_gap_and_no_cut():
    classes = {"a": [Meeting(1, 600, 660), Meeting(1, 540, 600)]}
    assert spans(classes, DAY) == [Span(1, 540, 660, who("a")), Span(1, 660, 720, NOBODY)]


def test_whoever_comes_as_another_goes_is_cut_there():
    classes = {"a": [Meeting(1, 540, 600)], "b": [Meeting(1, 600, 720)]}
    assert spans(classes, DAY) == [Span(1, 540, 600, who("a")), Span(1, 600, 720, who("b"))]


def test_nobody_with_classes_is_free_all_the_time():
    assert spans({}, Range(6, 7, 0, 1440)) == [Span(day, 0, 1440, NOBODY) for day in (6, 7)]


def test_a_class_of_some_weeks_counts_in_these_and_in_all():
    classes = {"a": [Meeting(1, 540, 720, first_week=3, last_week=5)]}
    busy = {week: bool(spans(classes, Range(1, 1, 540, 720, week))[0].people) for week in range(1, 8)}
    assert [week for week, is_busy in busy.items() if is_busy] == [3, 4, 5]
    assert spans(classes, DAY) == [Span(1, 540, 720, who("a"))]


MINUTES = st.integers(0, 20)
WEEKS = st.one_of(st.just((None, None)), st.tuples(st.integers(1, 4), st.integers(1, 4)).map(sorted))


@st.composite
def meetings(draw):
    start, end = sorted(draw(st.lists(MINUTES, min_size=2, max_size=2, unique=True)))
    first, last = draw(WEEKS)
    return Meeting(draw(st.integers(1, 3)), start, end, first_week=first, last_week=last)


@st.composite
def ranges(draw):
    start, end = sorted(draw(st.lists(MINUTES, min_size=2, max_size=2, unique=True)))
    first, last = sorted(draw(st.tuples(st.integers(1, 3), st.integers(1, 3))))
    return Range(first, last, start, end, draw(st.none() | st.integers(1, 5)))


def is_in_class(meeting, weekday, minute, week):
    return (
        meeting.weekday == weekday
        and meeting.start <= minute < meeting.end
        and (week is None or meeting.first_week is None or meeting.first_week <= week <= meeting.last_week)
    )


@given(classes=st.dictionaries(st.sampled_from("abc"), st.lists(meetings(), max_size=5)), within=ranges())
def test_every_minute_has_just_those_who_are_in_class(classes, within):
    found = spans(classes, within)
    minutes = {
        (span.weekday, minute): span.people for span in found for minute in range(span.start, span.end)
    }
    assert len(minutes) == sum(span.end - span.start for span in found)
    assert minutes == {
        (weekday, minute): frozenset(
            name
            for name, some in classes.items()
            if any(is_in_class(meeting, weekday, minute, within.week) for meeting in some)
        )
        for weekday in within.weekdays
        for minute in range(within.start, within.end)
    }
    assert found == sorted(found, key=lambda span: (span.weekday, span.start))
    for span, following in pairwise(found):
        assert span.weekday < following.weekday or span.people != following.people
