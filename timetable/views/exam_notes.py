from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import DuplicateText, Frozen, IdempotencyKeyReused
from accounts.permissions import IsAuthor, IsNotAuthor, MayWrite
from accounts.views.floods import RefusesRepeatsMixin
from accounts.views.idempotency import IdempotentCreateMixin
from api.views import ModelViewSet
from api.walks import WalkPagination
from timetable.exceptions import NotAttended, NotEnoughPoints
from timetable.filters.exam_notes import ExamNoteFilterSet
from timetable.models import ExamNote
from timetable.serializers.exam_notes import (
    ExamNoteDetailSerializer,
    ExamNoteSerializer,
    ExamNoteUpdateSerializer,
    ExamNoteWriteSerializer,
)
from timetable.services import exam_notes as services

EXAMPLE = {
    "course": 1,
    "semester": 1,
    "kind": "midterm",
    "strategy": "강의록만 보면 됩니다. 3장과 5장의 증명은 외우세요.",
    "samples": ["스택 두 개로 큐를 만드는 방법을 설명하라.", "AVL 트리의 회전 네 가지를 그려라."],
}


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("tell of an exam", EXAMPLE, request_only=True)])
)
class ExamNoteViewSet(RefusesRepeatsMixin, IdempotentCreateMixin, ModelViewSet):
    """What students tell of exams, course by course, newest first; never who.

    Writing one takes having had a lecture of the course in a timetable of that semester, once it has begun.
    The first one for a course and semester earns points. Opening those of others costs some.
    """

    queryset = ExamNote.objects.none()
    serializer_class = ExamNoteDetailSerializer
    write_serializer_class = ExamNoteWriteSerializer
    write_serializer_classes = {"partial_update": ExamNoteUpdateSerializer}
    filterset_class = ExamNoteFilterSet
    pagination_class = WalkPagination
    orderings = {"newest": ("-id",)}
    permissions_by_action = {
        "create": (MayWrite,),
        "partial_update": (MayWrite, IsAuthor),
        "destroy": (IsAuthor,),
        "unlock": (IsNotAuthor,),
    }
    raises = {
        "create": (NotAttended, IdempotencyKeyReused, DuplicateText),
        "partial_update": (Frozen,),
        "destroy": (Frozen,),
        "unlock": (Frozen, NotEnoughPoints),
    }
    throttle_scopes = {"create": "exam_note", "unlock": "unlock"}

    def get_queryset(self) -> QuerySet[ExamNote]:
        notes = ExamNote.objects.visible_to(self.user).for_viewer(self.user)
        return notes.listed_for(self.user).defer("strategy") if self.action == "list" else notes

    def get_serializer_class(self) -> type[BaseSerializer]:
        return ExamNoteSerializer if self.action == "list" else ExamNoteDetailSerializer

    def perform_create(self, serializer: BaseSerializer) -> ExamNote:
        fields = serializer.validated_data
        self.refuse_repeat("exam_note", fields["strategy"])
        return services.create_note(user=self.user, **fields)

    def perform_update(self, serializer: Any) -> ExamNote:
        return services.update_note(note=serializer.instance, changes=serializer.validated_data)

    def perform_destroy(self, instance: ExamNote) -> None:
        services.delete_note(note=instance)

    @extend_schema(request=None, responses=ExamNoteDetailSerializer)
    @action(detail=True, methods=["post"])
    def unlock(self, request: Request, pk: int) -> Response:
        """Open a note for its `price`, for good: also once it is edited. Opening it again costs nothing."""
        note = self.get_object()
        services.unlock_note(user=self.user, note=note)
        return Response(self.represent(note))
