from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import OwnContent
from accounts.models import Block
from accounts.serializers.blocks import BlockSerializer, BlockWriteSerializer
from accounts.services import blocks as services
from api import targets
from api.views import CreateModelMixin, GenericViewSet


@extend_schema_view(
    create=extend_schema(
        examples=[OpenApiExample("block a comment's author", {"comment": 7}, request_only=True)]
    )
)
class BlockViewSet(
    CreateModelMixin,
    mixins.DestroyModelMixin,
    mixins.ListModelMixin,
    GenericViewSet,
):
    """What one blocks, the newest first. Only what one sees oneself changes; the other is not told.

    A block covers what was seen and no more: a name covers what stands under that name, a label that label
    in its post and the conversations begun from it, a conversation itself. What is blocked is left out of
    lists, is a placeholder in threads, and can still be read by id. Their messages are accepted and dropped.
    """

    queryset = Block.objects.none()
    serializer_class = BlockSerializer
    write_serializer_class = BlockWriteSerializer
    lookup_value_converter = "int"
    orderings = {"newest": ("-id",)}
    raises = {"create": (OwnContent,)}
    invalidates = {"create": {"user": ("one_of", "withdrawn")}}

    def get_queryset(self) -> QuerySet[Block]:
        return Block.objects.visible_to(self.user).select_related("user")

    def perform_create(self, serializer: BaseSerializer) -> Block:
        ((kind, row),) = serializer.validated_data.items()
        if kind == "user":
            return services.block_user(user=self.user, blocked=row)
        return services.block_through(user=self.user, target=targets.blockables()[kind], row=row)

    def perform_destroy(self, instance: Any) -> None:
        services.lift_block(block=instance)
