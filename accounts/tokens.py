"""Access and refresh tokens. They hold ids and times alone."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken, TokenError
from rest_framework_simplejwt.settings import api_settings

from accounts.models import Session

SESSION_CLAIM = "sid"
USER_CLAIM = "sub"


class KeyRing(TokenBackend):
    """Signs with the first of its keys, and reads what any of them has signed."""

    def __init__(self, key: str, *old_keys: str) -> None:
        super().__init__(
            api_settings.ALGORITHM,
            key,
            audience=api_settings.AUDIENCE,
            issuer=api_settings.ISSUER,
            leeway=api_settings.LEEWAY,
        )
        self.older = KeyRing(*old_keys) if old_keys else None

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        try:
            return super().decode(token, verify)
        except TokenBackendExpiredToken:  # which is said of a good signature alone
            raise
        except TokenBackendError:
            if self.older is None:
                raise
            return self.older.decode(token, verify)


@lru_cache
def key_ring(*keys: str) -> KeyRing:
    return KeyRing(*keys)


class Signed:
    """By our keys."""

    def get_token_backend(self) -> TokenBackend:
        return key_ring(settings.JWT_SIGNING_KEY, *settings.JWT_OLD_SIGNING_KEYS)


class AccessToken(Signed, tokens.AccessToken):
    pass


class RefreshToken(Signed, tokens.RefreshToken):  # type: ignore[misc]
    pass


@dataclass(frozen=True)
class TokenPair:
    access: str
    refresh: str


@dataclass(frozen=True)
class Claims:
    """What a token with a good signature says. Whether its session lives is another question."""

    session_id: UUID
    user_id: UUID
    jti: str

    @classmethod
    def of(cls, token: tokens.Token) -> "Claims":
        """Raises TokenError where a claim is missing or is no UUID."""
        try:
            return cls(UUID(token[SESSION_CLAIM]), UUID(token[USER_CLAIM]), str(token["jti"]))
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            raise TokenError("A claim is missing or malformed.") from error


def read_access(raw: str | bytes) -> Claims:
    return read(AccessToken, raw)


def read_refresh(raw: str | bytes) -> Claims:
    return read(RefreshToken, raw)


def read(token_class: type[tokens.Token], raw: str | bytes) -> Claims:
    """Raises TokenError, whatever is wrong: PyJWT lets an `exp` that is no time through as it comes."""
    try:
        return Claims.of(token_class(raw))  # type: ignore[arg-type]
    except (OverflowError, OSError, TypeError, ValueError) as error:
        raise TokenError("A claim is out of range.") from error


def issue(session: Session) -> TokenPair:
    """A new access token, and the one refresh token that is good for the session now.

    The refresh token follows from the row and the key alone, so that a client that lost it gets the same
    again. Under a new key it is signed anew: the same token still, for its id and its times are the row's.
    """
    refresh = sign(RefreshToken(), session, session.rotated_at)
    refresh["jti"] = session.jti
    return TokenPair(access=str(sign(AccessToken(), session)), refresh=str(refresh))


def sign(token: tokens.Token, session: Session, issued_at: datetime | None = None) -> tokens.Token:
    if issued_at is not None:
        token.set_iat(at_time=issued_at)
        token.set_exp(from_time=issued_at)
    token[USER_CLAIM] = str(session.user_id)
    token[SESSION_CLAIM] = str(session.pk)
    return token
