from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request

from accounts.exceptions import ExportPending
from accounts.models import Export
from accounts.serializers.exports import ExportSerializer
from accounts.services.exports import open_export
from api.errors import StorageUnavailable
from api.negotiation import AnyAccept
from api.views import GenericViewSet


class ExportViewSet(mixins.RetrieveModelMixin, GenericViewSet):
    """One's own exports, each for a day. Ask for one with `users/me/export/`."""

    queryset = Export.objects.none()
    serializer_class = ExportSerializer
    lookup_field = "key"
    lookup_url_kwarg = "pk"
    lookup_value_converter = "uuid"
    raises = {"download": (ExportPending, StorageUnavailable)}

    def get_queryset(self) -> QuerySet[Export]:
        return Export.objects.visible_to(self.user)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyAccept)
    def download(self, request: Request, pk: Any) -> FileResponse:
        """The ZIP file: a JSON file for each kind of thing, and the pictures."""
        export = self.get_object()
        if export.state != Export.State.READY:
            raise ExportPending
        try:
            file = open_export(export)
        except FileNotFoundError:
            raise Http404 from None
        return FileResponse(file, as_attachment=True, filename="madang.zip", content_type="application/zip")
