from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import DuplicateText, Frozen, IdempotencyKeyReused, OwnContent
from accounts.permissions import MayWrite
from accounts.views.floods import RefusesRepeatsMixin
from accounts.views.idempotency import IdempotentCreateMixin
from api.views import GenericViewSet
from board.filters.conversations import MessageFilterSet
from board.models import Message
from board.serializers.conversations import MessageSerializer, MessageWriteSerializer
from board.services import conversations as services

MESSAGE_EXAMPLE = {"post": 12, "content": "혹시 책 아직 있나요?", "is_anonymous": True}


@extend_schema_view(
    create=extend_schema(
        examples=[
            OpenApiExample("begin a conversation", MESSAGE_EXAMPLE, request_only=True),
            OpenApiExample("go on", {"conversation": 3, "content": "네!"}, request_only=True),
        ]
    )
)
class MessageViewSet(
    RefusesRepeatsMixin,
    IdempotentCreateMixin,
    mixins.RetrieveModelMixin,
    mixins.ListModelMixin,
    GenericViewSet,
):
    """The messages of a conversation, newest first, and writing one.

    The first goes to the author of a post or comment, anonymous or not; whether they get it, read it, or
    are still there is never told.
    """

    queryset = Message.objects.none()
    serializer_class = MessageSerializer
    write_serializer_class = MessageWriteSerializer
    filterset_class = MessageFilterSet
    lookup_value_converter = "int"
    orderings = {"newest": ("-id",), "oldest": ("id",)}
    permissions_by_action = {"create": (MayWrite,)}
    throttle_scopes = {"create": "message"}
    raises = {"create": (IdempotencyKeyReused, DuplicateText, OwnContent, Frozen)}
    invalidates = {
        "create": {"conversation": ("one_of",), "is_anonymous": ("anonymity_not_allowed",)},
        "list": {"conversation": ("required",)},
    }

    def get_queryset(self) -> QuerySet[Message]:
        return Message.objects.visible_to(self.user).select_related("sender")

    def perform_create(self, serializer: BaseSerializer) -> Message:
        # A copy: a transaction that is tried again comes here again.
        fields: dict[str, Any] = {**serializer.validated_data}
        self.refuse_repeat("message", fields["content"])
        if "conversation" in fields:
            return services.send_message(user=self.user, **fields)
        origin = fields.pop("post", None) or fields.pop("comment", None)
        return services.begin_conversation(user=self.user, origin=origin, **fields)
