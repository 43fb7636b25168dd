"""For a school's moderators, and staff: the cases, the audit log, and unmasking."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import CaseClosed
from accounts.filters.moderation import AuditLogFilterSet, CaseFilterSet
from accounts.models import AuditLog, ModerationCase
from accounts.permissions import IsModerator, IsStaff
from accounts.serializers.moderation import (
    AuditLogSerializer,
    CaseDetailSerializer,
    CaseSerializer,
    DismissSerializer,
    UnmaskedSerializer,
    UnmaskWriteSerializer,
    UpholdSerializer,
)
from accounts.services import cases as services
from accounts.services.unmasking import unmask
from api.views import GenericViewSet

UPHOLD_EXAMPLE = {
    "note": "다른 학우를 향한 욕설입니다.",
    "reason": "abuse",
    "sanction": {"kind": "no_writing", "until": "2027-03-02T09:00:00+09:00"},
}
UNMASK_EXAMPLE = {"target_kind": "post", "target_id": 1, "reason": "수사기관의 영장 2027-17"}


class CaseViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, GenericViewSet):
    """What people of the school reported, for its moderators; nobody sees a case about what they wrote."""

    queryset = ModerationCase.objects.none()
    default_permissions = (IsModerator,)
    lookup_value_converter = "int"
    filterset_class = CaseFilterSet
    orderings = {"newest": ("-id",), "reports": ("-counted_reports", "-id")}
    write_serializer_classes = {"uphold": UpholdSerializer, "dismiss": DismissSerializer}
    raises = {"uphold": (CaseClosed,), "dismiss": (CaseClosed,)}
    invalidates = {"uphold": {"sanction.until": ("past",)}}

    def get_queryset(self) -> QuerySet[ModerationCase]:
        return ModerationCase.objects.visible_to(self.user).select_related("school", "decided_by")

    def get_serializer_class(self) -> type[BaseSerializer]:
        return CaseSerializer if self.action == "list" else CaseDetailSerializer

    def paginate_queryset(self, queryset: Any) -> Any:
        cases = super().paginate_queryset(queryset)
        services.attach_details(cases or ())
        return cases

    def get_object(self) -> Any:
        case = super().get_object()
        services.attach_details([case])
        case.notes = services.notes_of(case)
        return case

    def represent(self, instance: Any) -> Any:
        return self.get_serializer(self.get_object()).data

    @extend_schema(
        responses=CaseDetailSerializer,
        examples=[OpenApiExample("uphold, with a sanction", UPHOLD_EXAMPLE, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def uphold(self, request: Request, pk: int) -> Response:
        """Agree with the reports: it is hidden for good, and whoever wrote it is sanctioned if you say so.

        Who that is, you are not told. It is logged.
        """
        case = self.get_object()
        return Response(self.represent(services.uphold(user=self.user, case=case, **self.validated(request))))

    @extend_schema(responses=CaseDetailSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """Disagree with the reports: it is shown again. It is logged.

        More reports change nothing then, until the author edits it.
        """
        case = self.get_object()
        return Response(
            self.represent(services.dismiss(user=self.user, case=case, **self.validated(request)))
        )


class AuditLogViewSet(mixins.ListModelMixin, GenericViewSet):
    """Who did what to others' content in the school, and why; the newest first. Nothing is ever removed."""

    queryset = AuditLog.objects.none()
    serializer_class = AuditLogSerializer
    default_permissions = (IsModerator,)
    filterset_class = AuditLogFilterSet
    orderings = {"newest": ("-id",)}

    def get_queryset(self) -> QuerySet[AuditLog]:
        return AuditLog.objects.visible_to(self.user).select_related("actor", "school")


class UnmaskViewSet(GenericViewSet):
    """Finding out who wrote something, where the law asks for it."""

    queryset = AuditLog.objects.none()
    serializer_class = UnmaskedSerializer
    write_serializer_class = UnmaskWriteSerializer
    default_permissions = (IsStaff,)
    pagination_class = None
    invalidates = {"create": {"target_id": ("does_not_exist",)}}

    @extend_schema(
        summary="Find out who wrote something",
        responses={200: UnmaskedSerializer},
        examples=[OpenApiExample("unmask a post", UNMASK_EXAMPLE, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """For staff alone. The reason is logged, the answer is not, and the other staff get a mail."""
        return Response(self.get_serializer({"user": unmask(user=self.user, **self.validated(request))}).data)
