from typing import Any

from accounts.exceptions import NotModerator, NotStaff, Sanctioned, VerificationRequired
from accounts.models import User
from accounts.services.sanctions import refuse_sanctioned
from api.permissions import Permission


class MayWrite(Permission):
    """Making and changing content takes a verified school, and no sanction."""

    errors = (VerificationRequired, Sanctioned)

    def check(self, user: User, obj: Any = None) -> None:
        if not user.is_verified:
            raise VerificationRequired
        if obj is None:  # once a request
            refuse_sanctioned(user.binding_sanctions)


class IsModerator(Permission):
    """The moderators of a school, and staff."""

    errors = (NotModerator,)

    def check(self, user: User, obj: Any = None) -> None:
        if not (user.is_moderator or user.is_staff):
            raise NotModerator


class IsStaff(Permission):
    """The operators."""

    errors = (NotStaff,)

    def check(self, user: User, obj: Any = None) -> None:
        if not user.is_staff:
            raise NotStaff
