"""Filters by when a lecture meets: days, hours, windows, and what a timetable already holds."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from api.filters import BooleanFilter, FilterSet, VisibleFilter
from timetable.filters.fields import IntegerFilter, any_of_numbers
from timetable.models import LectureTime, Timetable
from timetable.times import DAY, MAX_WEEKS, Meets

WINDOW = "[1-7]:[0-9]{1,4}-[0-9]{1,4}"
MAX_WINDOWS = 50
WINDOWS = f"{WINDOW}(,{WINDOW}){{0,{MAX_WINDOWS - 1}}}"
# So many alternatives make one condition: SQLite takes no more than 1,000 levels of them.
MAX_ALTERNATIVES = 250

Span = tuple[int, int]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Spans of minutes with those that touch or overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def any_of(conditions: Iterable[Q]) -> Q:
    condition = Q()
    for alternative in conditions:
        condition |= alternative
    return condition


class WindowsField(forms.Field):
    """`1:540-1080,3:600-720`: on Monday from 9:00 to 18:00, and so on. A list of spans for each weekday."""

    default_error_messages = {
        "invalid": _("Give up to %(max)d windows such as 1:540-1080,3:600-720."),
        "out_of_range": _("A window ends after its start, and by minute %(max)d."),
    }

    def to_python(self, value: Any) -> dict[int, list[Span]] | None:
        if value in self.empty_values:
            return None
        if not re.fullmatch(WINDOWS, value):
            raise self.error("invalid", MAX_WINDOWS)
        windows: dict[int, list[Span]] = defaultdict(list)
        for window in value.split(","):
            weekday, start, end = map(int, re.split("[:-]", window))
            if not start < end <= DAY:
                raise self.error("out_of_range", DAY)
            windows[weekday].append((start, end))
        return {weekday: merge(spans) for weekday, spans in windows.items()}

    def error(self, code: str, most: int) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"max": most})


@extend_schema_field({"type": "string", "pattern": f"^{WINDOWS}$"})
class WindowsFilter(django_filters.Filter):
    field_class = WindowsField


class TimesFilterSet(FilterSet):
    """A lecture without any time passes the filters by time only where `has_time=false` asks for such."""

    weekday = any_of_numbers(
        least=1, most=7, method="on_weekdays", label="Meets on this day, 1, Monday, to 7. Repeat it for any."
    )
    starts_after = IntegerFilter(
        least=0,
        most=DAY,
        method="starting_after",
        label="Every meeting starts then or later, in minutes since midnight.",
    )
    ends_before = IntegerFilter(
        least=0,
        most=DAY,
        method="ending_before",
        label="Every meeting ends then or earlier, in minutes since midnight.",
    )
    within = WindowsFilter(
        method="in_windows",
        label="Every meeting fits into one of these windows, such as `1:540-1080,3:600-720`: weekday, start "
        "and end in minutes since midnight. Windows that touch or overlap are one.",
    )
    fits = VisibleFilter(
        visible=Timetable.objects.visible_to,
        method="fitting",
        label="The id of a timetable of one's own: lectures of its semester that clash with nothing in it. "
        "What is in it already clashes with itself.",
    )
    has_time = BooleanFilter(
        method="with_times",
        label="Lectures with times, or those without. Those without pass the other filters by time only "
        "where this is `false`.",
    )

    def with_times(self, lectures: QuerySet, name: str, wanted: bool) -> QuerySet:
        return lectures.filter(holds(meets() if wanted else ~meets()))

    def on_weekdays(self, lectures: QuerySet, name: str, weekdays: list[int]) -> QuerySet:
        return self.meeting(lectures, meets(weekday__in=weekdays))

    def starting_after(self, lectures: QuerySet, name: str, minutes: int) -> QuerySet:
        return self.meeting(lectures, meets() & ~meets(start__lt=minutes))

    def ending_before(self, lectures: QuerySet, name: str, minutes: int) -> QuerySet:
        return self.meeting(lectures, meets() & ~meets(end__gt=minutes))

    def in_windows(self, lectures: QuerySet, name: str, windows: dict[int, list[Span]]) -> QuerySet:
        inside = any_of(
            Q(weekday=weekday, start__gte=start, end__lte=end)
            for weekday, spans in windows.items()
            for start, end in spans
        )
        return self.meeting(lectures, meets() & ~meets(~inside))

    def fitting(self, lectures: QuerySet, name: str, timetable: Timetable) -> QuerySet:
        lectures = lectures.filter(semester=timetable.semester_id)
        clashes = list(clashing(busy_times(timetable)))
        fits: Any = meets()
        for start in range(0, len(clashes), MAX_ALTERNATIVES):
            fits &= ~meets(any_of(clashes[start : start + MAX_ALTERNATIVES]))
        return self.meeting(lectures, fits)

    def meeting(self, lectures: QuerySet, condition: Any) -> QuerySet:
        """The lectures whose times are like this; where those without times are asked for, all."""
        return lectures if self.form.cleaned_data["has_time"] is False else lectures.filter(holds(condition))


def meets(*conditions: Q, **lookups: Any) -> Exists:
    """Whether a lecture has a time like this, or any at all."""
    return Exists(LectureTime.objects.filter(*conditions, lecture=OuterRef("pk"), **lookups))


def holds(condition: Any) -> Exact:
    """A condition as a value, asked of one lecture after the other until a page is full.

    As a condition by itself, MariaDB would first collect the times of every lecture there ever was.
    """
    return Exact(Case(When(condition, then=Value(1)), default=Value(0)), 1)


def busy_times(timetable: Timetable) -> list[Meets]:
    """The times of what takes place in a timetable."""
    entries = timetable.entries.with_times()
    return [time for entry in entries if entry.takes_place for time in entry.times]


def clashing(times: Iterable[Meets]) -> Iterator[Q]:
    """What times that clash with these are like: `timetable.times.overlap` as conditions."""
    spans: dict[tuple[int, int, int], list[Span]] = defaultdict(list)
    for time in times:
        key = (time.weekday, time.first_week or 1, time.last_week or MAX_WEEKS)
        spans[key].append((time.start, time.end))
    for (weekday, first, last), some in spans.items():
        weeks = Q(first_week=None) | Q(first_week__lte=last, last_week__gte=first)
        for start, end in merge(some):
            yield Q(weeks, weekday=weekday, start__lt=end, end__gt=start)
