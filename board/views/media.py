from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import Frozen
from accounts.permissions import MayWrite
from api.errors import StorageUnavailable
from api.images import REFUSALS
from api.parsers import MultiPartParser
from api.views import CreateModelMixin, UpdateModelMixin
from board.exceptions import QuestionAnswered
from board.models import PostMedia
from board.serializers.media import MediaSerializer, MediaUpdateSerializer, MediaWriteSerializer
from board.services import media as services


class MediaViewSet(CreateModelMixin, UpdateModelMixin, mixins.DestroyModelMixin):
    """Pictures for posts. They are there for who uploaded them alone; everybody else sees them in the post.

    Upload a picture, then name its id in `media` of the post. Nothing of the file is kept but the picture:
    no place, no time, no camera, no name. A picture that is in no post after a day is deleted. Changing or
    deleting a picture of a post edits that post.
    """

    queryset = PostMedia.objects.none()
    serializer_class = MediaSerializer
    lookup_value_converter = "uuid"
    write_serializer_classes = {"create": MediaWriteSerializer, "partial_update": MediaUpdateSerializer}
    parser_classes_by_action = {"create": (MultiPartParser,)}
    default_permissions = (MayWrite,)
    throttle_scopes = {"create": "media"}
    raises = {
        "create": (StorageUnavailable,),
        "partial_update": (Frozen, QuestionAnswered),
        "destroy": (Frozen, QuestionAnswered),
    }
    invalidates = {"create": {"image": tuple(REFUSALS)}}

    def get_queryset(self) -> QuerySet[PostMedia]:
        return PostMedia.objects.visible_to(self.user).select_related("post")

    def perform_create(self, serializer: BaseSerializer) -> PostMedia:
        return services.upload_media(user=self.user, **serializer.validated_data)

    def perform_update(self, serializer: Any) -> PostMedia:
        return services.update_media(media=serializer.instance, changes=serializer.validated_data)

    def perform_destroy(self, instance: PostMedia) -> None:
        services.delete_media(media=instance)
