"""Links by which people of one's school become one's friends. Locks: as in `friends`, then the invitation."""

import hashlib
import secrets

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.exceptions import OwnContent
from accounts.models import User
from accounts.services.sanctions import refuse_sanctioned
from api.db import write
from timetable.exceptions import TooManyInvitations
from timetable.models import FriendInvitation, Friendship
from timetable.services.friends import befriend, lock_between, lock_pair, new_row, refuse_or_drop
from timetable.services.locks import lock_owner

MAX_INVITATIONS = 10


def hash_token(token: str) -> str:
    """What is kept of a token. It has 128 random bits, so that nobody tries them all."""
    return hashlib.sha256(token.encode()).hexdigest()


@write
def invite(*, user: User) -> tuple[FriendInvitation, str]:
    """Make an invitation. Its token is known now, and never again."""
    user = lock_owner(user)
    refuse_sanctioned(user.binding_sanctions)
    own = FriendInvitation.objects.filter(user=user)
    own.exclude(pk__in=list(own.living().values_list("pk", flat=True))).delete()
    if own.count() >= MAX_INVITATIONS:
        raise TooManyInvitations
    token = secrets.token_hex(16)
    return FriendInvitation.objects.create(user=user, token_hash=hash_token(token)), token


@write
def accept_invitation(*, user: User, token: str) -> Friendship:
    """Be friends with whoever made the link. 404 where there is none that `user` may use.

    One's own is OwnContent. For somebody who blocks `user` the friendship is dropped.
    """
    usable = FriendInvitation.objects.usable_by(user).filter(token_hash=hash_token(token))
    other = get_object_or_404(usable.select_related("user")).user
    if other == user:
        raise OwnContent
    lock_pair(user, other)
    dropped_for = refuse_or_drop(user, other)
    row = lock_between(user, other) or new_row(other, user)
    # It may have been taken back since it was looked up.
    if not FriendInvitation.objects.select_for_update().filter(token_hash=hash_token(token)).exists():
        raise Http404
    befriend(row, user, dropped_for)
    return row
