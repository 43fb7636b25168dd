"""The filters of lectures by when they meet."""

from itertools import product
from types import SimpleNamespace

import hypothesis.strategies as st
import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings

from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from timetable.filters.lectures import LectureFilterSet
from timetable.filters.times import merge
from timetable.models import EntryTime, Lecture, TimetableEntry
from timetable.models.lectures import meeting_fields
from timetable.tests.factories import SemesterFactory, TimetableFactory, make_lecture
from timetable.times import Meeting, clash

pytestmark = pytest.mark.django_db

LECTURES = "/api/v1/lectures/"
NINE, TEN, NOON, SIX = 540, 600, 720, 1080


@pytest.fixture
def lectures(semester):
    """Lectures by their title."""
    rows = {
        "monday": [Meeting(1, NINE, TEN)],
        "none": [],
        "sunday": [Meeting(7, 0, 60), Meeting(7, 1380, 1440)],
        "twice": [Meeting(1, TEN, NOON), Meeting(3, TEN, NOON, first_week=1, last_week=8)],
        "wednesday": [Meeting(3, SIX, 1200), Meeting(3, SIX, 1200)],
    }
    return {title: make_lecture(semester, *meetings, title=title) for title, meetings in rows.items()}


def found(api, **query):
    answer = api.get(LECTURES, query)
    assert answer.status_code == 200, answer.content
    return " ".join(row["title"] for row in answer.json()["results"])


def add(timetable, *things):
    """Lectures, and meetings of one's own."""
    for thing in things:
        if isinstance(thing, Meeting):
            entry = TimetableEntry.objects.create(timetable=timetable, title="알바")
            EntryTime.objects.create(entry=entry, **meeting_fields(thing))
        else:
            TimetableEntry.objects.create(timetable=timetable, lecture=thing)


@pytest.mark.usefixtures("lectures")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"has_time": "true"}, "monday sunday twice wednesday"),
        ({"has_time": "false"}, "none"),
        ({"weekday": 1}, "monday twice"),
        ({"weekday": [1, 7]}, "monday sunday twice"),
        ({"weekday": 3}, "twice wednesday"),
        ({"weekday": 2}, ""),
        ({"starts_after": NINE}, "monday twice wednesday"),
        ({"starts_after": NINE + 1}, "twice wednesday"),
        ({"starts_after": 0}, "monday sunday twice wednesday"),
        ({"starts_after": 1440}, ""),
        ({"ends_before": TEN}, "monday"),
        ({"ends_before": TEN - 1}, ""),
        ({"ends_before": NOON}, "monday twice"),
        ({"ends_before": 1440}, "monday sunday twice wednesday"),
        ({"starts_after": NINE, "ends_before": NOON}, "monday twice"),
        ({"starts_after": TEN, "weekday": 1}, "twice"),
        ({"within": "1:540-600"}, "monday"),
        ({"within": "1:541-600"}, ""),
        ({"within": "1:540-599"}, ""),
        ({"within": "1:540-720"}, "monday"),
        ({"within": "1:540-720,3:600-720"}, "monday twice"),
        ({"within": "3:600-720"}, ""),
        ({"within": "3:1080-1200"}, "wednesday"),
        ({"within": "3:1080-1100,3:1100-1200"}, "wednesday"),
        ({"within": "3:1150-1200,3:1080-1160"}, "wednesday"),
        ({"within": "3:1080-1100,3:1101-1200"}, ""),
        ({"within": "7:0-1440"}, "sunday"),
        ({"within": "7:0-60,7:1380-1440"}, "sunday"),
        ({"within": "6:0-1440"}, ""),
        ({"within": "7:1300-1440,7:0-0100,1:0-1440"}, "monday sunday"),
    ],
    ids=str,
)
def test_lectures_are_filtered_by_when_they_meet(api, query, expected):
    assert found(api, **query) == expected


@pytest.mark.usefixtures("lectures")
@pytest.mark.parametrize(
    "query", [{"weekday": 1}, {"starts_after": 0}, {"ends_before": 1440}, {"within": "1:0-1440"}], ids=str
)
def test_without_any_time_a_lecture_passes_only_where_such_are_asked_for(api, query):
    assert "none" not in found(api, **query).split()
    assert "none" not in found(api, **query, has_time="true").split()
    assert found(api, **query, has_time="false") == "none"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"weekday": "0"}, "out_of_range"),
        ({"weekday": "8"}, "out_of_range"),
        ({"weekday": "monday"}, "invalid"),
        ({"weekday": ""}, "blank"),
        ({"starts_after": "1441"}, "out_of_range"),
        ({"starts_after": "-1"}, "invalid"),
        ({"starts_after": "09:00"}, "invalid"),
        ({"starts_after": "٣"}, "invalid"),
        ({"ends_before": "1e3"}, "invalid"),
        ({"ends_before": " "}, "invalid"),
        ({"has_time": "0"}, "invalid"),
        ({"within": ""}, "blank"),
        ({"within": "1"}, "invalid"),
        ({"within": "8:0-60"}, "invalid"),
        ({"within": "0:0-60"}, "invalid"),
        ({"within": "1:0-60,"}, "invalid"),
        ({"within": "1:0-60;2:0-60"}, "invalid"),
        ({"within": "1:0-60\n"}, "invalid"),
        ({"within": "1:00:00-01:00"}, "invalid"),
        ({"within": "1:-5-60"}, "invalid"),
        ({"within": "1:٣-60"}, "invalid"),
        ({"within": "1:0-99999"}, "invalid"),
        ({"within": ",".join(["1:0-60"] * 51)}, "invalid"),
        ({"within": "1:60-60"}, "out_of_range"),
        ({"within": "1:61-60"}, "out_of_range"),
        ({"within": "1:0-60,2:0-1441"}, "out_of_range"),
        ({"fits": "x"}, "invalid"),
        ({"fits": "987654321"}, "does_not_exist"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_not_understood_is_refused(api, query, code):
    answer = api.get(LECTURES, query)
    assert answer.status_code == 400
    assert codes(answer) == {(next(iter(query)), code)}


def test_fifty_windows_are_taken(api, lectures):
    windows = ",".join(f"{n % 7 + 1}:{n}-{n + 1}" for n in range(49))
    assert found(api, within=f"{windows},1:540-600") == "monday"


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        ([], []),
        ([(1, 2)], [(1, 2)]),
        ([(1, 2), (2, 3)], [(1, 3)]),
        ([(2, 3), (1, 2)], [(1, 3)]),
        ([(1, 2), (3, 4)], [(1, 2), (3, 4)]),
        ([(1, 9), (2, 3), (9, 10), (12, 13)], [(1, 10), (12, 13)]),
    ],
)
def test_spans_that_touch_or_overlap_become_one(spans, merged):
    assert merge(spans) == merged


# --- Fitting into a timetable ---
def test_into_an_empty_timetable_fits_everything_with_times(api, lectures, timetable):
    assert found(api, fits=timetable.pk) == "monday sunday twice wednesday"
    assert found(api, fits=timetable.pk, has_time="true") == "monday sunday twice wednesday"
    assert found(api, fits=timetable.pk, has_time="false") == "none"


@pytest.mark.parametrize(
    ("busy", "expected"),
    [
        (Meeting(1, 480, NINE), "monday sunday twice wednesday"),  # back to back
        (Meeting(1, 480, NINE + 1), "sunday twice wednesday"),
        (Meeting(1, NINE + 10, NINE + 20), "sunday twice wednesday"),
        (Meeting(1, 0, 1440), "sunday wednesday"),
        (Meeting(1, NINE, TEN), "sunday twice wednesday"),
        (Meeting(2, NINE, TEN), "monday sunday twice wednesday"),
        (Meeting(3, TEN, NOON), "monday sunday wednesday"),
        (Meeting(3, TEN, NOON, "", 8, 9), "monday sunday wednesday"),
        (Meeting(3, TEN, NOON, "", 9, 16), "monday sunday twice wednesday"),
        (Meeting(3, TEN, NOON, "", 1, 1), "monday sunday wednesday"),
        (Meeting(1, NINE, NOON, "", 16, 16), "sunday wednesday"),  # without weeks is in all of them
        (Meeting(7, 60, 1380), "monday sunday twice wednesday"),
        (Meeting(7, 60, 1381), "monday twice wednesday"),
    ],
    ids=str,
)
def test_what_is_of_ones_own_takes_its_time(api, lectures, timetable, busy, expected):
    add(timetable, busy)
    assert found(api, fits=timetable.pk) == expected


def test_a_lecture_in_the_timetable_takes_its_time_and_does_not_fit_itself(api, lectures, timetable):
    add(timetable, lectures["twice"], lectures["none"])
    assert found(api, fits=timetable.pk) == "monday sunday wednesday"
    assert found(api, fits=timetable.pk, has_time="false") == "none"
    add(timetable, lectures["monday"], Meeting(7, 0, 10))
    assert found(api, fits=timetable.pk) == "wednesday"


def test_a_cancelled_lecture_in_the_timetable_takes_no_time(api, lectures, timetable):
    lecture = lectures["monday"]
    lecture.is_cancelled = True
    lecture.save()
    add(timetable, lecture)
    assert found(api, fits=timetable.pk) == "monday sunday twice wednesday"


def test_another_timetable_takes_no_time(api, lectures, timetable, user, semester):
    add(TimetableFactory(user=user, semester=semester), lectures["monday"], Meeting(3, 0, 1440))
    assert found(api, fits=timetable.pk) == "monday sunday twice wednesday"


def test_another_semesters_lectures_fit_nowhere_here(api, lectures, timetable, user):
    other = SemesterFactory(school=user.school, year=2024)
    make_lecture(other, Meeting(5, NINE, TEN), title="last year's")
    make_lecture(other, title="last year's without times")
    assert "last year's" not in found(api, fits=timetable.pk)
    assert found(api, fits=timetable.pk, has_time="false") == "none"
    assert found(api, fits=timetable.pk, semester=other.pk) == ""


def test_fits_goes_with_other_filters(api, lectures, timetable):
    add(timetable, Meeting(1, NINE, TEN))
    assert found(api, fits=timetable.pk, weekday=1) == "twice"
    assert found(api, fits=timetable.pk, search="wednes") == "wednesday"


def test_others_timetables_do_not_exist(api, client_of, timetable, user, semester):
    others = TimetableFactory(semester=semester, visibility="public", share_token="0" * 32)
    foreign = TimetableFactory(visibility="public")
    answers = [api.get(LECTURES, {"fits": pk}) for pk in (others.pk, foreign.pk, 987654321)]
    for answer in answers:
        assert answer.status_code == 400
        assert codes(answer) == {("fits", "does_not_exist")}
        assert answer.content == answers[0].content
    for person in (UserFactory(school=user.school), StaffFactory()):
        refused = client_of(person).get(LECTURES, {"fits": timetable.pk})
        assert codes(refused) == {("fits", "does_not_exist")}


def test_the_fullest_timetable_is_no_problem(api, lectures, timetable):
    """60 entries of 20 times each, none of which touch: on SQLite a condition has 1,000 parts at most."""
    TimetableEntry.objects.bulk_create(TimetableEntry(timetable=timetable, title=f"{n}") for n in range(60))
    # MySQL does not tell the ids of many rows inserted at once.
    entries = list(timetable.entries.order_by("id"))
    slots = product(range(1, 5), range(0, 1440, 10), (1, 20))
    EntryTime.objects.bulk_create(
        EntryTime(
            entry=entries[n // 20], weekday=day, start=start, end=start + 5, first_week=week, last_week=week
        )
        for n, (day, start, week) in zip(range(1200), slots, strict=False)
    )
    assert EntryTime.objects.count() > 1000
    assert found(api, fits=timetable.pk) == "sunday"


def meetings(most):
    """Meetings on two days, few enough hours and weeks that many of them clash."""
    weeks = st.none() | st.tuples(st.integers(1, 4), st.integers(0, 2))
    meeting = st.builds(
        lambda day, start, length, weeks: Meeting(
            day,
            start,
            start + length,
            first_week=weeks and weeks[0],
            last_week=weeks and weeks[0] + weeks[1],
        ),
        st.integers(1, 2),
        st.integers(0, 8),
        st.integers(1, 3),
        weeks,
    )
    return st.lists(meeting, min_size=1, max_size=most)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(busy=meetings(5), offered=meetings(3))
def test_a_lecture_fits_where_nothing_clashes(api, timetable, semester, busy, offered):
    semester.lectures.all().delete()
    timetable.entries.all().delete()
    lecture = make_lecture(semester, *offered, title="offered")
    add(timetable, *busy)
    assert found(api, fits=timetable.pk) == ("" if clash(busy, lecture.times.all()) else "offered")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(windows=meetings(4), offered=meetings(3))
def test_a_lecture_is_within_windows_where_all_of_its_minutes_are(api, semester, windows, offered):
    semester.lectures.all().delete()
    make_lecture(semester, *offered, title="offered")

    def minutes(some):
        return {(one.weekday, minute) for one in some for minute in range(one.start, one.end)}

    query = ",".join(f"{window.weekday}:{window.start}-{window.end}" for window in windows)
    assert found(api, within=query) == ("offered" if minutes(offered) <= minutes(windows) else "")


@pytest.mark.server
@pytest.mark.usefixtures("lectures")
@pytest.mark.parametrize("query", ["starts_after=540", "weekday=1", "has_time=true", "within=1:0-1440"])
def test_the_times_of_other_lectures_are_not_collected_first(user, semester, query):
    """They grow with every semester; what one page needs does not."""
    query = QueryDict(f"semester={semester.pk}&{query}")
    filterset = LectureFilterSet(query, Lecture.objects.all(), request=SimpleNamespace(user=user))
    assert filterset.is_valid()
    assert "MATERIALIZED" not in filterset.qs.explain()


def test_fits_costs_the_same_for_1_entry_and_for_30(api, semester, timetable, count_queries):
    def make(n):
        add(timetable, make_lecture(semester, Meeting(1, n, n + 1)), Meeting(2, n, n + 1))
        make_lecture(semester, Meeting(3, n, n + 1))

    def read():
        return api.get(LECTURES, {"fits": timetable.pk, "page_size": 100}).json()["results"]

    make(0)
    assert len(read()) == 1
    one = count_queries(read)
    for n in range(1, 30):
        make(n)
    assert len(read()) == 30
    assert count_queries(read) == one <= 9
