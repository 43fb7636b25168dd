from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.permissions import MayWrite
from api.views import ModelViewSet
from board.exceptions import AnonymityLocked, BoardActive, NoOffer, NoSchool, NoticeNotAllowed, TooManyPins
from board.filters.boards import BoardFilterSet
from board.models import Board, Post
from board.permissions import ManagesBoard
from board.serializers.boards import (
    BoardSerializer,
    BoardWriteSerializer,
    NoticeSerializer,
    OfferSerializer,
    PinOrderSerializer,
    PinSerializer,
)
from board.services import boards as services
from board.services import handover

BOARD_EXAMPLE = {
    "category": "general",
    "name": "자유게시판",
    "description": "무엇이든 이야기해요",
    "anonymity": "optional",
}


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("open a board", BOARD_EXAMPLE, request_only=True)])
)
class BoardViewSet(ModelViewSet):
    """The boards of one's school. With `pinned=true`, one's own list in its order, with the latest posts."""

    queryset = Board.objects.none()
    serializer_class = BoardSerializer
    write_serializer_class = BoardWriteSerializer
    write_serializer_classes = {
        "pins": PinOrderSerializer,
        "notice": NoticeSerializer,
        "offer": OfferSerializer,
    }
    filterset_class = BoardFilterSet
    throttle_scopes = {"create": "board", "offer": "board"}
    raises = {
        "create": (NoSchool,),
        "partial_update": (AnonymityLocked,),
        "destroy": (BoardActive,),
        "pin": (TooManyPins,),
        "notice": (NoticeNotAllowed,),
        "accept_offer": (NoOffer,),
        "decline_offer": (NoOffer,),
    }
    invalidates = {
        "create": {"name": ("unique",)},
        "partial_update": {"name": ("unique",)},
        "pins": {"boards": ("duplicate", "does_not_exist")},
        "offer": {"user": ("already_manager",)},
    }
    permissions_by_action = {
        "create": (MayWrite,),
        "partial_update": (MayWrite, ManagesBoard),
        "destroy": (ManagesBoard,),
        "notice": (MayWrite, ManagesBoard),
        "remove_notice": (MayWrite, ManagesBoard),
        "offer": (MayWrite, ManagesBoard),
        "take_offer_back": (ManagesBoard,),
        "accept_offer": (MayWrite,),
    }

    def get_queryset(self) -> QuerySet[Board]:
        return Board.objects.visible_to(self.user).for_viewer(self.user)

    @property
    def lists_pins(self) -> bool:
        return self.action == "list" and self.request.query_params.get("pinned") == "true"

    def get_ordering(self) -> tuple[str, ...]:
        return ("position", "id") if self.lists_pins else ("id",)

    def paginate_queryset(self, queryset: Any) -> Any:
        boards: Any = super().paginate_queryset(queryset)
        if self.lists_pins:
            latest = Post.objects.visible_to(self.user).listed_for(self.user).latest_on(boards)
            for board in boards:
                board.latest_post = latest.get(board.pk)
        return boards

    def perform_create(self, serializer: BaseSerializer) -> Board:
        return services.create_board(user=self.user, **serializer.validated_data)

    def perform_update(self, serializer: Any) -> Board:
        return services.update_board(
            user=self.user, board=serializer.instance, changes=serializer.validated_data
        )

    def perform_destroy(self, instance: Board) -> None:
        services.delete_board(user=self.user, board=instance)

    @extend_schema(request=None, responses=PinSerializer)
    @action(detail=True, methods=["put"])
    def pin(self, request: Request, pk: int) -> Response:
        """Pin a board, at the end of one's list. It stays where it is if it is pinned already."""
        pin = services.pin_board(user=self.user, board=self.get_object())
        return Response({"is_pinned": True, "position": pin.position})

    @extend_schema(responses={200: PinSerializer})
    @pin.mapping.delete
    def unpin(self, request: Request, pk: int) -> Response:
        """Take a board off one's list."""
        services.unpin_board(user=self.user, board=self.get_object())
        return Response({"is_pinned": False, "position": None})

    @extend_schema(responses=BoardSerializer(many=True))
    @action(detail=False, methods=["put"], pagination_class=None, filter_backends=())
    def pins(self, request: Request) -> Response:
        """Make one's list exactly these boards, in this order; the answer is the list."""
        services.replace_pins(user=self.user, boards=self.validated(request)["boards"])
        boards = self.get_queryset().filter(pins__user=self.user).order_by("position", "id")
        return Response(self.get_serializer(boards, many=True).data)

    @extend_schema(responses=BoardSerializer)
    @action(detail=True, methods=["put"])
    def notice(self, request: Request, pk: int) -> Response:
        """Put a post of the board above its list. It must show its author's name."""
        board = self.get_object()
        services.set_notice(user=self.user, board=board, post=self.validated(request)["post"])
        return Response(self.represent(board))

    @extend_schema(responses={204: None})
    @notice.mapping.delete
    def remove_notice(self, request: Request, pk: int) -> Response:
        """Take the notice off. The post stays."""
        services.remove_notice(user=self.user, board=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=BoardSerializer)
    @action(detail=True, methods=["post"], url_path="handover")
    def offer(self, request: Request, pk: int) -> Response:
        """Offer the board to someone else of its school, in place of an earlier offer.

        They manage it once they accept.
        """
        board = self.get_object()
        handover.offer_board(user=self.user, board=board, to=self.validated(request)["user"])
        return Response(self.represent(board))

    @extend_schema(responses={204: None})
    @offer.mapping.delete
    def take_offer_back(self, request: Request, pk: int) -> Response:
        """Take the offer back. Without one, nothing changes."""
        handover.take_offer_back(user=self.user, board=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=BoardSerializer)
    @action(detail=True, methods=["post"], url_path="handover/accept")
    def accept_offer(self, request: Request, pk: int) -> Response:
        """Accept a board that is offered to oneself, and manage it from now on."""
        board = self.get_object()
        handover.accept_board(user=self.user, board=board)
        return Response(self.represent(board))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="handover/decline")
    def decline_offer(self, request: Request, pk: int) -> Response:
        """Decline a board that is offered to oneself."""
        handover.decline_board(user=self.user, board=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
