"""Friends, and how people become so. Lock order: both people, by their ids, then what is between them.

What one does into the other's block runs the same statements as anything else, and is dropped for the other.
"""

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from accounts.models import Block, User
from accounts.services.sanctions import refuse_sanctioned
from accounts.services.users import lock_people
from api.db import write
from api.errors import does_not_exist
from api.tasks import enqueue
from timetable.exceptions import AlreadyFriends, TooManyFriendRequests, TooManyFriends, YouBlockThem
from timetable.models import Friendship
from timetable.models.friends import mates, pair_key
from timetable.services.notifications import tell_of_friend, tell_of_friend_request

MAX_FRIENDS = 500
MAX_SENT = 100


@write
def ask_friend(*, user: User, other: User) -> Friendship:
    """Ask somebody to be friends. Where they have asked too, both are friends from now on.

    Asking again is the same request. It reaches who has lifted the block that it was dropped for.
    """
    try:
        lock_pair(user, other)
    except Http404:
        raise does_not_exist("username") from None
    dropped_for = refuse_or_drop(user, other)
    row = lock_between(user, other)
    if row is None or (row.accepted_at is None and row.asker_id == user.pk):
        row = keep_request(row, user, other, dropped_for)
    else:
        befriend(row, user, dropped_for)
    return row


@write
def accept_request(*, user: User, request: Friendship) -> None:
    """Be friends with who asked, and note that on `request`. 404 where it has gone meanwhile."""
    lock_pair(user, request.other(user))
    dropped_for = refuse_or_drop(user, request.other(user))
    row = lock_between(user, request.other(user))
    if row is None or row.accepted_at is not None or not is_asked(row, user):
        raise Http404
    befriend(row, user, dropped_for)
    request.accepted_at = row.accepted_at


@write
def decline_request(*, user: User, request: Friendship) -> None:
    """Nothing is left of it: the other may ask again."""
    delete(Q(pk=request.pk, asked=user, accepted_at=None) & ~Q(dropped_for=user))


@write
def take_request_back(*, user: User, request: Friendship) -> None:
    delete(Q(pk=request.pk, asker=user, accepted_at=None))


@write
def remove_friend(*, friendship: Friendship) -> None:
    """Neither is the other's friend any more. The other is not told."""
    delete(Q(pk=friendship.pk, accepted_at__isnull=False))


@write
def call_friend(*, user: User, friendship: Friendship, display_name: str) -> None:
    """Call a friend by a name of one's own choice; by none for the nickname."""
    field = f"{friendship.side(user)}_calls"
    Friendship.objects.filter(pk=friendship.pk).update(**{field: display_name})


def cut(blocker: User, blocked: User) -> None:
    """What a block by name ends. To the blocked one it looks as if the other had removed them as a friend,
    or taken a request back; a request of their own goes on waiting for an answer.
    """
    row = lock_between(blocker, blocked)
    if row is None or row.dropped_for_id == blocker.pk:
        return
    if row.accepted_at is None and row.asker_id == blocked.pk:
        row.dropped_for = blocker
        row.save(update_fields=["dropped_for", "updated_at"])
    else:
        row.delete()


def lock_pair(user: User, other: User) -> None:
    """Lock two people of one school: 404 where they are not, or not any more. Sanctioned where `user` is."""
    locked = lock_people(user, other)
    if user.pk not in locked or not mates(locked[user.pk]).filter(pk=other.pk).exists():
        raise Http404
    refuse_sanctioned(locked[user.pk].binding_sanctions)


def lock_between(user: User, other: User) -> Friendship | None:
    return Friendship.objects.select_for_update().between(user.pk, other.pk).first()


def refuse_or_drop(user: User, other: User) -> User | None:
    """For whom what `user` does is dropped: `other` where they block `user`. The two are locked.

    Raises YouBlockThem, and TooManyFriends where either can have no more.
    """
    blocks = Block.objects.filter(blocker__in=(user, other), user__in=(user, other))
    blockers = set(blocks.values_list("blocker", flat=True))
    if user.pk in blockers:
        raise YouBlockThem
    between = pair_key(user.pk, other.pk)
    for person in (user, other):
        friends = Friendship.objects.visible_to(person).accepted().exclude(pair_key=between)
        if friends.count() >= MAX_FRIENDS:
            raise TooManyFriends
    return other if other.pk in blockers else None


def is_asked(row: Friendship, user: User) -> bool:
    """Whether it is a request to `user`, and one that reached them."""
    return row.asked_id == user.pk and row.dropped_for_id != user.pk


def keep_request(row: Friendship | None, user: User, other: User, dropped_for: User | None) -> Friendship:
    """Make a request, or leave one that is there. Who is told of it twice hears of it once."""
    if row is None:
        if Friendship.objects.pending().filter(asker=user).count() >= MAX_SENT:
            raise TooManyFriendRequests
        row = new_row(user, other)
    row.dropped_for = dropped_for
    row.save()
    enqueue(tell_of_friend_request, row.pk)
    return row


def new_row(asker: User, asked: User) -> Friendship:
    return Friendship(asker=asker, asked=asked, pair_key=pair_key(asker.pk, asked.pk))


def befriend(row: Friendship, user: User, dropped_for: User | None) -> None:
    """`user` agrees to what the other has asked or offered already, and the other is told.

    A friendship that was dropped for `user` becomes a real one, which to the other it was all along.
    """
    is_news = row.accepted_at is None
    if not is_news and row.dropped_for_id != user.pk:
        raise AlreadyFriends
    row.accepted_at = row.accepted_at or timezone.now()
    row.dropped_for = dropped_for
    row.save()
    if is_news:
        enqueue(tell_of_friend, row.pk, int(row.asker_id != user.pk))


def delete(condition: Q) -> None:
    """Delete what is between two people if it is still so; 404 where it is not."""
    deleted, _rows = Friendship.objects.filter(condition).delete()
    if not deleted:
        raise Http404
