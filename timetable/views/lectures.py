from django.db.models import BigIntegerField, QuerySet
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import GenericViewSet
from timetable.filters.lectures import FacetFilterSet, LectureFilterSet
from timetable.models import Lecture
from timetable.serializers.facets import FacetsSerializer
from timetable.serializers.lectures import LectureSerializer, WatchSerializer
from timetable.services.facets import count_facets
from timetable.services.lectures import watch

SEMESTER = OpenApiParameter(
    "semester",
    {"type": "integer", "minimum": 0, "maximum": BigIntegerField.MAX_BIGINT},
    required=True,
    description="The semester.",
)


class LectureViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, GenericViewSet):
    """The lectures of one's school, by title.

    A filter that is repeated (`category=전필&category=전선`) wants any of its values; different filters are
    all wanted. The orderings but `title` are descending: `saved` by how many people have it in a timetable,
    `competition` by how many have it for each seat, `rating` by the reviews of its course.
    """

    queryset = Lecture.objects.none()
    serializer_class = LectureSerializer
    filterset_class = LectureFilterSet
    lookup_value_converter = "int"
    orderings = {
        "title": ("title", "id"),
        "saved": ("-saved_count", "-id"),
        "rating": ("-rating", "-id"),
        "competition": ("-competition", "-id"),
    }
    invalidates = {
        "list": {"search": ("min_length",)},
        "facets": {"semester": ("required", "invalid", "does_not_exist")},
    }

    def get_queryset(self) -> QuerySet[Lecture]:
        return Lecture.objects.visible_to(self.user).for_viewer(self.user)

    def get_query_params(self) -> set[str]:
        return set(FacetFilterSet.base_filters) if self.action == "facets" else super().get_query_params()

    @extend_schema(parameters=[SEMESTER], responses=FacetsSerializer)
    @action(detail=False, pagination_class=None, filter_backends=())
    def facets(self, request: Request) -> Response:
        """What the lectures of a semester can be filtered by, and how many there are of each."""
        lectures = Lecture.objects.visible_to(self.user)
        filterset = FacetFilterSet(request.query_params, lectures, request=request)
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        return Response(FacetsSerializer(count_facets(filterset.qs)).data)

    @extend_schema(request=None, responses=WatchSerializer)
    @action(detail=True, methods=["put"])
    def watch(self, request: Request, pk: int) -> Response:
        """Watch a lecture for changes. Watching it again changes nothing."""
        return self.set_watch(wanted=True)

    @extend_schema(responses={200: WatchSerializer})
    @watch.mapping.delete
    def unwatch(self, request: Request, pk: int) -> Response:
        """Watch a lecture no longer."""
        return self.set_watch(wanted=False)

    def set_watch(self, *, wanted: bool) -> Response:
        watch(user=self.user, lecture=self.get_object(), wanted=wanted)
        return Response({"is_watched": wanted})
