from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError

from accounts.exceptions import SessionEnded, TokenExpired, TokenInvalid
from accounts.models import Session, User
from accounts.tokens import Claims, read_access
from api.throttling import client_ip

# `Session.last_used_at` is for people to recognise a device by; more often would be a write a request.
LAST_USED_PRECISION = timedelta(minutes=5)


class SessionJWTAuthentication(JWTAuthentication):
    """`Authorization: Bearer <access token>`. One query loads the session, its user and the school."""

    def authenticate(self, request: Request) -> tuple[User, Session] | None:  # type: ignore[override]
        claims = self.get_claims(request)
        if claims is None:
            return None
        session = self.get_session(claims)
        return session.user, session

    def get_claims(self, request: Request) -> Claims | None:
        """What the token in the header says; None without one. Its session may have ended."""
        scheme, _, raw = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            return read_access(raw.strip().encode())
        except ExpiredTokenError:
            raise TokenExpired from None
        except TokenError:
            raise TokenInvalid from None

    def get_session(self, claims: Claims) -> Session:
        session = (
            Session.objects.usable()
            .select_related("user__school")
            .filter(pk=claims.session_id, user_id=claims.user_id)
            .first()
        )
        if session is None:
            raise SessionEnded
        now = timezone.now()
        if now - session.last_used_at > LAST_USED_PRECISION:
            Session.objects.filter(pk=session.pk).update(last_used_at=now)
        return session


def client_device(request: Request, given: str = "") -> str:
    """What to call a device: the client's own word, else its User-Agent; at most 200 characters."""
    return (given or request.headers.get("User-Agent", ""))[:200]


def client_address(request: Any) -> str | None:
    """The client's address as the throttles see it."""
    address = client_ip(request)
    return None if address is None else str(address)
