"""The wishes of `timetables/generate/`: one serializer a kind. Valid data is a wish of the wizard's."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers
from rest_framework.serializers import ErrorDetail

from api.serializers import CharField, ChoiceField, IntegerField, ListField
from api.text import fold
from timetable.times import DAY
from timetable.wizard.wishes import (
    FreeDays,
    Lunch,
    MaxGap,
    NoneAfter,
    NoneBefore,
    Professor,
    Rating,
    Wish,
)

MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)
MAX_NAMES = 20
# Minutes: each moment at which something ends in this time is looked at by itself.
MAX_LUNCH = 240


class WishSerializer(serializers.Serializer):
    weight = IntegerField(
        min_value=1, max_value=10, default=5, help_text="How much it counts beside the other wishes."
    )


class FreeDaysWishSerializer(WishSerializer):
    """Days without anything: all of `days`, or `count` of them; fulfilled by the share of them there is."""

    kind = ChoiceField(["free_days"])
    days = ListField(
        child=IntegerField(min_value=1, max_value=7),
        min_length=1,
        max_length=7,
        required=False,
        help_text="Weekdays from 1, Monday, to 7; else Monday to Friday.",
    )
    count = IntegerField(
        min_value=1, max_value=7, required=False, help_text="How many of the days; else all."
    )

    def validate(self, attrs: dict[str, Any]) -> Any:
        days = tuple(sorted(set(attrs.get("days", MONDAY_TO_FRIDAY))))
        if not {"days", "count"} & set(attrs):
            raise refusal("days", gettext("Give days, or how many."), "required")
        count = attrs.get("count", len(days))
        if count > len(days):
            raise refusal("count", gettext("There are not so many days."), "out_of_range")
        return FreeDays(attrs["weight"], days, count)


class NoneBeforeWishSerializer(WishSerializer):
    """Nothing before `minute`. Each day with something earlier takes a fifth away."""

    kind = ChoiceField(["none_before"])
    minute = IntegerField(min_value=1, max_value=DAY, help_text="Since midnight: 600 is 10:00.")

    def validate(self, attrs: dict[str, Any]) -> Any:
        return NoneBefore(attrs["weight"], attrs["minute"])


class NoneAfterWishSerializer(WishSerializer):
    """Nothing from `minute` on. Each day with something later takes a fifth away."""

    kind = ChoiceField(["none_after"])
    minute = IntegerField(min_value=0, max_value=DAY - 1, help_text="Since midnight: 1080 is 18:00.")

    def validate(self, attrs: dict[str, Any]) -> Any:
        return NoneAfter(attrs["weight"], attrs["minute"])


class MaxGapWishSerializer(WishSerializer):
    """No more than `minutes` between two things of a day. Each day with a longer gap takes a fifth away."""

    kind = ChoiceField(["max_gap"])
    minutes = IntegerField(min_value=0, max_value=DAY)

    def validate(self, attrs: dict[str, Any]) -> Any:
        return MaxGap(attrs["weight"], attrs["minutes"])


class LunchWishSerializer(WishSerializer):
    """So many `minutes` free, in one piece, from `start` to `end`. Each day without takes a fifth away."""

    kind = ChoiceField(["lunch"])
    start = IntegerField(min_value=0, max_value=DAY - 1, help_text="Minutes since midnight.")
    end = IntegerField(
        min_value=1, max_value=DAY, help_text="Minutes since midnight, at most 240 after `start`."
    )
    minutes = IntegerField(min_value=1, max_value=MAX_LUNCH)

    def validate(self, attrs: dict[str, Any]) -> Any:
        if attrs["end"] - attrs["start"] > MAX_LUNCH:
            raise refusal("end", gettext("This must be at most 4 hours after the start."), "out_of_range")
        if attrs["minutes"] > attrs["end"] - attrs["start"]:
            message = gettext("There are not so many minutes from start to end.")
            raise refusal("minutes", message, "out_of_range")
        return Lunch(attrs["weight"], attrs["start"], attrs["end"], attrs["minutes"])


class ProfessorWishSerializer(WishSerializer):
    """Lectures of any of these professors: as many as there could be, a group at a time, are all of it."""

    kind = ChoiceField(["professor"])
    names = ListField(child=CharField(max_length=50), min_length=1, max_length=MAX_NAMES)

    def validate(self, attrs: dict[str, Any]) -> Any:
        return Professor(attrs["weight"], frozenset(map(fold, attrs["names"])))


class RatingWishSerializer(WishSerializer):
    """Courses that reviews rate well: the mean rating, from 1 to 5. One without reviews counts as 3."""

    kind = ChoiceField(["rating"])

    def validate(self, attrs: dict[str, Any]) -> Any:
        return Rating(attrs["weight"])


WISHES: dict[str, type[WishSerializer]] = {
    FreeDays.kind: FreeDaysWishSerializer,
    NoneBefore.kind: NoneBeforeWishSerializer,
    NoneAfter.kind: NoneAfterWishSerializer,
    MaxGap.kind: MaxGapWishSerializer,
    Lunch.kind: LunchWishSerializer,
    Professor.kind: ProfessorWishSerializer,
    Rating.kind: RatingWishSerializer,
}


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="Wish", serializers=dict(WISHES), resource_type_field_name="kind", many=False
    )
)
class WishField(serializers.Field):
    """A wish of any kind, as its serializer reads it."""

    default_error_messages = {"invalid": _("Give an object with a kind.")}

    def to_internal_value(self, data: Any) -> Wish:
        if not isinstance(data, Mapping):
            self.fail("invalid")
        try:
            kind = ChoiceField(list(WISHES)).run_validation(data.get("kind", serializers.empty))
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"kind": error.detail}) from None
        return WISHES[kind](context=self.context).run_validation(data)

    def to_representation(self, value: Any) -> Any:
        raise NotImplementedError


def refusal(attr: str, message: str, code: str) -> serializers.ValidationError:
    return serializers.ValidationError({attr: [ErrorDetail(message, code=code)]})
