from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers import CharField, IntegerField
from timetable.times import DAY, MAX_WEEKS, Meeting

# Own times stand on a grid of so many minutes.
GRID = 5


class MeetingSerializer(serializers.Serializer):
    """A time of the week."""

    weekday = serializers.IntegerField(min_value=1, max_value=7, help_text="1, Monday, to 7 (ISO 8601).")
    start = serializers.IntegerField(min_value=0, max_value=DAY - 1, help_text="Minutes since midnight.")
    end = serializers.IntegerField(
        min_value=1, max_value=DAY, help_text="Minutes since midnight, not included."
    )
    place = serializers.CharField(allow_blank=True)
    first_week = serializers.IntegerField(
        allow_null=True, help_text="From 1, the week in which the semester begins; null for every week."
    )
    last_week = serializers.IntegerField(allow_null=True, help_text="Included; null for every week.")


class GridField(IntegerField):
    """Minutes since midnight, in steps of `GRID`."""

    step = GRID
    default_error_messages = {"off_grid": _("Give a multiple of 5.")}

    def to_internal_value(self, data: Any) -> int:
        minutes = super().to_internal_value(data)
        if minutes % self.step:
            self.fail("off_grid")
        return minutes


class MeetingWriteSerializer(serializers.Serializer):
    """A time of one's own: minutes in steps of 5, both weeks or none. Valid data is a `Meeting`."""

    weekday = IntegerField(min_value=1, max_value=7, help_text="1, Monday, to 7 (ISO 8601).")
    start = GridField(min_value=0, max_value=DAY - GRID, help_text="Minutes since midnight.")
    end = GridField(min_value=GRID, max_value=DAY, help_text="Minutes since midnight, not included.")
    place = CharField(max_length=200, allow_blank=True, required=False)
    first_week = IntegerField(min_value=1, max_value=MAX_WEEKS, allow_null=True, required=False)
    last_week = IntegerField(min_value=1, max_value=MAX_WEEKS, allow_null=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> Any:
        meeting = Meeting(**attrs)
        if meeting.start >= meeting.end:
            raise serializers.ValidationError(
                {"end": serializers.ErrorDetail(gettext("This must be after the start."), code="not_after")}
            )
        if (meeting.first_week is None) != (meeting.last_week is None) or (
            meeting.first_week is not None and meeting.first_week > (meeting.last_week or 0)
        ):
            message = gettext("Give both weeks or neither, the last not before the first.")
            raise serializers.ValidationError(
                {"last_week": serializers.ErrorDetail(message, code="not_after")}
            )
        return meeting
