"""Access and refresh tokens. They hold ids and times alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import Session

SESSION_CLAIM = "sid"
USER_CLAIM = "sub"


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
    def of(cls, token: Token) -> "Claims":
        """Raises TokenError where a claim is missing or is no UUID."""
        try:
            return cls(UUID(token[SESSION_CLAIM]), UUID(token[USER_CLAIM]), str(token["jti"]))
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            raise TokenError("A claim is missing or malformed.") from error


def read_access(raw: str | bytes) -> Claims:
    return read(AccessToken, raw)


def read_refresh(raw: str | bytes) -> Claims:
    return read(RefreshToken, raw)


def read(token_class: type[Token], raw: str | bytes) -> Claims:
    """Raises TokenError, whatever is wrong: PyJWT lets an `exp` that is no time through as it comes."""
    try:
        return Claims.of(token_class(raw))  # type: ignore[arg-type]
    except (OverflowError, OSError, TypeError, ValueError) as error:
        raise TokenError("A claim is out of range.") from error


def issue(session: Session) -> TokenPair:
    """A new access token, and the one refresh token that is good for the session now.

    The refresh token follows from the row alone, so that a client that lost it gets the same again.
    """
    refresh = sign(RefreshToken(), session, session.rotated_at)
    refresh["jti"] = session.jti
    return TokenPair(access=str(sign(AccessToken(), session)), refresh=str(refresh))


def sign(token: Token, session: Session, issued_at: datetime | None = None) -> Token:
    if issued_at is not None:
        token.set_iat(at_time=issued_at)
        token.set_exp(from_time=issued_at)
    token[USER_CLAIM] = str(session.user_id)
    token[SESSION_CLAIM] = str(session.pk)
    return token
