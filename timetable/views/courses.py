from django.db.models import QuerySet
from rest_framework import mixins

from api.views import GenericViewSet
from timetable.filters.courses import CourseFilterSet
from timetable.models import Course
from timetable.serializers.courses import CourseSerializer


class CourseViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, GenericViewSet):
    """The courses of one's school, each with the professors who teach it together.

    With `reviewable=true`, those that one can review: it takes having a lecture of theirs in a timetable of
    a semester that has begun, which one has not reviewed them for.
    """

    queryset = Course.objects.none()
    serializer_class = CourseSerializer
    filterset_class = CourseFilterSet
    lookup_value_converter = "int"
    invalidates = {"list": {"search": ("min_length",)}}

    def get_queryset(self) -> QuerySet[Course]:
        return Course.objects.visible_to(self.user).defer("search_text", "title_initials")
