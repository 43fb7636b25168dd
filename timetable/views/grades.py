from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import GenericViewSet
from timetable.models import TimetableEntry
from timetable.serializers.grades import GradeSummaryQuerySerializer, GradeSummarySerializer
from timetable.services.grades import summarise_grades


class GradeViewSet(GenericViewSet):
    """What one's own grades come to. They are set on the entries of timetables, and seen by nobody else."""

    queryset = TimetableEntry.objects.none()
    serializer_class = GradeSummarySerializer
    pagination_class = None
    invalidates = {"summary": {"scale": ("invalid_choice",)}}

    def get_query_params(self) -> set[str]:
        return set(GradeSummaryQuerySerializer().fields)

    @extend_schema(parameters=[GradeSummaryQuerySerializer], responses=GradeSummarySerializer)
    @action(detail=False)
    def summary(self, request: Request) -> Response:
        """The average 평점평균 and credits, by semester and in sum, of all courses and of one's major.

        The primary timetable of each semester counts; cancelled lectures do not. `P` and `NP` are no part of
        the average, and `F` counts with 0 points. A course that was taken again, known by its code, counts
        once in the sum.
        """
        query = GradeSummaryQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        summary: Any = summarise_grades(user=self.user, **query.validated_data)
        return Response(self.get_serializer(summary).data)
