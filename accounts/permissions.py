from typing import Any

from accounts.exceptions import (
    NotAuthor,
    NotModerator,
    NotStaff,
    OwnContent,
    Sanctioned,
    VerificationRequired,
)
from accounts.models import User
from accounts.models.writing import Writing
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


class IsAuthor(Permission):
    """Only the author edits and deletes."""

    errors = (NotAuthor,)

    def check(self, user: User, obj: Writing | None = None) -> None:
        if obj is not None and not obj.is_written_by(user):
            raise NotAuthor


class IsNotAuthor(Permission):
    """Nobody likes what they wrote."""

    errors = (OwnContent,)

    def check(self, user: User, obj: Writing | None = None) -> None:
        if obj is not None and obj.is_written_by(user):
            raise OwnContent


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
