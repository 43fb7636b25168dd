from django.db.models import QuerySet
from rest_framework import mixins

from api.views import GenericViewSet
from timetable.filters.semesters import SemesterFilterSet
from timetable.models import Semester
from timetable.serializers.semesters import SemesterSerializer


class SemesterViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, GenericViewSet):
    """The semesters of one's school, newest first. One of them is the current one."""

    queryset = Semester.objects.none()
    serializer_class = SemesterSerializer
    filterset_class = SemesterFilterSet
    orderings = {"newest": ("-starts_on", "-id")}
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Semester]:
        return Semester.objects.visible_to(self.user).with_current().select_related("school")
