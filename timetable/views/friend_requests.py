from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import OwnContent
from accounts.permissions import MayWrite
from api.views import CreateModelMixin, GenericViewSet
from timetable.exceptions import (
    AlreadyFriends,
    TooManyFriendRequests,
    TooManyFriends,
    TooManyInvitations,
    YouBlockThem,
)
from timetable.filters.friends import FriendRequestFilterSet
from timetable.models import FriendInvitation, Friendship
from timetable.permissions import HasAsked, IsAsked
from timetable.serializers.friends import (
    FriendInvitationSerializer,
    FriendRequestSerializer,
    FriendRequestWriteSerializer,
    FriendSerializer,
    NewFriendInvitationSerializer,
)
from timetable.services import friends as services
from timetable.services import invitations


@extend_schema_view(
    create=extend_schema(
        examples=[OpenApiExample("ask somebody", {"username": "hongik_2"}, request_only=True)]
    ),
    destroy=extend_schema(description="Take a request back that one sent."),
)
class FriendRequestViewSet(CreateModelMixin, mixins.DestroyModelMixin, mixins.ListModelMixin, GenericViewSet):
    """Open friend requests, received and sent, the newest first.

    One asks people of one's own school by their username. Asking again is the same request. Who asks
    somebody that has asked them is friends with them at once. A request into a block is accepted like any
    other, and never arrives.
    """

    queryset = Friendship.objects.none()
    serializer_class = FriendRequestSerializer
    write_serializer_class = FriendRequestWriteSerializer
    filterset_class = FriendRequestFilterSet
    lookup_value_converter = "int"
    orderings = {"newest": ("-id",)}
    permissions_by_action = {
        "create": (MayWrite,),
        "accept": (MayWrite, IsAsked),
        "decline": (IsAsked,),
        "destroy": (HasAsked,),
    }
    throttle_scopes = {"create": "friend"}
    raises = {
        "create": (AlreadyFriends, YouBlockThem, TooManyFriends, TooManyFriendRequests),
        "accept": (TooManyFriends, YouBlockThem),
    }
    invalidates = {"create": {"username": ("does_not_exist", "oneself")}}

    def get_queryset(self) -> QuerySet[Friendship]:
        return Friendship.objects.visible_to(self.user).pending().with_people()

    def get_read_queryset(self) -> QuerySet[Friendship]:
        # One that met the other's has been accepted by now.
        return Friendship.objects.visible_to(self.user).with_people()

    def perform_create(self, serializer: BaseSerializer) -> Friendship:
        return services.ask_friend(user=self.user, other=serializer.validated_data["username"])

    def perform_destroy(self, instance: Friendship) -> None:
        services.take_request_back(user=self.user, request=instance)

    @extend_schema(request=None, responses=FriendSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """Be friends with who asked."""
        friendship = self.get_object()
        services.accept_request(user=self.user, request=friendship)
        return Response(FriendSerializer(friendship, context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: int) -> Response:
        """Decline a request. It is gone for both, and the other may ask again."""
        services.decline_request(user=self.user, request=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class FriendInvitationViewSet(mixins.DestroyModelMixin, mixins.ListModelMixin, GenericViewSet):
    """One's own open invitations: links by which anybody of one's school becomes one's friend.

    A link is good for 14 days and for any number of people. At most 10 are open. Deleting one takes it back.
    """

    queryset = FriendInvitation.objects.none()
    serializer_class = FriendInvitationSerializer
    lookup_value_converter = "int"
    orderings = {"newest": ("-id",)}
    permissions_by_action = {"create": (MayWrite,), "accept": (MayWrite,)}
    throttle_scopes = {"create": "friend", "accept": "friend"}
    raises = {
        "create": (TooManyInvitations,),
        "accept": (OwnContent, AlreadyFriends, YouBlockThem, TooManyFriends),
    }

    def get_queryset(self) -> QuerySet[FriendInvitation]:
        return FriendInvitation.objects.visible_to(self.user)

    @extend_schema(request=None, responses={201: NewFriendInvitationSerializer})
    def create(self, request: Request) -> Response:
        """Make an invitation. Its `token` is told now, and never again."""
        invitation, token = invitations.invite(user=self.user)
        data = {**FriendInvitationSerializer(invitation).data, "token": token}
        return Response(data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=None,
        responses=FriendSerializer,
        parameters=[OpenApiParameter("token", OpenApiTypes.STR, OpenApiParameter.PATH)],
    )
    @action(detail=False, methods=["post"], url_path="<slug:token>/accept")
    def accept(self, request: Request, token: str) -> Response:
        """Be friends with who made an invitation.

        A link that is unknown, has expired or was taken back, and one of another school, is a 404.
        """
        friendship: Any = invitations.accept_invitation(user=self.user, token=token)
        return Response(FriendSerializer(friendship, context=self.get_serializer_context()).data)
