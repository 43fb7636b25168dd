from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.exceptions import NicknameChangedRecently, SchoolLocked
from accounts.models import User
from accounts.serializers.users import MeSerializer, MeWriteSerializer, PictureSerializer, UserSerializer
from accounts.services.pictures import remove_picture, set_picture
from accounts.services.users import update_user
from api.errors import StorageUnavailable
from api.images import REFUSALS
from api.parsers import MultiPartParser
from api.views import GenericViewSet


class UserViewSet(mixins.RetrieveModelMixin, GenericViewSet):
    """The users of one's school, by id alone: there is no list of them."""

    queryset = User.objects.none()
    serializer_class = UserSerializer
    lookup_value_converter = "uuid"
    write_serializer_classes = {"update_me": MeWriteSerializer, "picture": PictureSerializer}
    parser_classes_by_action = {"picture": (MultiPartParser,)}
    throttle_scopes = {"picture": "media"}
    raises = {
        "update_me": (NicknameChangedRecently, SchoolLocked),
        "picture": (StorageUnavailable,),
    }
    invalidates = {
        "update_me": {
            "nickname": ("unique", "reserved", "invisible_characters"),
            "admission_year": ("out_of_range",),
        },
        "picture": {"image": tuple(REFUSALS)},
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

    def answer(self, user: User) -> Response:
        return Response(MeSerializer(user, context=self.get_serializer_context()).data)
