from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers import (
    CharField,
    ChoiceField,
    ListField,
    ModelSerializer,
    NameField,
    TextField,
    VisibleRelatedField,
)
from timetable.grades import GRADES
from timetable.models import Lecture, TimetableEntry
from timetable.serializers.lectures import LectureBriefSerializer
from timetable.serializers.times import MeetingSerializer, MeetingWriteSerializer
from timetable.services.entries import OnConflict
from timetable.times import Meeting, overlap

MAX_TIMES = 20
COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Give a colour as #rrggbb."))


class EntryChangeSerializer(serializers.Serializer):
    """What the catalogue changed about a lecture."""

    at = serializers.DateTimeField()
    field = serializers.CharField(help_text="The name of the lecture's field.")
    before = serializers.JSONField()
    after = serializers.JSONField()


class SharedEntrySerializer(ModelSerializer):
    """A lecture, or something of the owner's own, as others see it."""

    lecture = LectureBriefSerializer(read_only=True, allow_null=True)
    title = serializers.CharField(source="display_title", read_only=True)
    times = MeetingSerializer(many=True, read_only=True)
    is_cancelled = serializers.SerializerMethodField()

    class Meta:
        model = TimetableEntry
        fields: tuple[str, ...] = ("id", "lecture", "title", "times", "colour", "is_cancelled")
        read_only_fields = fields

    def get_is_cancelled(self, entry: TimetableEntry) -> bool:
        """Whether its lecture is cancelled. It then clashes with nothing, and its credits do not count."""
        return not entry.takes_place


class EntrySerializer(SharedEntrySerializer):
    """A lecture, or something of one's own, in a timetable."""

    grade = ChoiceField(GRADES, allow_blank=True, read_only=True, help_text="Of a lecture. Empty: none.")
    changes = serializers.SerializerMethodField()

    class Meta(SharedEntrySerializer.Meta):
        fields = (*SharedEntrySerializer.Meta.fields, "memo", "grade", "is_major", "changes", "created_at")
        read_only_fields = fields

    @extend_schema_field(EntryChangeSerializer(many=True))
    def get_changes(self, entry: TimetableEntry) -> Any:
        """What is different about the lecture since it was put here or one has seen it, once a field."""
        news: dict[str, dict[str, Any]] = {}
        for change in entry.lecture.changes.all() if entry.lecture else ():
            if change.created_at > entry.changes_seen_at:
                for field, (before, after) in change.fields.items():
                    first = news.setdefault(field, {"field": field, "before": before})
                    first |= {"at": change.created_at, "after": after}
        different = [change for change in news.values() if change["before"] != change["after"]]
        return EntryChangeSerializer(different, many=True).data


class OwnTimesField(ListField):
    """The times of something of one's own, which do not overlap each other."""

    child = MeetingWriteSerializer()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=MAX_TIMES, **kwargs)

    def to_internal_value(self, data: Any) -> list[Meeting]:
        times = super().to_internal_value(data)
        if any(overlap(one, other) for n, one in enumerate(times) for other in times[:n]):
            raise serializers.ValidationError(gettext("These times overlap each other."), code="overlap")
        return times


class EntryLookSerializer(serializers.Serializer):
    """What one can set of every entry."""

    colour = CharField(
        max_length=7,
        allow_blank=True,
        required=False,
        validators=[COLOUR],
        help_text="`#rrggbb`, or empty for the theme's choice.",
    )
    memo = TextField(max_length=1_000, allow_blank=True, required=False, help_text="Shown to nobody else.")
    grade = ChoiceField(
        GRADES, allow_blank=True, required=False, help_text="Of a lecture; shown to nobody else. Empty: none."
    )
    is_major = serializers.BooleanField(
        required=False, help_text="Whether a lecture counts for one's major. Shown to nobody else."
    )
    on_conflict = ChoiceField(
        OnConflict.choices, required=False, help_text="What to do about entries in the way; else `refuse`."
    )

    def validate_colour(self, colour: str) -> str:
        return colour.lower()


class EntryWriteSerializer(EntryLookSerializer):
    """A new entry: a `lecture`, or a `title` and `times` of one's own."""

    lecture: Any = VisibleRelatedField(
        visible=Lecture.objects.visible_to, required=False, help_text="Of the timetable's semester."
    )
    title = NameField(max_length=50, required=False)
    times = OwnTimesField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        own = {"title", "times"} & set(attrs)
        if ("lecture" in attrs) == bool(own):
            message = gettext("Give either a lecture, or a title and times.")
            raise serializers.ValidationError({"lecture": [message]}, code="one_of")
        if own and len(own) < 2:
            (missing,) = {"title", "times"} - own
            raise serializers.ValidationError(
                {missing: [self.fields[missing].error_messages["required"]]}, code="required"
            )
        if own:
            refuse_grades(attrs)
        return attrs


class EntryUpdateSerializer(EntryLookSerializer):
    """What of an entry can change. Title and times of a lecture are the catalogue's."""

    title = NameField(max_length=50, required=False)
    times = OwnTimesField(required=False)
    instance: TimetableEntry

    def __init__(self, *args: Any, partial: bool = False, **kwargs: Any) -> None:
        # All fields may be left out anyway; `partial` would let those of a time be left out too.
        super().__init__(*args, **kwargs)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance.lecture_id is not None:
            message = gettext("This is the lecture's, and can't be changed.")
            fixed: Any = {name: [message] for name in ("title", "times") if name in attrs}
            if fixed:
                raise serializers.ValidationError(fixed, code="of_lecture")
        else:
            refuse_grades(attrs)
        return attrs


def refuse_grades(attrs: dict[str, Any]) -> None:
    """Something of one's own has no grade, and is of no major."""
    message = gettext("Only a lecture has this.")
    refused: Any = {name: [message] for name in ("grade", "is_major") if attrs.get(name)}
    if refused:
        raise serializers.ValidationError(refused, code="lecture_only")
