from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api.views import ModelViewSet
from timetable.exceptions import TooManyTimetables
from timetable.filters.timetables import TimetableFilterSet
from timetable.models import Timetable
from timetable.pagination import TimetablePagination
from timetable.serializers.timetables import (
    TimetableCopySerializer,
    TimetableSerializer,
    TimetableUpdateSerializer,
    TimetableWriteSerializer,
)
from timetable.services import sharing
from timetable.services import timetables as services

TIMETABLE_EXAMPLE = {"semester": 1, "name": "플랜 A", "visibility": "friends", "theme": "classic"}


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("plan a semester", TIMETABLE_EXAMPLE, request_only=True)])
)
class TimetableViewSet(ModelViewSet):
    """One's own timetables, at most 20 a semester. The first one of a semester is its primary one.

    Deleting the primary one makes the oldest one left primary.
    """

    queryset = Timetable.objects.none()
    serializer_class = TimetableSerializer
    write_serializer_class = TimetableWriteSerializer
    write_serializer_classes = {
        "partial_update": TimetableUpdateSerializer,
        "duplicate": TimetableCopySerializer,
    }
    filterset_class = TimetableFilterSet
    pagination_class = TimetablePagination
    raises = {"create": (TooManyTimetables,), "duplicate": (TooManyTimetables,)}
    invalidates = {
        "create": {"name": ("unique",)},
        "partial_update": {"name": ("unique",)},
        "duplicate": {"name": ("unique",)},
    }

    def get_queryset(self) -> QuerySet[Timetable]:
        return Timetable.objects.visible_to(self.user).with_entries()

    def perform_create(self, serializer: BaseSerializer) -> Timetable:
        return services.create_timetable(user=self.user, **serializer.validated_data)

    def perform_update(self, serializer: Any) -> Timetable:
        return services.update_timetable(
            user=self.user, timetable=serializer.instance, changes=serializer.validated_data
        )

    def perform_destroy(self, instance: Timetable) -> None:
        services.delete_timetable(user=self.user, timetable=instance)

    @extend_schema(responses={201: TimetableSerializer})
    @action(detail=True, methods=["post"], url_path="copy")
    def duplicate(self, request: Request, pk: int) -> Response:
        """Make another timetable with the same entries, memos, colours and theme.

        It is private and not shared, whatever this one is.
        """
        copy = services.copy_timetable(user=self.user, timetable=self.get_object(), **self.validated(request))
        return Response(self.represent(copy), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=TimetableSerializer)
    @action(detail=True, methods=["put"])
    def primary(self, request: Request, pk: int) -> Response:
        """Make a timetable the primary one of its semester, in place of the one that is."""
        timetable = self.get_object()
        services.choose_primary(user=self.user, timetable=timetable)
        return Response(self.represent(timetable))

    @extend_schema(request=None, responses=TimetableSerializer)
    @action(detail=True, methods=["put"])
    def share(self, request: Request, pk: int) -> Response:
        """Make a secret link to a timetable, which shows it whatever its visibility.

        It stays the same until it is taken back. The link shows no memo and does not name the owner.
        """
        timetable = self.get_object()
        sharing.share_timetable(timetable=timetable)
        return Response(self.represent(timetable))

    @extend_schema(responses={204: None})
    @share.mapping.delete
    def unshare(self, request: Request, pk: int) -> Response:
        """Take the link back. From now on it leads nowhere; sharing again makes another."""
        sharing.unshare_timetable(timetable=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
