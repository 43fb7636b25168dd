"""Handing a board over: its manager offers it to someone of the school, who accepts or declines.

There is one offer at a time. It ends with its answer, another offer, the manager's change by other means,
and the board. Lock order: the board, then the person.
"""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.db import write
from api.errors import does_not_exist, invalid
from api.tasks import enqueue, moment
from board.exceptions import NoOffer
from board.models import Board
from board.services.boards import lock_board, lock_managed
from board.services.notifications import tell_of_offer


@write
def offer_board(*, user: User, board: Board, to: User) -> None:
    """Offer a board that one manages, in place of an earlier offer."""
    board = lock_managed(user, board)
    receiver = lock_member(board, to)
    if receiver is None:
        raise does_not_exist("user")
    if receiver.pk == board.manager_id:
        raise invalid("user", _("They manage this board already."), "already_manager")
    set_offer(board, receiver)
    enqueue(tell_of_offer, board.pk, moment(timezone.now()))


@write
def take_offer_back(*, user: User, board: Board) -> None:
    """End the offer of a board that one manages, if there is one."""
    set_offer(lock_managed(user, board), None)


@write
def accept_board(*, user: User, board: Board) -> None:
    """Manage a board from now on. NoOffer where it is not, or no longer, offered to oneself."""
    board = lock_offered(user, board)
    receiver = lock_member(board, user)
    if receiver is None:
        raise Http404
    board.manager, board.offered_to = receiver, None
    board.save(update_fields=["manager", "offered_to", "updated_at"])


@write
def decline_board(*, user: User, board: Board) -> None:
    """End an offer to oneself. NoOffer where there is none."""
    set_offer(lock_offered(user, board), None)


def lock_offered(user: User, board: Board) -> Board:
    board = lock_board(board)
    if board.offered_to_id != user.pk:
        raise NoOffer
    return board


def lock_member(board: Board, user: User) -> User | None:
    """Someone of the board's school, who neither leaves nor moves until we are done; None if they are not."""
    members = User.objects.select_for_update().filter(school=board.school_id, is_active=True)
    return members.filter(pk=user.pk).first()


def set_offer(board: Board, receiver: User | None) -> None:
    board.offered_to = receiver
    board.save(update_fields=["offered_to", "updated_at"])
