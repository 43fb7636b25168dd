"""Opening, changing, deleting and pinning boards."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.writing import recheck_writer
from api.db import write
from api.errors import invalid
from api.targets import State
from board.exceptions import (
    AnonymityLocked,
    BoardActive,
    NoSchool,
    NoticeNotAllowed,
    NotManager,
    TooManyPins,
)
from board.models import Board, PinnedBoard, Post
from board.models.boards import SILENCE

MAX_PINS = 100


def name_taken() -> Exception:
    return invalid("name", _("There is a board of this name already."), "unique")


@write
def create_board(*, user: User, **fields: Any) -> Board:
    """Open a board in one's own school, and manage it. A taken name is a 400 `unique`."""
    if user.school_id is None:
        raise NoSchool
    try:
        with transaction.atomic():
            board = Board.objects.create(school_id=user.school_id, manager=user, **fields)
    except IntegrityError:
        raise name_taken() from None
    recheck_writer(user, board.school_id)
    return board


def lock_board(board: Board) -> Board:
    """The board as it is now, locked; 404 where it has been deleted."""
    board = Board.objects.select_for_update().get(pk=board.pk)
    if board.is_deleted:
        raise Http404
    return board


def lock_managed(user: User, board: Board) -> Board:
    """The board, locked; NotManager where somebody else manages it by now."""
    board = lock_board(board)
    if not board.managed_by(user):
        raise NotManager
    return board


@write
def update_board(*, user: User, board: Board, changes: dict[str, Any]) -> Board:
    """Change a board. With another manager, what the last one offered is no longer theirs to give."""
    board = lock_managed(user, board)
    if "anonymity" in changes and not board.may_become(changes["anonymity"]):
        raise AnonymityLocked
    if "manager" in changes:
        changes = changes | {"offered_to": None}
    for attr, value in changes.items():
        setattr(board, attr, value)
    try:
        with transaction.atomic():
            board.save(update_fields=[*changes, "name_key", "updated_at"])
    except IntegrityError:
        raise name_taken() from None
    return board


@write
def delete_board(*, user: User, board: Board) -> None:
    """Staff delete at once, a manager after 14 days without a post. The posts stay, out of sight."""
    board = Board.objects.select_for_update().get(pk=board.pk)
    if not board.managed_by(user):
        raise NotManager
    now = timezone.now()
    if not user.is_staff and not board.is_silent(now):
        until = (board.last_post_at or board.created_at) + SILENCE
        raise BoardActive(meta={"until": timezone.localtime(until).isoformat()})
    board.deleted_at, board.offered_to = board.deleted_at or now, None
    board.save(update_fields=["deleted_at", "name_key", "offered_to", "updated_at"])


@write
def set_notice(*, user: User, board: Board, post: Post) -> None:
    """Put a named post of the board above its list."""
    board = lock_managed(user, board)
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.board_id != board.pk or post.is_anonymous or post.state != State.LIVING:
        raise NoticeNotAllowed
    board.notice = post
    board.save(update_fields=["notice", "updated_at"])


@write
def remove_notice(*, user: User, board: Board) -> None:
    board = lock_managed(user, board)
    Board.objects.filter(pk=board.pk).update(notice=None)


@write
def pin_board(*, user: User, board: Board) -> PinnedBoard:
    """Put a board at the end of one's own list; it stays where it is if it is there already."""
    lock_pins(user, [board])
    pins = PinnedBoard.objects.filter(user=user)
    pin = pins.filter(board=board).first()
    if pin is not None:
        return pin
    if pins.filter(board__in=Board.objects.visible_to(user)).count() >= MAX_PINS:
        raise TooManyPins
    last = pins.aggregate(last=Max("position"))["last"]
    return PinnedBoard.objects.create(user=user, board=board, position=0 if last is None else last + 1)


@write
def unpin_board(*, user: User, board: Board) -> None:
    PinnedBoard.objects.filter(user=user, board=board).delete()


@write
def replace_pins(*, user: User, boards: list[Board]) -> None:
    """Make one's own list exactly these boards, in this order."""
    lock_pins(user, boards)
    PinnedBoard.objects.filter(user=user).delete()
    PinnedBoard.objects.bulk_create(
        PinnedBoard(user=user, board=board, position=position) for position, board in enumerate(boards)
    )


def lock_pins(user: User, boards: list[Board]) -> None:
    """One change of a person's pins at a time, so that positions neither tie nor jump.

    The boards first, then the person, as writing a post does: the other way round the two deadlock.
    """
    list(Board.objects.select_for_update().filter(pk__in=[board.pk for board in boards]).order_by("pk"))
    User.objects.select_for_update().get(pk=user.pk)
