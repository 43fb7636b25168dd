from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.exceptions import CaseDecides, Frozen
from accounts.permissions import IsAuthor, IsNotAuthor, MayWrite
from accounts.serializers.writing import LikeSerializer
from api.views import GenericViewSet
from board.permissions import MayRead, ModeratesBoard
from board.serializers.posts import HideSerializer, StateSerializer
from board.services import hiding, likes


class ContentViewSet(GenericViewSet):
    """What one can do with a post and with a comment alike."""

    default_permissions = (MayRead,)
    permissions_by_action: ClassVar[Any] = {
        "partial_update": (MayWrite, MayRead, IsAuthor),
        "destroy": (MayRead, IsAuthor),
        "like": (MayWrite, MayRead, IsNotAuthor),
        "unlike": (MayWrite, MayRead, IsNotAuthor),
        "hide": (MayRead, ModeratesBoard),
        "restore": (MayRead, ModeratesBoard),
    }
    write_serializer_classes: ClassVar[Any] = {"hide": HideSerializer}
    throttle_scopes: ClassVar[dict[str, str]] = {"like": "like", "unlike": "like"}
    raises: ClassVar[Any] = {
        "partial_update": (Frozen,),
        "destroy": (Frozen,),
        "like": (Frozen,),
        "unlike": (Frozen,),
        "restore": (CaseDecides,),
    }

    @extend_schema(request=None, responses=LikeSerializer)
    @action(detail=True, methods=["put"])
    def like(self, request: Request, pk: int) -> Response:
        """Like it. Liking it again changes nothing."""
        return self.set_like(wanted=True)

    @extend_schema(responses={200: LikeSerializer})
    @like.mapping.delete
    def unlike(self, request: Request, pk: int) -> Response:
        """Take one's like back."""
        return self.set_like(wanted=False)

    def set_like(self, *, wanted: bool) -> Response:
        content: Any = likes.like(user=self.user, content=self.get_object(), wanted=wanted)
        return Response({"is_liked": wanted, "like_count": content.like_count})

    @extend_schema(responses=StateSerializer)
    @action(detail=True, methods=["put"])
    def hide(self, request: Request, pk: int) -> Response:
        """Hide it from everybody but its author and those who decide. It is logged."""
        content: Any = self.get_object()
        reason = self.validated(request)["reason"]
        return Response({"state": hiding.hide(user=self.user, content=content, reason=reason).state})

    @extend_schema(responses={200: StateSerializer})
    @hide.mapping.delete
    def restore(self, request: Request, pk: int) -> Response:
        """Show it again. It is logged."""
        content: Any = self.get_object()
        return Response({"state": hiding.restore(user=self.user, content=content).state})
