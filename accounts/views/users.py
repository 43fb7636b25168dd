from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.exceptions import LastOperator, NicknameChangedRecently, SchoolLocked
from accounts.models import User
from accounts.serializers.exports import ExportSerializer, WithdrawSerializer
from accounts.serializers.users import MeSerializer, MeWriteSerializer, PictureSerializer, UserSerializer
from accounts.services.exports import ask_export
from accounts.services.pictures import remove_picture, set_picture
from accounts.services.users import update_user
from accounts.services.withdrawal import withdraw
from api.errors import StorageUnavailable
from api.images import REFUSALS
from api.parsers import MultiPartParser
from api.views import GenericViewSet


class UserViewSet(mixins.RetrieveModelMixin, GenericViewSet):
    """The users of one's school, by id alone: there is no list of them."""

    queryset = User.objects.none()
    serializer_class = UserSerializer
    lookup_value_converter = "uuid"
    write_serializer_classes = {
        "update_me": MeWriteSerializer,
        "picture": PictureSerializer,
        "withdraw": WithdrawSerializer,
    }
    parser_classes_by_action = {"picture": (MultiPartParser,)}
    throttle_scopes = {"picture": "media", "withdraw": "password", "export": "export"}
    raises = {
        "update_me": (NicknameChangedRecently, SchoolLocked),
        "picture": (StorageUnavailable,),
        "withdraw": (LastOperator,),
    }
    invalidates = {
        "update_me": {
            "nickname": ("unique", "reserved", "invisible_characters"),
            "admission_year": ("out_of_range",),
        },
        "picture": {"image": tuple(REFUSALS)},
        "withdraw": {"password": ("incorrect",)},
    }

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.visible_to(self.user).select_related("school")

    @extend_schema(responses=MeSerializer)
    @action(detail=False)
    def me(self, request: Request) -> Response:
        """Oneself."""
        return self.answer(self.user)

    @extend_schema(responses=MeSerializer)
    @me.mapping.patch
    def update_me(self, request: Request) -> Response:
        """Change the nickname (once in 30 days), the name, the year of admission, or the school.

        The school can change while it is not verified and nothing has been written yet.
        """
        changes = self.validated(request, partial=True)
        return self.answer(update_user(user=self.user, changes=changes))

    @extend_schema(responses=MeSerializer)
    @action(detail=False, methods=["put"], url_path="me/picture")
    def picture(self, request: Request) -> Response:
        """Have a picture, or another one.

        The middle of it is kept, as a square. Others see it beside what is written under one's name.
        """
        return self.answer(set_picture(user=self.user, **self.validated(request)))

    @extend_schema(responses={200: MeSerializer})
    @picture.mapping.delete
    def delete_picture(self, request: Request) -> Response:
        """Have no picture any more."""
        return self.answer(remove_picture(user=self.user))

    @extend_schema(responses={204: None})
    @action(detail=False, methods=["post"], url_path="me/withdraw")
    def withdraw(self, request: Request) -> Response:
        """Leave for good. The account is deleted at once, and can't be had back.

        Posts, comments, messages, reviews and exam notes stay: what was named then shows (알수없음), what was
        anonymous stays as it is. Timetables, friends, points and all else of one's own goes. The e-mail
        address can't join again for 30 days. Take along what you want to keep before, by `users/me/export/`.
        """
        withdraw(user=self.user, **self.validated(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={202: ExportSerializer})
    @action(detail=False, methods=["post"], url_path="me/export")
    def export(self, request: Request) -> Response:
        """Ask for all that one wrote and owns, as a ZIP file of JSON and pictures, for a day.

        It is made beside the answer: look at `exports/{id}/` until it is ready. While one is being made,
        that is the answer.
        """
        export = ask_export(user=self.user)
        return Response(ExportSerializer(export).data, status=status.HTTP_202_ACCEPTED)

    def answer(self, user: User) -> Response:
        return Response(MeSerializer(user, context=self.get_serializer_context()).data)
