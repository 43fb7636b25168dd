from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request

from api.negotiation import AnyAccept
from api.permissions import AllowAny
from api.views import GenericViewSet
from timetable.calendar import calendar_of
from timetable.models import Timetable
from timetable.serializers.timetables import SharedTimetableSerializer


class SharedTimetableViewSet(mixins.RetrieveModelMixin, GenericViewSet):
    """A timetable that somebody shares, for whoever has its link: no sign-in.

    It does not say whose it is, and has no memos. A link that was taken back is 404.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)
    queryset = Timetable.objects.none()
    serializer_class = SharedTimetableSerializer
    lookup_field = "share_token"
    lookup_url_kwarg = "token"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Timetable]:
        return Timetable.objects.shared().with_entries()

    def get_object(self) -> Timetable:
        timetable: Timetable = super().get_object()
        # To most of MySQL's collations `A` is `a`.
        if timetable.share_token != self.kwargs["token"]:
            raise Http404
        return timetable

    @extend_schema(
        operation_id="shared_timetables_calendar", responses={(200, "text/calendar"): OpenApiTypes.STR}
    )
    @action(detail=True, url_path="calendar.ics", content_negotiation_class=AnyAccept)
    def calendar(self, request: Request, token: str) -> HttpResponse:
        """The same as a calendar (iCalendar, RFC 5545), to be subscribed to or imported.

        An event repeats weekly within the semester and its own weeks. Cancelled lectures are left out.
        """
        content = calendar_of(self.get_object(), timezone.now())
        return HttpResponse(content, content_type="text/calendar; charset=utf-8")
