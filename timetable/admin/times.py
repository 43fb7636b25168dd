"""The times of a lecture, on its page."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from api.admin import NameField
from timetable.models import LectureTime
from timetable.times import DAY, MAX_WEEKS, clock


class ClockField(forms.Field):
    """Minutes since midnight, typed and shown as `09:30`. `24:00` is the end of the day."""

    default_error_messages = {"invalid": _("Give a time such as 09:30.")}

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        found = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", str(value).strip())
        minutes = int(found[1]) * 60 + int(found[2]) if found else DAY + 1
        if minutes > DAY:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return minutes


class WeekField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": MAX_WEEKS, "required": False} | kwargs)


class LectureTimeForm(forms.ModelForm):
    weekday = forms.TypedChoiceField(
        label=_("weekday"), choices=[(day + 1, name) for day, name in WEEKDAYS.items()], coerce=int
    )
    start = ClockField(label=_("start"))
    end = ClockField(label=_("end"))
    first_week = WeekField(label=_("first week"))
    last_week = WeekField(label=_("last week"))

    class Meta:
        model = LectureTime
        fields = ("weekday", "start", "end", "place", "first_week", "last_week")
        field_classes = {"place": NameField}

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            return self.cleaned_data
        start, end, first, last = (
            self.cleaned_data[name] for name in ("start", "end", "first_week", "last_week")
        )
        if start >= end:
            self.add_error("end", ValidationError(_("This must be after the start."), code="not_after"))
        if (first is None) != (last is None) or (first is not None and first > last):
            message = _("Give both weeks or neither, the last not before the first.")
            self.add_error("last_week", ValidationError(message, code="not_after"))
        return self.cleaned_data


class LectureTimeInline(admin.TabularInline):
    model = LectureTime
    form = LectureTimeForm
    extra = 0
