from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.exceptions import VerificationRequired
from api.permissions import Permission
from board.exceptions import NotAuthor, NotManager, NotModerator, OwnContent
from board.models import Board, Comment, Post


def board_of(obj: Any) -> Board:
    if isinstance(obj, Board):
        return obj
    return obj.post.board if isinstance(obj, Comment) else obj.board


class MayRead(Permission):
    """Some boards' posts are for verified users alone."""

    errors = (VerificationRequired,)

    def check(self, request: Request, view: Any, obj: Post | Comment | None = None) -> None:
        if obj is not None and not board_of(obj).readable_by(request.user):
            raise VerificationRequired


class IsAuthorOrReadOnly(Permission):
    """Only the author edits and deletes."""

    errors = (NotAuthor,)

    def check(self, request: Request, view: Any, obj: Post | Comment | None = None) -> None:
        if obj is None or request.method in SAFE_METHODS:
            return
        if not obj.is_written_by(request.user):
            raise NotAuthor


class IsNotAuthor(Permission):
    """Nobody likes what they wrote."""

    errors = (OwnContent,)

    def check(self, request: Request, view: Any, obj: Post | Comment | None = None) -> None:
        if obj is not None and obj.is_written_by(request.user):
            raise OwnContent


class ManagesBoard(Permission):
    errors = (NotManager,)

    def check(self, request: Request, view: Any, obj: Board | None = None) -> None:
        if obj is not None and not obj.managed_by(request.user):
            raise NotManager


class ModeratesBoard(Permission):
    """Hiding is for the board's manager, the school's moderators and staff."""

    errors = (NotModerator,)

    def check(self, request: Request, view: Any, obj: Post | Comment | None = None) -> None:
        if obj is not None and not board_of(obj).moderated_by(request.user):
            raise NotModerator
