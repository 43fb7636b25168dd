from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import GenericViewSet
from timetable.models import Timetable
from timetable.serializers.generation import GeneratedSerializer, GenerateSerializer
from timetable.services.generation import generate_timetables

EXAMPLE = {
    "semester": 1,
    "groups": [
        {"name": "전공필수", "courses": [11, 12]},
        {"name": "교양 두 과목", "choose": 2, "lectures": [101, 102, 103]},
    ],
    "fixed": [{"lecture": 7}, {"times": [{"weekday": 5, "start": 1080, "end": 1320}]}],
    "wishes": [
        {"kind": "free_days", "weight": 8, "days": [5]},
        {"kind": "none_before", "weight": 5, "minute": 600},
        {"kind": "lunch", "weight": 3, "start": 690, "end": 810, "minutes": 60},
        {"kind": "max_gap", "weight": 3, "minutes": 90},
        {"kind": "professor", "weight": 4, "names": ["김민준"]},
    ],
    "limit": 5,
}


class TimetableGenerateViewSet(GenericViewSet):
    """The wizard: which timetables can be made of some lectures, and which of them are the best."""

    queryset = Timetable.objects.none()
    serializer_class = GeneratedSerializer
    write_serializer_class = GenerateSerializer
    pagination_class = None
    throttle_scopes = {"create": "wizard"}
    invalidates = {
        "create": {
            "groups": ("one_of", "duplicate", "other_semester", "lecture_cancelled", "too_many_lectures"),
            "fixed": ("overlap", "off_grid", "not_after"),
            "wishes": ("invalid_choice", "out_of_range", "required"),
        }
    }

    @extend_schema(
        summary="Generate timetables",
        responses={200: GeneratedSerializer},
        examples=[OpenApiExample("two groups and five wishes", EXAMPLE, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Find the timetables that fulfil one's wishes best. Nothing is saved.

        Each has `choose` lectures of every group, of which no two clash with each other or with what is
        `fixed`, and no two are sections of one subject (have the same code). At most 12 groups of 100
        lectures, 600 together.

        `score` is the mean of how far each wish is fulfilled, by weight. Wishes look at everything in a
        timetable, what is fixed too, and take a lecture that meets in some weeks for one that meets in all;
        `professor` and `rating` look at the chosen lectures.

        Where no timetable is possible, `results` are empty and `infeasible` names the groups that cannot
        meet. The search looks at a limited number of combinations: `is_complete` says whether it came to
        its end.
        """
        generated = generate_timetables(user=self.user, **self.validated(request))
        return Response(self.get_serializer(generated).data)
