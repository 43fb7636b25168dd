"""Signing in, refreshing, signing out, and being told of a new device."""

from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError

from accounts.exceptions import (
    InvalidCredentials,
    LockedOut,
    RefreshExpired,
    RefreshInvalid,
    RefreshMissing,
    RefreshReused,
    SessionEnded,
)
from accounts.models import Sanction, Session, User
from accounts.models.notifications import random_id
from accounts.services.floods import digest
from accounts.services.notifications import notify
from accounts.services.sanctions import refuse_sanctioned
from accounts.tokens import Claims, TokenPair, issue, read_refresh
from api.db import write
from api.slots import Slots
from api.tasks import enqueue
from api.text import fold


def verify_credentials(*, identifier: str, password: str, network: str = "") -> User:
    """The user with this username or e-mail address and password; InvalidCredentials otherwise.

    Whatever is wrong, one password is hashed, so that the time tells nothing either. Who may not sign in
    is told so (Sanctioned), once the password was right. LockedOut after too many tries from one network.
    """
    tries = tries_of(identifier, network)
    if not tries.take():
        raise LockedOut(wait=tries.wait())
    user = User.objects.identified_by(identifier).select_related("school").first()
    if user is None:
        make_password(password)
        raise InvalidCredentials
    if not user.check_password(password) or not user.is_active:
        raise InvalidCredentials
    tries.free()
    refuse_sanctioned(user.binding_sanctions.filter(kind=Sanction.Kind.NO_SIGN_IN))
    return user


def tries_of(identifier: str, network: str) -> Slots:
    """How often one network may try passwords at one name.

    A name that nobody has is one like any. Username and e-mail address count apart: together they would tell
    that they are one person's. A try takes its slot before the password is looked at, so that many at once
    are counted, and a right one gives them all back.
    """
    key = f"tries:{digest('tries', fold(identifier), network)}"
    return Slots(key, settings.LOCKOUT_TRIES, settings.LOCKOUT_TIME.total_seconds())


@write
def start_session(*, user: User, device: str = "", address: str | None = None) -> Session:
    """Sign in a device. Its owner is told of one that they have not signed in on before.

    InvalidCredentials where the password is not the one any more that `user` was loaded with.
    """
    now = timezone.now()
    session = Session.objects.create(
        user=user,
        jti=uuid4().hex,
        rotated_at=now,
        device=device,
        address=address,
        last_used_at=now,
        notice_id=random_id() if is_new_device(user, device) else None,
    )
    # The new row's foreign key has locked the user: another password waits for us, or is seen here.
    if not User.objects.filter(pk=user.pk, password=user.password).exists():
        raise InvalidCredentials
    if session.notice_id is not None:
        enqueue(tell_of_new_device, session.notice_id)
    return session


def is_new_device(user: User, device: str) -> bool:
    """Whether other sessions are known, and none of them is of this device. The first one is no news."""
    return user.sessions.exists() and not user.sessions.filter(device=device).exists()


@task
def tell_of_new_device(notice_id: int) -> None:
    """Tell whoever signed in there, or whose password somebody else has."""
    session = Session.objects.select_related("user").filter(notice_id=notice_id).first()
    if session is not None:
        notify(
            user=session.user,
            kind="new_device",
            target_kind="session",
            target_id=notice_id,
            cause=notice_id,
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
    Session.objects.filter(pk=session_id).end(reason)


@write
def end_sessions(*, user: User, reason: Session.RevokedReason, besides: Session | None = None) -> None:
    """End all of a user's sessions at once, but for one."""
    sessions = user.sessions.all() if besides is None else user.sessions.exclude(pk=besides.pk)
    sessions.end(reason)


@write
def end_sessions_of(*, people: QuerySet[User]) -> int:
    """End all sessions of many people at once, for an operator, and say how many lived."""
    return Session.objects.filter(user__in=people).end(Session.RevokedReason.BY_OPERATOR)
