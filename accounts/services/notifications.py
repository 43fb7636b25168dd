"""Telling people, and what they have read. Notifications are locked last of all, after their user."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Notification, NotificationMute, User
from api import notifications
from api.db import write


@write
def notify(*, user: User | None, kind: str, target_kind: str, target_id: int, cause: int) -> None:
    """Tell somebody of a cause: at most once, though this may run any number of times.

    Nothing happens where they are gone, have switched the kind off, or may not see what caused it.
    """
    # Locked, so that one at a time tells a person, and they don't leave, or read a conversation, meanwhile.
    user = User.objects.select_for_update().filter(pk=user.pk).first() if user is not None else None
    if user is None or user.notification_mutes.filter(kind=kind).exists():
        return
    if not notifications.kinds()[kind].is_due(user, target_kind, target_id, cause):
        return
    now = timezone.now()
    row, new = Notification.objects.select_for_update().get_or_create(
        user=user,
        kind=kind,
        target_kind=target_kind,
        target_id=target_id,
        defaults={"first_cause": cause, "last_cause": cause, "at": now},
    )
    if not new and row.add_cause(cause, now):
        row.save(update_fields=["first_cause", "last_cause", "read_at", "at", "updated_at"])


@write
def mark_read(*, user: User, notification: Notification) -> None:
    """One notification is read. What is read stays read."""
    Notification.objects.filter(user=user, pk=notification.pk).mark_read()


@write
def mark_all_read(*, user: User, until: datetime | None = None) -> None:
    """Everything that one sees now is read; with `until`, what arrived up to that moment."""
    until = until or timezone.now()
    unread = Notification.objects.unread().filter(user=user, at__lte=until)
    # Looked up first: an update that asks for content by itself would lock it.
    seen = list(unread.visible_to(user).values_list("pk", flat=True))
    unread.filter(pk__in=seen).mark_read()


def mark_target_read(*, user_id: Any, kind: str, target_kind: str, target_id: int, up_to: int) -> None:
    """What somebody was told of a target is read, if they have read all of it elsewhere.

    Call it in the transaction of that reading: what arrives meanwhile waits, and then finds it read.
    """
    User.objects.select_for_update().filter(pk=user_id).first()
    of_target = {"kind": kind, "target_kind": target_kind, "target_id": target_id}
    Notification.objects.filter(user=user_id, last_cause__lte=up_to, **of_target).mark_read()


def get_switches(user: User) -> dict[str, bool]:
    """Each kind, and whether one is told of it."""
    muted = set(user.notification_mutes.values_list("kind", flat=True))
    return {kind: kind not in muted for kind in notifications.kinds()}


@write
def change_switches(*, user: User, changes: dict[str, bool]) -> None:
    """Switch kinds on and off. What one was told already stays."""
    for kind, wanted in changes.items():
        if wanted:
            NotificationMute.objects.filter(user=user, kind=kind).delete()
        else:
            NotificationMute.objects.get_or_create(user=user, kind=kind)


def tell(rows: Iterable[Notification], user: User) -> list[Notification]:
    """The notifications of a page with their `telling`, in a few queries a kind.

    Without those whose causes were taken away since the page was read.
    """
    by_kind: dict[str, list[Notification]] = defaultdict(list)
    for row in (rows := list(rows)):
        by_kind[row.kind].append(row)
    tellings: dict[int, notifications.Telling] = {}
    for kind, of_kind in by_kind.items():
        tellings |= notifications.kinds()[kind].tell(of_kind, user)
    told = [row for row in rows if row.pk in tellings]
    for row in told:
        row.telling = tellings[row.pk]  # type: ignore[attr-defined]
    return told
