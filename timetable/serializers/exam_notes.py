from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers.writing import WritingSerializer
from api.serializers import ListField, ModelSerializer, TextField, VisibleRelatedField
from api.targets import State
from timetable.models import Course, ExamNote, PointEntry, Semester
from timetable.models.attendance import shows_semester
from timetable.models.exam_notes import MAX_SAMPLES, MAX_STRATEGY, MIN_STRATEGY, SAMPLE_LENGTH
from timetable.serializers.authors import AnonymousAuthorSerializer
from timetable.serializers.courses import CourseBriefSerializer
from timetable.serializers.semesters import SemesterBriefSerializer
from timetable.services.points import price_of


class ExamNoteSerializer(ModelSerializer):
    """An exam note in a list: what there is, and not what it says."""

    course = CourseBriefSerializer(read_only=True)
    semester = serializers.SerializerMethodField()
    author = AnonymousAuthorSerializer(source="*", read_only=True)
    written_on = serializers.SerializerMethodField()
    kind_display = serializers.CharField(source="get_kind_display", read_only=True)
    sample_count = serializers.IntegerField(read_only=True, help_text="How many sample questions it has.")
    price = serializers.SerializerMethodField()
    is_unlocked = serializers.SerializerMethodField()
    state = serializers.ChoiceField(State.choices, read_only=True)
    is_mine = serializers.SerializerMethodField()

    class Meta:
        model = ExamNote
        fields: tuple[str, ...] = (
            "id",
            "course",
            "semester",
            "kind",
            "kind_display",
            "author",
            "sample_count",
            "price",
            "is_unlocked",
            "state",
            "is_mine",
            "written_on",
        )
        read_only_fields = fields

    @extend_schema_field(SemesterBriefSerializer(allow_null=True))
    def get_semester(self, note: ExamNote) -> Any:
        """Null to others than the author while fewer than 5 people have saved the course in it."""
        shown = shows_semester(note, self.context["request"].user)
        return SemesterBriefSerializer(note.semester).data if shown else None

    def get_written_on(self, note: ExamNote) -> date:
        """The day, and no more: the time could tell who wrote it."""
        return timezone.localdate(note.created_at)

    def get_is_mine(self, note: ExamNote) -> bool:
        return note.is_written_by(self.context["request"].user)

    def get_price(self, note: ExamNote) -> int:
        """The points that opening it costs, once."""
        return price_of(PointEntry.Reason.UNLOCK)

    def get_is_unlocked(self, note: ExamNote) -> bool:
        """Whether one reads it whole: one paid for it, wrote it, or decides about it once it is reported."""
        return note.is_open_to(self.context["request"].user)


class ExamNoteDetailSerializer(ExamNoteSerializer, WritingSerializer):
    """An exam note. `strategy` and `samples` are null until one opens it."""

    strategy = serializers.SerializerMethodField()
    samples = serializers.SerializerMethodField()

    class Meta(ExamNoteSerializer.Meta):
        fields = (*ExamNoteSerializer.Meta.fields, "strategy", "samples", "hidden")
        read_only_fields = fields

    def get_strategy(self, note: ExamNote) -> str | None:
        """How to study for it."""
        return note.strategy if self.get_is_unlocked(note) else None

    @extend_schema_field({"type": ["array", "null"], "items": {"type": "string"}})
    def get_samples(self, note: ExamNote) -> list[str] | None:
        """Questions as they were asked, or like these."""
        return note.samples if self.get_is_unlocked(note) else None


def sample_list(**kwargs: Any) -> ListField:
    """Sample questions: a few texts, and none needed."""
    child = TextField(max_length=SAMPLE_LENGTH)
    return ListField(child=child, max_length=MAX_SAMPLES, help_text="Sample questions.", **kwargs)


class ExamNoteWriteSerializer(ModelSerializer):
    """A new exam note, of a course one had in that semester."""

    course: Any = VisibleRelatedField(visible=Course.objects.visible_to)
    semester: Any = VisibleRelatedField(visible=Semester.objects.visible_to)
    strategy = TextField(min_length=MIN_STRATEGY, max_length=MAX_STRATEGY, help_text="How to study for it.")
    samples = sample_list(required=False)

    class Meta:
        model = ExamNote
        fields = ("course", "semester", "kind", "strategy", "samples")


class ExamNoteUpdateSerializer(ModelSerializer):
    """What of an exam note can change."""

    strategy = TextField(min_length=MIN_STRATEGY, max_length=MAX_STRATEGY, required=False)
    samples = sample_list(required=False)

    class Meta:
        model = ExamNote
        fields = ("strategy", "samples")
