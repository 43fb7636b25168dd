"""What is in a timetable: lectures, and things of one's own. No two of them clash."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.db import write
from api.errors import does_not_exist, invalid
from timetable.exceptions import Clash, LectureCancelled, TooManyEntries
from timetable.models import EntryTime, Lecture, Timetable, TimetableEntry
from timetable.models.lectures import meeting_fields
from timetable.services.counters import counting_savers
from timetable.services.locks import lock_lectures, lock_timetable
from timetable.times import Meets, clash

MAX_ENTRIES = 60


class OnConflict(models.TextChoices):
    """What to do about entries in the way."""

    REFUSE = "refuse", _("refuse")
    REPLACE = "replace", _("replace")


@write
def add_lecture(
    *, timetable: Timetable, lecture: Lecture, on_conflict: str = OnConflict.REFUSE, **fields: Any
) -> TimetableEntry:
    """Put a lecture of the timetable's semester into it, once."""
    timetable = lock_timetable(timetable.pk)
    if lecture.semester_id != timetable.semester_id:
        raise invalid("lecture", _("This lecture is of another semester."), "other_semester")
    if timetable.entries.filter(lecture=lecture).exists():
        raise invalid("lecture", _("This lecture is in the timetable already."), "unique")
    with counting_savers(timetable.user_id, {lecture.pk} | replaceable(timetable, on_conflict)) as lectures:
        # Read under its lock: what an import changes from here on is news to the owner.
        current = lectures.get(lecture.pk)
        if current is None:
            raise does_not_exist("lecture")
        if current.is_cancelled:
            raise LectureCancelled
        make_room(timetable, list(current.times.all()), on_conflict)
        return insert_entry(timetable, lecture=current, **fields)


@write
def add_own(
    *, timetable: Timetable, times: Sequence[Meets], on_conflict: str = OnConflict.REFUSE, **fields: Any
) -> TimetableEntry:
    """Put something of one's own into a timetable."""
    timetable = lock_timetable(timetable.pk)
    with counting_savers(timetable.user_id, replaceable(timetable, on_conflict)):
        make_room(timetable, times, on_conflict)
        entry = insert_entry(timetable, **fields)
        insert_times(entry, times)
    return entry


@write
def update_entry(
    *,
    entry: TimetableEntry,
    times: Sequence[Meets] | None = None,
    on_conflict: str = OnConflict.REFUSE,
    **changes: Any,
) -> TimetableEntry:
    """Change an entry. New times must clash with nothing, as in adding."""
    timetable, entry = lock_entry(entry)
    if times is not None:
        with counting_savers(timetable.user_id, replaceable(timetable, on_conflict)):
            make_room(timetable, times, on_conflict, besides=entry)
        entry.own_times.all().delete()
        insert_times(entry, times)
    for attr, value in changes.items():
        setattr(entry, attr, value)
    entry.save(update_fields=[*changes, "updated_at"])
    return entry


@write
def delete_entry(*, entry: TimetableEntry) -> None:
    """Take an entry out of its timetable."""
    timetable, entry = lock_entry(entry)
    with counting_savers(timetable.user_id, lecture_ids([entry])):
        entry.delete()


@write
def mark_seen(*, entry: TimetableEntry) -> None:
    """What has changed so far about an entry's lecture is no news any more."""
    _timetable, entry = lock_entry(entry)
    # An import that is changing the lecture goes first, so that this is not before what nobody could see.
    lock_lectures(lecture_ids([entry]))
    entry.changes_seen_at = timezone.now()
    entry.save(update_fields=["changes_seen_at", "updated_at"])


def copy_entries(source: Timetable, copy: Timetable) -> None:
    """Put all that is in `source`, which is locked, into `copy`, which is empty; but no grades."""
    with counting_savers(copy.user_id, lecture_ids(source.entries.all())):
        for entry in source.entries.order_by("pk").prefetch_related("own_times"):
            times = list(entry.own_times.all())
            entry.pk, entry.timetable, entry.grade = None, copy, ""
            entry.save(force_insert=True)
            insert_times(entry, times)


def lock_entry(entry: TimetableEntry) -> tuple[Timetable, TimetableEntry]:
    """An entry as it is now, and its timetable, locked; 404 where either has been deleted."""
    timetable = lock_timetable(entry.timetable_id)
    return timetable, get_object_or_404(timetable.entries, pk=entry.pk)


def lecture_ids(entries: Iterable[TimetableEntry]) -> set[int]:
    return {entry.lecture_id for entry in entries if entry.lecture_id is not None}


def replaceable(timetable: Timetable, on_conflict: str) -> set[int]:
    """The lectures that may have to go, all of which are locked in order before it is known which."""
    return lecture_ids(timetable.entries.all()) if on_conflict == OnConflict.REPLACE else set()


def make_room(
    timetable: Timetable, times: Sequence[Meets], on_conflict: str, *, besides: TimetableEntry | None = None
) -> None:
    """Refuse what is in the way of these times with Clash, or delete it. Cancelled lectures are not.

    `timetable` is locked, and its lectures too where they may be deleted.
    """
    entries = timetable.entries.with_times().order_by("pk")
    in_the_way = [
        entry for entry in entries if entry != besides and entry.takes_place and clash(entry.times, times)
    ]
    if in_the_way and on_conflict != OnConflict.REPLACE:
        raise Clash(meta={"entries": [brief(entry) for entry in in_the_way]})
    timetable.entries.filter(pk__in=[entry.pk for entry in in_the_way]).delete()


def brief(entry: TimetableEntry) -> dict[str, Any]:
    """An entry, as Clash names it."""
    times = [meeting_fields(time) for time in entry.times]
    return {"id": entry.pk, "title": entry.display_title, "times": times}


def insert_entry(timetable: Timetable, **fields: Any) -> TimetableEntry:
    if timetable.entries.count() >= MAX_ENTRIES:
        raise TooManyEntries
    return TimetableEntry.objects.create(timetable=timetable, **fields)


def insert_times(entry: TimetableEntry, times: Sequence[Meets]) -> None:
    EntryTime.objects.bulk_create(EntryTime(entry=entry, **meeting_fields(time)) for time in times)
