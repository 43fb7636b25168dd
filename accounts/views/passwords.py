from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.serializers.verifications import (
    PasswordChangeSerializer,
    PasswordResetConfirmSerializer,
    PasswordResetSerializer,
)
from accounts.services import passwords as services
from api.permissions import AllowAny
from api.views import GenericViewSet

WEAK = ("password_too_short", "password_too_common", "password_too_similar", "password_entirely_numeric")
RESET = {"email": "minji@example.com", "code": "K7QM-2XRD", "new_password": "staple-battery-9"}


class PasswordViewSet(GenericViewSet):
    """Having another password."""

    queryset = User.objects.none()
    pagination_class = None
    write_serializer_class = PasswordChangeSerializer
    throttle_scopes = {"change": "password"}
    invalidates = {"change": {"password": ("incorrect",), "new_password": WEAK}}

    @extend_schema(request=PasswordChangeSerializer, responses={204: None})
    @action(detail=False, methods=["post"])
    def change(self, request: Request) -> Response:
        """Have another password. All other devices are signed out, and the owner is told by mail."""
        session: Any = request.auth
        services.change_password(user=self.user, session=session, **self.validated(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordResetViewSet(GenericViewSet):
    """Choosing another password by a code that comes by mail, for whoever forgot theirs.

    No answer says whether an account has the address. The code is good for 10 minutes, five tries, and once.
    """

    queryset = User.objects.none()
    pagination_class = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    write_serializer_classes = {"create": PasswordResetSerializer, "confirm": PasswordResetConfirmSerializer}
    throttle_scopes = {"create": "reset", "confirm": "confirm"}
    invalidates = {"confirm": {"code": ("code_invalid",), "new_password": WEAK}}

    @extend_schema(request=PasswordResetSerializer, responses={202: None})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a code to an account's address, if there is such an account: at most five an hour."""
        services.ask_reset(**self.validated(request))
        return Response(status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        request=PasswordResetConfirmSerializer,
        responses={204: None},
        examples=[OpenApiExample("with the code", RESET, request_only=True)],
    )
    @action(detail=False, methods=["post"])
    def confirm(self, request: Request) -> Response:
        """Have another password. All devices are signed out, and the owner is told by mail."""
        services.reset_password(**self.validated(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
