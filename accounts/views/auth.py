from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import cookies
from accounts.authentication import SessionJWTAuthentication, client_address, client_device
from accounts.exceptions import (
    InvalidCredentials,
    OriginNotAllowed,
    RefreshExpired,
    RefreshInvalid,
    RefreshMissing,
    RefreshReused,
    Sanctioned,
    SessionEnded,
    TokenExpired,
    TokenInvalid,
)
from accounts.models import Session, User
from accounts.serializers.auth import (
    AvailabilitySerializer,
    LoginSerializer,
    LogoutSerializer,
    RefreshSerializer,
    SignedInSerializer,
    TokenPairSerializer,
)
from accounts.serializers.users import MeSerializer, SignUpSerializer
from accounts.services import sessions as services
from accounts.services.users import is_available, sign_up
from accounts.tokens import TokenPair, issue
from api.errors import Unauthorized, invalid
from api.permissions import AllowAny
from api.views import GenericViewSet

LOOKED_UP = {"type": "string", "pattern": r"\S"}


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
        "logout": LogoutSerializer,
    }
    raises = {
        "signup": (OriginNotAllowed,),
        "login": (InvalidCredentials, OriginNotAllowed, Sanctioned),
        "refresh": (
            OriginNotAllowed,
            RefreshMissing,
            RefreshInvalid,
            RefreshExpired,
            RefreshReused,
            SessionEnded,
        ),
        "logout": (
            OriginNotAllowed,
            RefreshMissing,
            RefreshInvalid,
            RefreshExpired,
            TokenInvalid,
            TokenExpired,
        ),
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
        "availability": {"username": ("required", "blank")},
    }
    AVAILABILITY_PARAMS = ("username", "nickname")
    # The refresh token that came in the cookie, if that is where the request has it.
    from_cookie = ""

    def get_queryset(self) -> Any:
        return User.objects.none()

    def get_query_params(self) -> set[str]:
        return set(self.AVAILABILITY_PARAMS) if self.action == "availability" else set()

    def validated(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        """The valid body of a write; 403 where a page asks for the cookie that may not have it."""
        fields = super().validated(request, **kwargs)
        if fields.get("cookie"):
            cookies.refuse_foreign_page(request)
        return fields

    def sign_in(self, user: User, device: str, *, in_cookie: bool) -> Response:
        session = services.start_session(
            user=user,
            device=client_device(self.request, device),
            address=client_address(self.request),
        )
        me = MeSerializer(user, context=self.get_serializer_context()).data
        return self.answer(issue(session), in_cookie=in_cookie, user=me)

    def answer(self, tokens: TokenPair, *, in_cookie: bool, **more: Any) -> Response:
        """Both tokens. The refresh token is in the cookie or in the body, and never in both."""
        refresh = None if in_cookie else tokens.refresh
        response = Response({"access": tokens.access, "refresh": refresh} | more)
        if in_cookie:
            cookies.give_cookie(response, tokens.refresh)
        return response

    def handle_exception(self, exc: Exception) -> Response:
        """A cookie that is good for nothing goes. It stays where a foreign page sent it: 403 is no 401."""
        response = super().handle_exception(exc)
        if self.from_cookie and isinstance(exc, Unauthorized):
            cookies.take_cookie(response)
        return response

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
        device, in_cookie = fields.pop("device", ""), fields.pop("cookie")
        response = self.sign_in(sign_up(**fields), device, in_cookie=in_cookie)
        response.status_code = status.HTTP_201_CREATED
        return response

    @extend_schema(
        parameters=[
            OpenApiParameter("username", LOOKED_UP, description="Give this or `nickname`."),
            OpenApiParameter("nickname", LOOKED_UP, description="Give this or `username`."),
        ],
        responses=AvailabilitySerializer,
    )
    @action(detail=False)
    def availability(self, request: Request) -> Response:
        """Whether a username or a nickname is still free and allowed. E-mail addresses are never told."""
        if len(request.query_params) != 1:
            raise invalid("username", _("Give either a username or a nickname."), "required")
        name = next(iter(request.query_params))
        value = request.query_params[name]
        if not value.strip():
            raise invalid(name, _("This parameter must not be empty."), "blank")
        return Response({"available": is_available(name, value)})

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
        """Sign in with a username or an e-mail address. What was wrong is never told.

        Whom a sanction keeps out is told until when, once the password was right.
        """
        fields = self.validated(request)
        user = services.verify_credentials(identifier=fields["username"], password=fields["password"])
        return self.sign_in(user, fields.get("device", ""), in_cookie=fields["cookie"])

    @extend_schema(responses=TokenPairSerializer)
    @action(detail=False, methods=["post"])
    def refresh(self, request: Request) -> Response:
        """Exchange a refresh token for new tokens. Each is good once.

        For 10 seconds, and until the new one is used, the old one answers with the very same new refresh
        token, for a client that lost the answer. After that its use ends the session: it was copied.

        What came in the cookie is answered in the cookie, and so is what came in the body with `cookie`.
        """
        fields = self.validated(request)
        raw = self.read_refresh(fields)
        tokens = services.refresh_session(raw=raw)
        return self.answer(tokens, in_cookie=fields["cookie"] or bool(self.from_cookie))

    @extend_schema(responses={204: None})
    @action(detail=False, methods=["post"])
    def logout(self, request: Request) -> Response:
        """End this session: by the refresh token in body or cookie, or by the access token in the header.

        The cookie is deleted as well.
        """
        raw = self.read_refresh(self.validated(request))
        claims = services.read_refresh_claims(raw) if raw else SessionJWTAuthentication().get_claims(request)
        if claims is None:
            raise RefreshMissing
        services.end_session(session_id=claims.session_id, reason=Session.RevokedReason.SIGNED_OUT)
        response = Response(status=status.HTTP_204_NO_CONTENT)
        if self.from_cookie:
            cookies.take_cookie(response)
        return response

    def read_refresh(self, fields: dict[str, Any]) -> str:
        """The refresh token: of the body, else of the cookie, else ''."""
        given: str = fields.get("refresh", "")
        if not given:
            self.from_cookie = cookies.read_cookie(self.request)
        return given or self.from_cookie
