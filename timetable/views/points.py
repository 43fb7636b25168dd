from django.db.models import QuerySet
from rest_framework import mixins

from api.views import GenericViewSet
from timetable.models import PointEntry
from timetable.pagination import LedgerPagination
from timetable.serializers.points import PointEntrySerializer


class PointViewSet(mixins.ListModelMixin, GenericViewSet):
    """One's own points: the `balance`, and the ledger of what was earned and spent, newest first.

    The first review and the first exam note of each course and semester earn points, whatever becomes of
    them; opening an exam note costs some. Each kind of thing has its amount in the ledger's entries.
    """

    queryset = PointEntry.objects.none()
    serializer_class = PointEntrySerializer
    pagination_class = LedgerPagination
    orderings = {"newest": ("-id",)}

    def get_queryset(self) -> QuerySet[PointEntry]:
        return PointEntry.objects.visible_to(self.user).select_related("course")
