from typing import Any

from accounts.exceptions import VerificationRequired
from accounts.models import User
from api.permissions import Permission
from board.exceptions import NotManager, NotModerator
from board.models import Board, Comment, Post


def board_of(obj: Any) -> Board:
    if isinstance(obj, Board):
        return obj
    return obj.post.board if isinstance(obj, Comment) else obj.board


class MayRead(Permission):
    """Some boards' posts are for verified users alone."""

    errors = (VerificationRequired,)

    def check(self, user: User, obj: Post | Comment | None = None) -> None:
        if obj is not None and not board_of(obj).readable_by(user):
            raise VerificationRequired


class ManagesBoard(Permission):
    errors = (NotManager,)

    def check(self, user: User, obj: Board | None = None) -> None:
        if obj is not None and not obj.managed_by(user):
            raise NotManager


class ModeratesBoard(Permission):
    """Hiding is for the board's manager, the school's moderators and staff; of others' content alone."""

    errors = (NotModerator,)

    def check(self, user: User, obj: Post | Comment | None = None) -> None:
        if obj is not None and (obj.is_written_by(user) or not board_of(obj).moderated_by(user)):
            raise NotModerator
