"""Signing in, refreshing and signing out."""

from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError

from accounts.exceptions import (
    InvalidCredentials,
    RefreshExpired,
    RefreshInvalid,
    RefreshMissing,
    RefreshReused,
    SessionEnded,
)
from accounts.models import Sanction, Session, User
from accounts.services.sanctions import refuse_sanctioned
from accounts.tokens import Claims, TokenPair, issue, read_refresh
from api.db import write


def verify_credentials(*, identifier: str, password: str) -> User:
    """The user with this username or e-mail address and password; InvalidCredentials otherwise.

    Whatever is wrong, one password is hashed, so that the time tells nothing either. Who may not sign in
    is told so (Sanctioned), once the password was right.
    """
    user = User.objects.identified_by(identifier).select_related("school").first()
    if user is None:
        make_password(password)
        raise InvalidCredentials
    if not user.check_password(password) or not user.is_active:
        raise InvalidCredentials
    refuse_sanctioned(user.binding_sanctions.filter(kind=Sanction.Kind.NO_SIGN_IN))
    return user


@write
def start_session(*, user: User, device: str = "", address: str | None = None) -> Session:
    now = timezone.now()
    return Session.objects.create(
        user=user,
        jti=uuid4().hex,
        rotated_at=now,
        device=device,
        address=address,
        last_used_at=now,
    )


def refresh_session(*, raw: str) -> TokenPair:
    """Replace a refresh token by its child.

    One conditional UPDATE decides who rotates, so a token rotates once however many ask at once. For
    `REFRESH_GRACE`, and until the child is used, the old token answers with the very same child: the
    client may have lost it. Any other old token was copied, so its session ends (RFC 9700, 4.14.2).
    """
    claims = read_refresh_claims(raw)
    session = rotate(claims)
    return issue(session) if session else replay(claims)


def read_refresh_claims(raw: str) -> Claims:
    if not raw:
        raise RefreshMissing
    try:
        return read_refresh(raw.encode())
    except ExpiredTokenError:
        raise RefreshExpired from None
    except TokenError:
        raise RefreshInvalid from None


@write
def rotate(claims: Claims) -> Session | None:
    """The session with a new token; None where `claims` are not of the token that is good now."""
    session = living_session(claims).first()
    if session is None:
        raise SessionEnded
    now = timezone.now()
    changes = {"jti": uuid4().hex, "previous_jti": claims.jti, "rotated_at": now, "last_used_at": now}
    # Its own columns alone decide: an UPDATE over a join is no longer one statement on MySQL.
    current = Session.objects.living().filter(pk=claims.session_id, user_id=claims.user_id, jti=claims.jti)
    if not current.update(**changes):
        return None
    for attr, value in changes.items():
        setattr(session, attr, value)
    return session


def replay(claims: Claims) -> TokenPair:
    """An old token was sent: its child once more, or the end of the session."""
    session = living_session(claims).first()
    if session is None:
        raise SessionEnded
    if claims.jti == session.previous_jti and timezone.now() - session.rotated_at <= settings.REFRESH_GRACE:
        return issue(session)
    end_session(session_id=session.pk, reason=Session.RevokedReason.REFRESH_REUSED)
    raise RefreshReused


def living_session(claims: Claims) -> QuerySet[Session]:
    return Session.objects.usable().filter(pk=claims.session_id, user_id=claims.user_id)


@write
def end_session(*, session_id: UUID, reason: Session.RevokedReason) -> None:
    """End a session at once: its access tokens stop working too. Ending it twice is no error."""
    Session.objects.living().filter(pk=session_id).update(revoked_at=timezone.now(), revoked_reason=reason)


@write
def end_sessions(*, user: User, reason: Session.RevokedReason) -> None:
    """End all of a user's sessions at once."""
    user.sessions.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_reason=reason)
