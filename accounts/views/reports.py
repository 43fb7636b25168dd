from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import AlreadyReported, Frozen, OwnContent
from accounts.models import Report
from accounts.serializers.reports import ReportSerializer, ReportWriteSerializer
from accounts.services import reports as services
from api.views import CreateModelMixin, GenericViewSet

REPORT_EXAMPLE = {"target_kind": "post", "target_id": 1, "reason": "commercial", "note": "과외 광고예요."}


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("report a post", REPORT_EXAMPLE, request_only=True)])
)
class ReportViewSet(
    CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.ListModelMixin,
    GenericViewSet,
):
    """What one reported, the newest first, and what came of it. Who reports is told to nobody.

    Something that enough people reported is hidden until the school's moderators decide. One reports a thing
    once; again only after it was decided about, the author changed it, and it was reported anew.
    """

    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    write_serializer_class = ReportWriteSerializer
    lookup_value_converter = "int"
    orderings = {"newest": ("-reported_at", "-id")}
    throttle_scopes = {"create": "report"}
    raises = {"create": (OwnContent, Frozen, AlreadyReported)}
    invalidates = {"create": {"target_id": ("does_not_exist",)}}

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.visible_to(self.user).select_related("case")

    def perform_create(self, serializer: BaseSerializer) -> Report:
        return services.report(user=self.user, **serializer.validated_data)
