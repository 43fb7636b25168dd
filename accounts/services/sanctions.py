"""Sanctions: giving, lifting, and what they keep people from. Lock order: the user last."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.addresses import address_key
from accounts.authors import named_author
from accounts.exceptions import OwnContent, Sanctioned
from accounts.models import AuditLog, ModerationCase, Sanction, User
from accounts.services.audit import record_act
from api import targets
from api.db import write
from api.errors import does_not_exist
from api.targets import Reportable

FOR_GOOD = datetime.max.replace(tzinfo=UTC)
NOBODY = UUID(int=0)


@write
def sanction_through(*, user: User, target_kind: str, target_id: int, **terms: Any) -> Sanction:
    """Sanction whoever wrote something, without learning who that is.

    A 400 for what is neither open to `user` nor in a case they may see; OwnContent.
    """
    target = targets.reportable(target_kind)
    row = target.rows().filter(pk=target_id).first()
    if row is None or not may_act_on(user, target, row):
        raise does_not_exist("target_id")
    return give_sanction(user=user, target=target, row=row, **terms)


def may_act_on(user: User, target: Reportable, row: Any) -> bool:
    cases = ModerationCase.objects.visible_to(user).filter(target_kind=target.kind, target_id=row.pk)
    return target.open_to(user).filter(pk=row.pk).exists() or cases.exists()


@write
def give_sanction(*, user: User, target: Reportable, row: Any, **terms: Any) -> Sanction:
    """Sanction whoever wrote `row`: nobody at all where they have left, and the answer is the same."""
    return make_sanction(
        user,
        target.writer(row),
        target_kind=target.kind,
        target_id=str(row.pk),
        school_id=target.school_id(row),
        **terms,
    )


@write
def sanction_user(*, user: User, sanctioned: User, **terms: Any) -> Sanction:
    """Sanction somebody by name. Raises OwnContent for oneself."""
    return make_sanction(
        user,
        sanctioned,
        target_kind=Sanction.USER,
        target_id=str(sanctioned.pk),
        school_id=sanctioned.school_id,
        **terms,
    )


def make_sanction(user: User, sanctioned: User | None, **fields: Any) -> Sanction:
    if sanctioned == user:
        raise OwnContent
    # Locked, or nobody, also where they are just leaving: one statement either way, so no time tells.
    sanctioned = User.objects.select_for_update().filter(pk=sanctioned.pk if sanctioned else NOBODY).first()
    sanction = Sanction.objects.create(
        user=sanctioned,
        address_key="" if sanctioned is None else address_key(sanctioned.email_key),
        issued_by=user,
        **fields,
    )
    record_act(
        actor=user,
        act=AuditLog.Act.SANCTION,
        kind=sanction.target_kind,
        target_id=sanction.target_id,
        school_id=sanction.school_id,
        reason=describe(sanction),
    )
    return sanction


def describe(sanction: Sanction) -> str:
    """A sanction in one line of the audit log: `no_writing until 2026-03-02T09:00:00+09:00: abuse`."""
    term = "for good" if sanction.until is None else f"until {local_iso(sanction.until)}"
    return f"{sanction.kind} {term}: {sanction.reason}"


@write
def lift_sanction(*, user: User, sanction: Sanction) -> None:
    """End a sanction before its time. Lifting it again changes nothing."""
    sanction = Sanction.objects.select_for_update().get(pk=sanction.pk)
    if sanction.lifted_at is not None:
        return
    sanction.lifted_at, sanction.lifted_by = timezone.now(), user
    sanction.save(update_fields=["lifted_at", "lifted_by", "updated_at"])
    record_act(
        actor=user,
        act=AuditLog.Act.LIFT,
        kind="sanction",
        target_id=sanction.pk,
        school_id=sanction.school_id,
    )


def refuse_sanctioned(sanctions: Iterable[Sanction]) -> None:
    """Raise Sanctioned for the longest of these; do nothing where there is none."""
    longest = max(sanctions, key=lambda sanction: sanction.until or FOR_GOOD, default=None)
    if longest is not None:
        until = longest.until and local_iso(longest.until)
        raise Sanctioned(meta={"until": until, "reason": longest.reason})


@write
def bind_newcomer(*, user: User, email: str = "") -> None:
    """What bound the last holder of this address, who withdrew, binds the new one from here on.

    That is the address that verified the school, or the account's where an operator verified it.

    Call it once a school is verified. Before that anybody may have typed the address, and could learn by
    it what became of its holder.
    """
    living = Sanction.objects.living()
    living.filter(user=None, address_key=address_key(email or user.email)).update(user=user)


def local_iso(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()


def attach_authors(sanctions: Sequence[Any]) -> None:
    """Give sanctions `author`: whom readers see behind what each was given through; one query a kind."""
    rows = targets.find_rows(
        (sanction.target_kind, int(sanction.target_id))
        for sanction in sanctions
        if sanction.target_kind != Sanction.USER
    )
    named = [UUID(sanction.target_id) for sanction in sanctions if sanction.target_kind == Sanction.USER]
    users = User.objects.in_bulk(named) if named else {}
    for sanction in sanctions:
        if sanction.target_kind == Sanction.USER:
            sanction.author = named_author(users.get(UUID(sanction.target_id)))
            continue
        row = rows.get((sanction.target_kind, int(sanction.target_id)))
        sanction.author = row and targets.reportable(sanction.target_kind).author(row)
