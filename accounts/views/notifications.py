from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Notification
from accounts.models.notifications import NotificationQuerySet
from accounts.serializers.notifications import (
    MarkReadSerializer,
    NotificationSerializer,
    NotificationSettingsSerializer,
    UnreadNotificationsSerializer,
)
from accounts.services import notifications as services
from api.views import GenericViewSet

UNTIL_EXAMPLE = {"until": "2026-11-25T12:00:00+09:00"}


class NotificationViewSet(mixins.ListModelMixin, GenericViewSet):
    """What one is told, those with the newest news first. They are kept for 90 days.

    News of one kind about one thing is one notification, which is new again with each: `others` counts who
    else it is from, by label. It says what is there now: what one may no longer see, or blocks, is left out.
    """

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    write_serializer_classes = {
        "read_all": MarkReadSerializer,
        "change_switches": NotificationSettingsSerializer,
    }
    lookup_value_converter = "int"
    orderings = {"newest": ("-at", "-id")}

    def get_queryset(self) -> NotificationQuerySet:
        return Notification.objects.visible_to(self.user)

    def paginate_queryset(self, queryset: Any) -> Any:
        return services.tell(super().paginate_queryset(queryset) or (), self.user)

    @extend_schema(responses=NotificationSerializer)
    @action(detail=True, methods=["put"])
    def read(self, request: Request, pk: int) -> Response:
        """Mark one as read. With further news it is unread again."""
        services.mark_read(user=self.user, notification=self.get_object())
        return Response(self.represent(self.get_object()))

    @extend_schema(
        operation_id="notifications_read_all",
        responses=UnreadNotificationsSerializer,
        examples=[OpenApiExample("what one has seen", UNTIL_EXAMPLE, request_only=True)],
    )
    @action(detail=False, url_path="read", url_name="read-all", methods=["put"])
    def read_all(self, request: Request) -> Response:
        """Mark all as read, or those up to a moment. Answers with how many are unread now."""
        services.mark_all_read(user=self.user, **self.validated(request))
        return Response({"unread_count": self.count_unread()})

    @extend_schema(responses=UnreadNotificationsSerializer)
    @action(detail=False, url_path="unread-count", pagination_class=None, filter_backends=())
    def unread_count(self, request: Request) -> Response:
        """How many notifications one has not read."""
        return Response({"unread_count": self.count_unread()})

    def count_unread(self) -> int:
        return self.get_queryset().unread().count()

    @extend_schema(responses=NotificationSettingsSerializer)
    @action(detail=False, url_path="settings", url_name="settings", pagination_class=None, filter_backends=())
    def switches(self, request: Request) -> Response:
        """Which kinds one is told of: all, until one switches some off."""
        return Response(services.get_switches(self.user))

    @extend_schema(responses=NotificationSettingsSerializer)
    @switches.mapping.patch
    def change_switches(self, request: Request) -> Response:
        """Switch kinds on or off. What one was told before stays."""
        services.change_switches(user=self.user, changes=self.validated(request, partial=True))
        return Response(services.get_switches(self.user))

    def represent(self, instance: Any) -> Any:
        told = services.tell([instance], self.user)
        if not told:  # taken away a moment ago
            raise Http404
        return self.get_serializer(told[0]).data
