from typing import Any

from django.db.models import BigIntegerField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.errors import invalid
from api.serializers import IntegerField, ListField, NameField, VisibleRelatedField
from timetable.models import Semester, Timetable
from timetable.serializers.entries import OwnTimesField
from timetable.serializers.lectures import LectureBriefSerializer
from timetable.serializers.reasons import describe
from timetable.serializers.times import MeetingSerializer
from timetable.serializers.wishes import WISHES, WishField
from timetable.services.generation import Choice, Infeasible, Result
from timetable.services.offers import MAX_LECTURES
from timetable.wizard.conflicts import Cause
from timetable.wizard.scoring import Reason

CAUSES = {
    Cause.TOO_FEW: _("Too few subjects to choose from: %(groups)s."),
    Cause.FIXED: _("What is fixed is in the way: %(groups)s."),
    Cause.CLASH: _("These clash with each other: %(groups)s."),
}
MAX_GROUPS = 12
MAX_CHOOSE = 12
MAX_FIXED = 30
MAX_WISHES = 20
MAX_LIMIT = 50


class IdsField(ListField):
    """Ids, none of them twice."""

    child = IntegerField(min_value=0, max_value=BigIntegerField.MAX_BIGINT)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=MAX_LECTURES, required=False, **kwargs)

    def to_internal_value(self, data: Any) -> list[int]:
        ids = super().to_internal_value(data)
        if len(set(ids)) != len(ids):
            raise serializers.ValidationError(gettext("An id stands here twice."), code="duplicate")
        return ids


class LectureGroupSerializer(serializers.Serializer):
    """Lectures to choose from, named themselves or by their courses."""

    name = NameField(max_length=30, required=False, help_text="What answers call it.")
    choose = IntegerField(
        min_value=1, max_value=MAX_CHOOSE, default=1, help_text="How many, each of another subject."
    )
    lectures = IdsField(help_text="Of the semester, and not cancelled.")
    courses = IdsField(help_text="In their stead: courses, for all their lectures that take place.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("lectures" in attrs) == ("courses" in attrs):
            raise invalid("lectures", gettext("Give either lectures or courses."), "one_of")
        return attrs


class FixedSerializer(serializers.Serializer):
    """Something that every timetable has: a lecture, or times of one's own."""

    lecture = IntegerField(
        min_value=0, max_value=BigIntegerField.MAX_BIGINT, required=False, help_text="The id of a lecture."
    )
    times = OwnTimesField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("lecture" in attrs) == ("times" in attrs):
            raise invalid("lecture", gettext("Give either a lecture or times."), "one_of")
        return attrs


class GenerateSerializer(serializers.Serializer):
    """What to choose from, beside what, and what one wishes."""

    semester = VisibleRelatedField(visible=Semester.objects.visible_to)
    groups = ListField(child=LectureGroupSerializer(), min_length=1, max_length=MAX_GROUPS)
    fixed = ListField(child=FixedSerializer(), max_length=MAX_FIXED, required=False)
    timetable = VisibleRelatedField(
        visible=Timetable.objects.visible_to,
        required=False,
        help_text="One's own, of the semester: all that is in it is fixed too, but cancelled lectures.",
    )
    wishes = ListField(child=WishField(), max_length=MAX_WISHES, required=False)
    limit = IntegerField(min_value=1, max_value=MAX_LIMIT, default=10, help_text="How many at most.")


class WishReasonSerializer(serializers.Serializer):
    """What became of a wish."""

    kind = serializers.ChoiceField(list(WISHES), source="wish.kind")
    weight = serializers.IntegerField(source="wish.weight")
    fulfilled = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    def get_fulfilled(self, reason: Reason) -> float:
        """From 0 to 1."""
        return round(reason.fulfilled, 4)

    def get_detail(self, reason: Reason) -> str:
        """What goes for or against it, in the reader's language."""
        return describe(reason)


class ChosenLectureSerializer(serializers.Serializer):
    """A lecture that was chosen."""

    group = serializers.IntegerField(help_text="The place of its group among `groups`, from 0.")
    lecture = LectureBriefSerializer()
    times = MeetingSerializer(many=True, source="lecture.times")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[Choice, Any] = {}

    def to_representation(self, instance: Choice) -> Any:
        # Fifty timetables have many lectures in common.
        if instance not in self.known:
            self.known[instance] = super().to_representation(instance)
        return self.known[instance]


class GeneratedTimetableSerializer(serializers.Serializer):
    """A timetable that can be. Everything that is fixed is in it besides."""

    score = serializers.SerializerMethodField()
    reasons = WishReasonSerializer(many=True, help_text="Of each wish, in their order.")
    total_credit = serializers.FloatField(help_text="With the lectures that are fixed.")
    lectures = ChosenLectureSerializer(many=True)

    def get_score(self, result: Result) -> float:
        """From 0 to 100: how far the wishes are fulfilled, by their weight; 100 without any."""
        return round(result.score, 2)


class InfeasibleGroupSerializer(serializers.Serializer):
    group = serializers.IntegerField(help_text="Its place among `groups`, from 0.")
    name = serializers.CharField(allow_blank=True, help_text="As it was given; else empty.")


class InfeasibleSerializer(serializers.Serializer):
    """Why there is no timetable."""

    cause = serializers.ChoiceField(
        [cause.value for cause in Cause],
        help_text="`too_few`: the group has fewer subjects than it chooses. `fixed`: what is fixed is in the "
        "way. `clash`: the groups clash with each other.",
    )
    groups = InfeasibleGroupSerializer(
        many=True, help_text="Those that cannot meet; without one, the rest can."
    )
    is_minimal = serializers.BooleanField(
        help_text="False where it took too long to find out whether fewer groups are to blame."
    )
    detail = serializers.SerializerMethodField()

    def get_detail(self, infeasible: Infeasible) -> str:
        """The same in a sentence, in the reader's language."""
        names = [group.name or gettext("group %(n)d") % {"n": group.group + 1} for group in infeasible.groups]
        return str(CAUSES[infeasible.cause]) % {"groups": ", ".join(names)}


class GeneratedSerializer(serializers.Serializer):
    """The best timetables, or the groups that cannot meet."""

    results = GeneratedTimetableSerializer(many=True, help_text="The best first.")
    is_complete = serializers.BooleanField(
        help_text="False where the search was cut short: there may be better ones, or some after all."
    )
    infeasible = InfeasibleSerializer(allow_null=True, help_text="Null unless there can be no timetable.")
