"""A person's timetables: several a semester, the first of them primary until another is chosen."""

import re
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.db import write
from api.errors import does_not_exist, invalid
from api.text import fold
from timetable.exceptions import TooManyTimetables
from timetable.models import Semester, Timetable, TimetableEntry
from timetable.services.counters import counting_savers
from timetable.services.entries import copy_entries, lecture_ids
from timetable.services.locks import lock_owner, lock_timetable

MAX_TIMETABLES = 20
NAME_LENGTH = 30


@write
def create_timetable(*, user: User, semester: Semester, name: str | None = None, **fields: Any) -> Timetable:
    """Make a timetable, the primary one if it is the first. Without a name it gets a free one."""
    user = lock_owner(user)
    if not Semester.objects.visible_to(user).filter(pk=semester.pk).exists():
        raise does_not_exist("semester")
    names = (gettext("Timetable %(number)d") % {"number": number} for number in count(1))
    return insert_timetable(user, semester.pk, name, names, **fields)


@write
def copy_timetable(*, user: User, timetable: Timetable, name: str | None = None) -> Timetable:
    """Make another of the same semester with the same entries: private, unshared and not primary."""
    user = lock_owner(user)
    names = names_after(timetable.name)
    # Before its entries' lectures are locked: inserting it locks the semester.
    copy = insert_timetable(user, timetable.semester_id, name, names, theme=timetable.theme)
    copy_entries(lock_timetable(timetable.pk), copy)
    return copy


@write
def update_timetable(*, user: User, timetable: Timetable, changes: dict[str, Any]) -> Timetable:
    """Change name, visibility or theme. A name that one has in the semester already is a 400 `unique`."""
    lock_owner(user)
    timetable = lock_timetable(timetable.pk)
    if "name" in changes:
        refuse_taken(of_semester(user, timetable.semester_id).exclude(pk=timetable.pk), changes["name"])
    for attr, value in changes.items():
        setattr(timetable, attr, value)
    timetable.save(update_fields=[*changes, "name_key", "updated_at"])
    return timetable


@write
def choose_primary(*, user: User, timetable: Timetable) -> None:
    """Make a timetable the primary one of its semester."""
    lock_owner(user)
    move_primary(of_semester(user, timetable.semester_id), lock_timetable(timetable.pk))


@write
def delete_timetable(*, user: User, timetable: Timetable) -> None:
    """Delete a timetable. The oldest one left becomes primary if this one was."""
    lock_owner(user)
    timetable = lock_timetable(timetable.pk)
    siblings = of_semester(user, timetable.semester_id)
    heir = siblings.exclude(pk=timetable.pk).order_by("pk").first()
    # Before any lecture is locked: it changes another timetable.
    if timetable.is_primary and heir is not None:
        move_primary(siblings, heir)
    with counting_savers(user.pk, lecture_ids(timetable.entries.all())):
        timetable.delete()


def delete_timetables(user: User) -> None:
    """Delete all that somebody has who leaves, and count them out of what they had. The user is locked."""
    timetables = Timetable.objects.select_for_update().filter(user=user).order_by("pk")
    own = [timetable.pk for timetable in timetables]
    entries = TimetableEntry.objects.filter(timetable__in=own)
    with counting_savers(user.pk, lecture_ids(entries)):
        Timetable.objects.filter(pk__in=own).delete()


def of_semester(user: User, semester_id: int) -> QuerySet[Timetable]:
    """All that somebody has in a semester, to be read under that person's lock."""
    return Timetable.objects.filter(user=user, semester=semester_id)


def insert_timetable(
    user: User, semester_id: int, name: str | None, names: Iterable[str], **fields: Any
) -> Timetable:
    """Insert a timetable with this name, or with the first free one of `names`."""
    siblings = of_semester(user, semester_id)
    number = siblings.count()
    if number >= MAX_TIMETABLES:
        raise TooManyTimetables
    if name is None:
        name = free_name(siblings, names)
    refuse_taken(siblings, name)
    primary = None if number else True
    return Timetable.objects.create(user=user, semester_id=semester_id, name=name, primary=primary, **fields)


def refuse_taken(others: QuerySet[Timetable], name: str) -> None:
    if others.filter(name_key=name).exists():
        raise invalid("name", _("You have a timetable of this name in this semester."), "unique")


def free_name(siblings: QuerySet[Timetable], names: Iterable[str]) -> str:
    """The first of `names`, which never end, that none of the timetables has."""
    taken = set(siblings.values_list("name_key", flat=True))
    return next(name for name in names if fold(name) not in taken)


def names_after(name: str) -> Iterable[str]:
    """`시간표 (2)`, `시간표 (3)` … after `시간표`, cut where they would be too long."""
    stem = re.sub(r" \(\d+\)\Z", "", name)
    for number in count(2):
        suffix = f" ({number})"
        yield stem[: NAME_LENGTH - len(suffix)].rstrip() + suffix


def move_primary(siblings: QuerySet[Timetable], timetable: Timetable) -> None:
    """Make one of `siblings` the primary one: never two at a time, not even within the transaction."""
    siblings.exclude(pk=timetable.pk).filter(primary=True).update(primary=None)
    siblings.filter(pk=timetable.pk).update(primary=True)
