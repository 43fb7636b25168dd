from typing import Any

from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import does_not_exist
from api.views import GenericViewSet
from board.filters.conversations import ConversationFilterSet
from board.models import Participant
from board.serializers.conversations import ConversationSerializer, ReadSerializer, UnreadCountSerializer
from board.services import conversations as services


class ConversationViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, GenericViewSet):
    """One's conversations, those with the newest messages first. Blocked ones are left out of the list.

    A conversation begins with a first message: see `messages/`.
    """

    queryset = Participant.objects.none()
    serializer_class = ConversationSerializer
    filterset_class = ConversationFilterSet
    write_serializer_classes = {"read": ReadSerializer}
    lookup_field = "conversation__id"
    lookup_url_kwarg = "pk"
    lookup_value_converter = "int"
    orderings = {"newest": ("-last_message_id",)}

    def get_queryset(self) -> QuerySet[Participant]:
        sides = Participant.objects.visible_to(self.user).for_viewer(self.user)
        return sides if self.detail else sides.unblocked()

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Clear a conversation for oneself. It comes back, empty, with the next message."""
        services.clear_conversation(side=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=ConversationSerializer)
    @action(detail=True, methods=["put"])
    def read(self, request: Request, pk: int) -> Response:
        """Mark messages as read: all, or those up to `message`. The other side is not told."""
        side = self.get_object()
        message = self.validated(request).get("message")
        if message is not None and message.conversation_id != side.conversation_id:
            raise does_not_exist("message")
        services.mark_read(side=side, up_to=message.pk if message else side.last_message_id)
        return Response(self.represent(side))

    @extend_schema(responses=UnreadCountSerializer)
    @action(detail=False, url_path="unread-count", pagination_class=None, filter_backends=())
    def unread_count(self, request: Request) -> Response:
        """How many messages one has not read, in all conversations that are not blocked."""
        sides = Participant.objects.visible_to(self.user).behind().unblocked().with_unread()
        number = sides.aggregate(number=Sum("unread_count"))["number"]
        return Response({"unread_count": number or 0})

    def represent(self, instance: Any) -> Any:
        return self.get_serializer(get_object_or_404(self.get_queryset(), pk=instance.pk)).data
