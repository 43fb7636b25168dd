from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.exceptions import NicknameChangedRecently, SchoolLocked
from accounts.models import User
from accounts.serializers.users import MeSerializer, MeWriteSerializer, UserSerializer
from accounts.services.users import update_user
from api.views import GenericViewSet


class UserViewSet(mixins.RetrieveModelMixin, GenericViewSet):
    """The users of one's school, by id alone: there is no list of them."""

    queryset = User.objects.none()
    serializer_class = UserSerializer
    lookup_value_converter = "uuid"
    write_serializer_classes = {"update_me": MeWriteSerializer}
    raises = {"update_me": (NicknameChangedRecently, SchoolLocked)}
    invalidates = {
        "update_me": {
            "nickname": ("unique", "reserved", "invisible_characters"),
            "admission_year": ("out_of_range",),
        }
    }

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.visible_to(self.user).select_related("school")

    @extend_schema(responses=MeSerializer)
    @action(detail=False)
    def me(self, request: Request) -> Response:
        """Oneself."""
        return Response(MeSerializer(self.user, context=self.get_serializer_context()).data)

    @extend_schema(responses=MeSerializer)
    @me.mapping.patch
    def update_me(self, request: Request) -> Response:
        """Change the nickname (once in 30 days), the name, the year of admission, or the school.

        The school can change while it is not verified and nothing has been written yet.
        """
        changes = self.validated(request, partial=True)
        user = update_user(user=self.user, changes=changes)
        return Response(MeSerializer(user, context=self.get_serializer_context()).data)
