from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.shortcuts import get_object_or_404
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import GenericViewSet, UpdateModelMixin
from timetable.filters.fields import MAX_VALUES
from timetable.filters.friends import FREE_TIME_DEFAULTS, FreeTimeFilterSet
from timetable.filters.timetables import TimetableFilterSet
from timetable.free_time import Range
from timetable.models import Friendship, Timetable
from timetable.pagination import TimetablePagination
from timetable.serializers.friends import (
    FreeTimeSerializer,
    FriendSerializer,
    FriendTimetableSerializer,
    FriendUpdateSerializer,
)
from timetable.services import friends as services
from timetable.services.free_time import compare_weeks
from timetable.times import DAY, MAX_WEEKS


def number(name: str, least: int, most: int, description: str, **more: Any) -> OpenApiParameter:
    default = {"default": FREE_TIME_DEFAULTS[name]} if name in FREE_TIME_DEFAULTS else {}
    schema = {"type": "integer", "minimum": least, "maximum": most} | default
    return OpenApiParameter(name, schema, description=description, **more)


FREE_TIME_PARAMETERS = [
    number("semester", 0, BigIntegerField.MAX_BIGINT, "The semester.", required=True),
    OpenApiParameter(
        "users",
        {
            "type": "array",
            "items": {"type": "string", "format": "uuid"},
            "minItems": 1,
            "maxItems": MAX_VALUES,
        },
        required=True,
        description="The id of a friend. Repeat it for several, at most 50. Oneself comes along anyway.",
    ),
    number(
        "week", 1, MAX_WEEKS, "One week of the semester, from 1. Without it a window is free in all weeks."
    ),
    number("first_weekday", 1, 7, "The first day that is looked at, 1, Monday, to 7."),
    number("last_weekday", 1, 7, "The last day that is looked at."),
    number("from", 0, DAY - 1, "Where each day begins, in minutes since midnight."),
    number("to", 1, DAY, "Where each day ends, in minutes since midnight."),
    number("minutes", 1, DAY, "How long a window is at least."),
]


class FriendViewSet(mixins.DestroyModelMixin, UpdateModelMixin, mixins.ListModelMixin, GenericViewSet):
    """One's friends, the newest first, by the ids of the people.

    Friends are of one school, and at most 500. Removing somebody removes oneself from their friends too;
    they are not told. So does blocking them by name.
    """

    queryset = Friendship.objects.none()
    serializer_class = FriendSerializer
    write_serializer_class = FriendUpdateSerializer
    lookup_field = "user_id"
    lookup_value_converter = "uuid"
    orderings = {"newest": ("-accepted_at", "-id")}
    invalidates = {
        "free_time": {
            "semester": ("required", "invalid", "does_not_exist", "blank"),
            "users": ("required", "invalid", "does_not_exist", "blank", "max_length"),
            "week": ("invalid", "out_of_range", "blank"),
            "to": ("invalid", "out_of_range", "blank", "not_after"),
        },
    }

    def get_queryset(self) -> QuerySet[Friendship]:
        return self.get_friends().with_people()

    def get_friends(self) -> Any:
        return Friendship.objects.visible_to(self.user).accepted()

    def get_object(self) -> Friendship:
        between = self.get_friends().between(self.user.pk, self.kwargs["user_id"])
        return get_object_or_404(between.with_people())

    def get_query_params(self) -> set[str]:
        if self.action == "free_time":
            return set(FreeTimeFilterSet.base_filters)
        return super().get_query_params()

    def perform_update(self, serializer: Any) -> Friendship:
        friendship: Friendship = serializer.instance
        if serializer.validated_data:
            services.call_friend(user=self.user, friendship=friendship, **serializer.validated_data)
        return friendship

    def perform_destroy(self, instance: Friendship) -> None:
        services.remove_friend(friendship=instance)

    @extend_schema(parameters=FREE_TIME_PARAMETERS, responses=FreeTimeSerializer)
    @action(detail=False, url_path="free-time", pagination_class=None, filter_backends=())
    def free_time(self, request: Request) -> Response:
        """When oneself and some friends are free together, and who is in class when.

        The primary timetable of each counts. A friend's may be private or missing: `timetable` is null then,
        and nothing is known of when they are free. Cancelled lectures take no time. Lectures that meet in
        some weeks only count in all, unless a `week` is asked for.
        """
        filterset = FreeTimeFilterSet(request.query_params, self.get_queryset(), request=request)
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        form: Any = filterset.form
        days = {name: form.value(name) for name in ("first_weekday", "last_weekday")}
        within = Range(**days, start=form.value("from"), end=form.value("to"), week=form.cleaned_data["week"])
        compared = compare_weeks(
            user=self.user,
            semester=form.cleaned_data["semester"],
            friends=form.cleaned_data["users"],
            within=within,
            minutes=form.value("minutes"),
        )
        return Response(FreeTimeSerializer(compared, context=self.get_serializer_context()).data)


class FriendTimetableViewSet(mixins.ListModelMixin, GenericViewSet):
    """The timetables that a friend lets one see: those for `friends`, and `public` ones.

    They have no memos, no grades and no link. Who is no friend is a 404.
    """

    queryset = Timetable.objects.none()
    serializer_class = FriendTimetableSerializer
    filterset_class = TimetableFilterSet
    pagination_class = TimetablePagination

    def get_queryset(self) -> QuerySet[Timetable]:
        between = Friendship.objects.visible_to(self.user).accepted().between
        friendship = get_object_or_404(between(self.user.pk, self.kwargs["user_id"]).with_people())
        return Timetable.objects.shown_by([friendship], self.user).with_entries()
