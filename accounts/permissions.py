from typing import Any

from rest_framework.request import Request

from accounts.exceptions import VerificationRequired
from api.permissions import Permission


class MayWrite(Permission):
    """Making and changing content takes a verified school."""

    errors = (VerificationRequired,)

    def check(self, request: Request, view: Any, obj: Any = None) -> None:
        if not request.user.is_verified:
            raise VerificationRequired
