from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import client_address, client_device
from accounts.exceptions import InvalidCredentials, LockedOut, OriginNotAllowed, Sanctioned
from accounts.models import User
from accounts.serializers.auth import AvailabilitySerializer, LoginSerializer, SignedInSerializer
from accounts.serializers.users import MeSerializer, SignUpSerializer
from accounts.services import sessions as services
from accounts.services.users import is_available, sign_up
from accounts.tokens import issue
from accounts.views.tokens import TokenViewSet
from api.errors import invalid
from api.throttling import client_network

LOOKED_UP = {"type": "string", "pattern": r"\S"}


class AuthViewSet(TokenViewSet):
    """Signing up, in and out. No access token is looked at here: a stale one must not keep anyone out."""

    throttle_scopes = {"signup": "signup", "availability": "availability", "login": "login"}
    serializer_class = SignedInSerializer
    write_serializer_classes = TokenViewSet.write_serializer_classes | {
        "signup": SignUpSerializer,
        "login": LoginSerializer,
    }
    raises = TokenViewSet.raises | {
        "signup": (OriginNotAllowed,),
        "login": (InvalidCredentials, LockedOut, OriginNotAllowed, Sanctioned),
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

    def get_query_params(self) -> set[str]:
        return set(self.AVAILABILITY_PARAMS) if self.action == "availability" else set()

    def sign_in(self, user: User, device: str, *, in_cookie: bool) -> Response:
        session = services.start_session(
            user=user,
            device=client_device(self.request, device),
            address=client_address(self.request),
        )
        me = MeSerializer(user, context=self.get_serializer_context()).data
        return self.answer(issue(session), in_cookie=in_cookie, user=me)

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

        Whom a sanction keeps out is told until when, once the password was right. After ten wrong ones from
        one address, that address can't try this name for 15 minutes: 429 `locked_out`.
        """
        fields = self.validated(request)
        user = services.verify_credentials(
            identifier=fields["username"],
            password=fields["password"],
            network=client_network(self.request),
        )
        return self.sign_in(user, fields.get("device", ""), in_cookie=fields["cookie"])
