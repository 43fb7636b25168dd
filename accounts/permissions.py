from typing import Any

from accounts.exceptions import VerificationRequired
from accounts.models import User
from api.permissions import Permission


class MayWrite(Permission):
    """Making and changing content takes a verified school."""

    errors = (VerificationRequired,)

    def check(self, user: User, obj: Any = None) -> None:
        if not user.is_verified:
            raise VerificationRequired
