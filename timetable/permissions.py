from accounts.models import User
from api.permissions import Permission
from timetable.exceptions import NotAsked, NotAsker
from timetable.models import Friendship


class IsAsked(Permission):
    """Only who was asked answers a friend request."""

    errors = (NotAsked,)

    def check(self, user: User, obj: Friendship | None = None) -> None:
        if obj is not None and obj.asked_id != user.pk:
            raise NotAsked


class HasAsked(Permission):
    """Only who sent a friend request takes it back."""

    errors = (NotAsker,)

    def check(self, user: User, obj: Friendship | None = None) -> None:
        if obj is not None and obj.asker_id != user.pk:
            raise NotAsker
