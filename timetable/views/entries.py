from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api.views import CreateModelMixin, GenericViewSet, UpdateModelMixin
from timetable.exceptions import Clash, LectureCancelled, TooManyEntries
from timetable.models import Timetable, TimetableEntry
from timetable.serializers.entries import EntrySerializer, EntryUpdateSerializer, EntryWriteSerializer
from timetable.services import entries as services

EXAMPLES = [
    OpenApiExample("add a lecture", {"lecture": 1, "on_conflict": "replace"}, request_only=True),
    OpenApiExample(
        "add a thing of your own",
        {
            "title": "알바",
            "times": [{"weekday": 5, "start": 1080, "end": 1320, "place": "신촌"}],
            "colour": "#ffaa00",
            "memo": "",
        },
        request_only=True,
    ),
]


@extend_schema_view(create=extend_schema(examples=EXAMPLES))
class TimetableEntryViewSet(CreateModelMixin, UpdateModelMixin, mixins.DestroyModelMixin, GenericViewSet):
    """What is in one of one's own timetables, at most 60 entries: lectures, and things of one's own.

    Two entries clash that meet on the same weekday at overlapping times, the end not included, in weeks that
    overlap. What would clash is refused with 409 `clash`, whose `meta` has `entries`: the `id`, `title` and
    `times` of each in the way. With `on_conflict` `replace` these are deleted instead. A cancelled lecture
    clashes with nothing.
    """

    queryset = TimetableEntry.objects.none()
    serializer_class = EntrySerializer
    write_serializer_class = EntryWriteSerializer
    write_serializer_classes = {"partial_update": EntryUpdateSerializer}
    lookup_value_converter = "int"
    raises = {"create": (Clash, LectureCancelled, TooManyEntries), "partial_update": (Clash,)}
    invalidates = {
        "create": {
            "lecture": ("one_of", "other_semester", "unique"),
            "times": ("overlap", "off_grid", "not_after"),
            "grade": ("lecture_only",),
            "is_major": ("lecture_only",),
        },
        "partial_update": {
            "title": ("of_lecture",),
            "times": ("overlap", "off_grid", "not_after"),
            "grade": ("lecture_only",),
            "is_major": ("lecture_only",),
        },
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        timetables = Timetable.objects.visible_to(self.user)
        self.timetable = get_object_or_404(timetables, pk=self.kwargs["timetable_id"])

    def get_queryset(self) -> QuerySet[TimetableEntry]:
        entries = TimetableEntry.objects.visible_to(self.user)
        return entries.filter(timetable=self.kwargs["timetable_id"]).with_times()

    def perform_create(self, serializer: BaseSerializer) -> TimetableEntry:
        fields = serializer.validated_data
        add = services.add_lecture if "lecture" in fields else services.add_own
        return add(timetable=self.timetable, **fields)

    def perform_update(self, serializer: Any) -> TimetableEntry:
        return services.update_entry(entry=serializer.instance, **serializer.validated_data)

    def perform_destroy(self, instance: TimetableEntry) -> None:
        services.delete_entry(entry=instance)

    @extend_schema(request=None, responses=EntrySerializer)
    @action(detail=True, methods=["put"])
    def seen(self, request: Request, timetable_id: int, pk: int) -> Response:
        """Say that one has seen what changed about a lecture: its `changes` are empty from now on."""
        entry = self.get_object()
        services.mark_seen(entry=entry)
        return Response(self.represent(entry))
