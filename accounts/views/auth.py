from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import SessionJWTAuthentication, client_address, client_device
from accounts.exceptions import (
    InvalidCredentials,
    RefreshExpired,
    RefreshInvalid,
    RefreshMissing,
    RefreshReused,
    SessionEnded,
)
from accounts.models import Session, User
from accounts.serializers.auth import (
    AvailabilitySerializer,
    LoginSerializer,
    RefreshSerializer,
    SignedInSerializer,
    TokenPairSerializer,
)
from accounts.serializers.users import SignUpSerializer
from accounts.services import sessions as services
from accounts.services.users import is_available, sign_up
from accounts.tokens import issue
from api.errors import invalid
from api.permissions import AllowAny
from api.views import GenericViewSet


class AuthViewSet(GenericViewSet):
    """Signing up, in and out. No access token is looked at here: a stale one must not keep anyone out."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    pagination_class = None
    throttle_scopes = {"signup": "signup", "availability": "availability", "login": "login"}
    serializer_class = SignedInSerializer
    write_serializer_classes = {
        "signup": SignUpSerializer,
        "login": LoginSerializer,
        "refresh": RefreshSerializer,
        "logout": RefreshSerializer,
    }
    raises = {
        "login": (InvalidCredentials,),
        "refresh": (RefreshMissing, RefreshInvalid, RefreshExpired, RefreshReused, SessionEnded),
        "logout": (RefreshMissing, RefreshInvalid, RefreshExpired),
    }
    invalidates = {
        "signup": {
            "username": ("unique",),
            "email": ("unique",),
            "nickname": ("unique", "reserved", "invisible_characters"),
            "password": (
                "password_too_short",
                "password_too_common",
                "password_too_similar",
                "password_entirely_numeric",
            ),
            "admission_year": ("out_of_range",),
        },
        "availability": {"username": ("required", "blank", "max_length")},
    }
    AVAILABILITY_PARAMS = ("username", "nickname")

    def get_queryset(self) -> Any:
        return User.objects.none()

    def get_query_params(self) -> set[str]:
        return set(self.AVAILABILITY_PARAMS) if self.action == "availability" else set()

    def sign_in(self, user: User, device: str) -> dict[str, Any]:
        session = services.start_session(
            user=user,
            device=client_device(self.request, device),
            address=client_address(self.request),
        )
        tokens = issue(session)
        answer = {"user": user, "access": tokens.access, "refresh": tokens.refresh}
        return self.get_serializer(answer).data

    @extend_schema(
        responses={201: SignedInSerializer},
        examples=[
            OpenApiExample(
                "sign up",
                request_only=True,
                value={
                    "username": "minji_kim",
                    "email": "minji@example.com",
                    "password": "correct-horse-7",
                    "nickname": "민지",
                    "school": 1,
                    "admission_year": 2025,
                },
            )
        ],
    )
    @action(detail=False, methods=["post"])
    def signup(self, request: Request) -> Response:
        """Join, and sign in at once.

        Username, e-mail address and nickname are compared without case, spaces and compatibility forms;
        each that somebody has is named with the code `unique`.
        """
        fields = self.validated(request)
        device = fields.pop("device", "")
        return Response(self.sign_in(sign_up(**fields), device), status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[
            OpenApiParameter("username", str, description="A username to look up. Give this or `nickname`."),
            OpenApiParameter("nickname", str, description="A nickname to look up. Give this or `username`."),
        ],
        responses=AvailabilitySerializer,
    )
    @action(detail=False)
    def availability(self, request: Request) -> Response:
        """Whether a username or a nickname is still free and allowed. E-mail addresses are never told."""
        given = {name: request.query_params.get(name, "") for name in self.AVAILABILITY_PARAMS}
        chosen = [(name, value) for name, value in given.items() if value.strip()]
        if len(chosen) != 1:
            raise invalid("username", "Give either a username or a nickname.", "required")
        return Response({"available": is_available(*chosen[0])})

    @extend_schema(
        responses=SignedInSerializer,
        examples=[
            OpenApiExample(
                "sign in", request_only=True, value={"username": "minji_kim", "password": "correct-horse-7"}
            )
        ],
    )
    @action(detail=False, methods=["post"])
    def login(self, request: Request) -> Response:
        """Sign in with a username or an e-mail address. What was wrong is never told."""
        fields = self.validated(request)
        user = services.verify_credentials(identifier=fields["username"], password=fields["password"])
        return Response(self.sign_in(user, fields.get("device", "")))

    @extend_schema(responses=TokenPairSerializer)
    @action(detail=False, methods=["post"])
    def refresh(self, request: Request) -> Response:
        """Exchange a refresh token for new tokens. Each is good once.

        For 10 seconds, and until the new one is used, the old one answers with the very same new refresh
        token, for a client that lost the answer. After that its use ends the session: it was copied.
        """
        tokens = services.refresh_session(raw=self.validated(request).get("refresh", ""))
        return Response({"access": tokens.access, "refresh": tokens.refresh})

    @extend_schema(responses={204: None})
    @action(detail=False, methods=["post"])
    def logout(self, request: Request) -> Response:
        """End this session: with the refresh token in the body, or the access token in the header."""
        raw = self.validated(request).get("refresh", "")
        if raw:
            session_id = services.read_refresh_claims(raw).session_id
        else:
            signed_in = SessionJWTAuthentication().authenticate(request)
            if signed_in is None:
                raise RefreshMissing
            session_id = signed_in[1].pk
        services.end_session(session_id=session_id, reason=Session.RevokedReason.SIGNED_OUT)
        return Response(status=status.HTTP_204_NO_CONTENT)
