"""The kinds of notification that friends cause. All of them are under a name."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.authors import named_author
from accounts.models import Notification, User
from api.notifications import NotificationKind, Telling
from timetable.models import Friendship
from timetable.models.friends import FriendshipQuerySet
from timetable.services.notifications import FRIENDSHIP


class FriendKind(NotificationKind):
    """About one friendship or request: the target and the only cause."""

    target_kinds = (FRIENDSHIP,)

    def seen_by(self, user: User) -> FriendshipQuerySet:
        raise NotImplementedError

    def causes(self, user: User, target_kind: str, target: Any, first: Any, last: Any) -> FriendshipQuerySet:
        return self.seen_by(user).filter(pk=target)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        found = self.seen_by(user).with_people().in_bulk([row.target_id for row in rows])
        return {row.pk: self.telling(found[row.target_id], user) for row in rows if row.target_id in found}

    def telling(self, friendship: Friendship, user: User) -> Telling:
        raise NotImplementedError


class FriendRequestKind(FriendKind):
    """Somebody asks to be one's friend, until it is answered or taken back."""

    kind = "friend_request"
    label = _("friend requests")

    def seen_by(self, user: User) -> FriendshipQuerySet:
        return Friendship.objects.visible_to(user).pending().filter(asked=user)

    def telling(self, friendship: Friendship, user: User) -> Telling:
        author = named_author(friendship.asker)
        text = gettext("%(who)s wants to be your friend.") % {"who": author["display_name"]}
        return Telling(text=text, author=author, where={"friend_request": friendship.pk})


class FriendAcceptedKind(FriendKind):
    """Somebody accepted one's request or invitation, while they are friends."""

    kind = "friend_accepted"
    label = _("accepted friend requests")

    def seen_by(self, user: User) -> FriendshipQuerySet:
        return Friendship.objects.visible_to(user).accepted()

    def telling(self, friendship: Friendship, user: User) -> Telling:
        author = named_author(friendship.other(user))
        text = gettext("%(who)s is your friend now.") % {"who": author["display_name"]}
        return Telling(text=text, author=author)


KINDS = (FriendRequestKind(), FriendAcceptedKind())
