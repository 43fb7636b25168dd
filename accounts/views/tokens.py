from contextlib import suppress
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import cookies
from accounts.authentication import SessionJWTAuthentication
from accounts.exceptions import (
    OriginNotAllowed,
    RefreshExpired,
    RefreshInvalid,
    RefreshMissing,
    RefreshReused,
    SessionEnded,
    TokenExpired,
    TokenInvalid,
)
from accounts.models import Session, User
from accounts.serializers.auth import LogoutSerializer, RefreshSerializer, TokenPairSerializer
from accounts.services import sessions as services
from accounts.tokens import TokenPair
from api.errors import Unauthorized
from api.permissions import AllowAny
from api.views import GenericViewSet


class TokenViewSet(GenericViewSet):
    """Exchanging tokens and giving them back, in the body or in the cookie: what `AuthViewSet` builds on."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    pagination_class = None
    write_serializer_classes = {"refresh": RefreshSerializer, "logout": LogoutSerializer}
    raises = {
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
    # The refresh token that came in the cookie, if that is where the request has it.
    from_cookie = ""

    def get_queryset(self) -> Any:
        return User.objects.none()

    def validated(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        """The valid body of a write; 403 where a page asks for the cookie that may not have it."""
        fields = super().validated(request, **kwargs)
        if fields.get("cookie"):
            cookies.refuse_foreign_page(request)
        return fields

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

        A cookie that came along is deleted, and its session ends as well.
        """
        raw = self.read_refresh(self.validated(request))
        claims = services.read_refresh_claims(raw) if raw else SessionJWTAuthentication().get_claims(request)
        if claims is None:
            raise RefreshMissing
        services.end_session(session_id=claims.session_id, reason=Session.RevokedReason.SIGNED_OUT)
        response = Response(status=status.HTTP_204_NO_CONTENT)
        # A foreign page may have its own session end, and no more.
        with suppress(OriginNotAllowed):
            self.end_cookie(response)
        return response

    def end_cookie(self, response: Response) -> None:
        """End the session of the cookie that came along, if any, and delete it."""
        cookie = cookies.read_cookie(self.request)
        if not cookie:
            return
        cookies.take_cookie(response)
        with suppress(RefreshInvalid, RefreshExpired):
            claims = services.read_refresh_claims(cookie)
            services.end_session(session_id=claims.session_id, reason=Session.RevokedReason.SIGNED_OUT)

    def read_refresh(self, fields: dict[str, Any]) -> str:
        """The refresh token: of the body, else of the cookie, else ''."""
        given: str = fields.get("refresh", "")
        if not given:
            self.from_cookie = cookies.read_cookie(self.request)
        return given or self.from_cookie

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
