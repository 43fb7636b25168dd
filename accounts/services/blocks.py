"""Blocking surfaces: see `Block`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.exceptions import OwnContent
from accounts.models import Block, User
from accounts.services.users import lock_people
from api.db import write
from api.errors import does_not_exist, invalid
from api.targets import Blockable, Surface
from api.ties import cut_ties


@write
def block_user(*, user: User, blocked: User) -> Block:
    """Block a person by the name. Raises OwnContent for oneself."""
    if blocked == user:
        raise OwnContent
    return make_block(user, Surface(user=blocked))


@write
def block_through(*, user: User, target: Blockable, row: Any) -> Block:
    """Block whoever stands behind something, as it shows them.

    Raises OwnContent for what one made oneself, and a 400 `withdrawn` where the person it named is gone.
    """
    if target.is_own(row, user):
        raise OwnContent
    surface = target.surface(row)
    if surface is None:
        raise invalid(target.kind, _("Who wrote this is gone."), "withdrawn")
    return make_block(user, surface)


def make_block(user: User, surface: Surface) -> Block:
    """Blocking a surface again changes nothing. A 400 where a person named has left meanwhile.

    A block of a person ends what there is between the two. One of a label or a conversation never does.
    """
    if surface.user and surface.user.pk not in lock_people(user, surface.user):
        raise does_not_exist("user")
    block, _made = Block.objects.get_or_create(
        blocker=user,
        user=surface.user,
        target_kind=surface.target_kind,
        target_id=surface.target_id,
        number=surface.number,
    )
    if surface.user:
        cut_ties(user, surface.user)
    return block


@write
def lift_block(*, block: Block) -> None:
    """Lift this block alone: another of the same person stays."""
    block.delete()
