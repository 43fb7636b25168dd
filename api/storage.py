"""Files beside the rows that name them: random names, and gone after the commit at the earliest."""

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from api.errors import StorageUnavailable
from api.images import Picture

logger = logging.getLogger(__name__)


def new_name() -> str:
    return uuid.uuid4().hex


@contextmanager
def stored(folder: str, *pictures: Picture) -> Iterator[list[str]]:
    """Save pictures, and give their names for a row to be written inside. No row, no files.

    Raises StorageUnavailable. Call it outside of a transaction: a storage may take its time.
    """
    with removed_on_failure() as names:
        for picture in pictures:
            names.append(save(folder, picture))
        yield names


@contextmanager
def removed_on_failure() -> Iterator[list[str]]:
    """A list for the names of files: if what is done inside fails, those in it are removed."""
    names: list[str] = []
    try:
        yield names
    except BaseException:
        remove(names)
        raise


def save(folder: str, picture: Picture) -> str:
    name = new_name()
    path = f"{folder}/{name[:2]}/{name}.{picture.extension}"
    try:
        return default_storage.save(path, ContentFile(picture.content))
    # Each storage fails in its own way, and none of them is known here.
    except Exception as error:
        logger.exception("A file could not be stored.")
        raise StorageUnavailable from error


def discard(names: Iterable[str]) -> None:
    """Remove files once what names them no longer is committed; if it is rolled back, they stay."""
    if found := [name for name in names if name]:
        transaction.on_commit(partial(remove, found))


def remove(names: Iterable[str]) -> None:
    """Remove files now. What can't be removed is left to `sweep`, with the rest: a dead storage is slow."""
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:
            logger.exception("A file could not be removed; sweep_media will.")
            return


# --- Sweeping -----------------------------------------------------------------------------------------
@dataclass
class Swept:
    """What a sweep removed, or would remove. `failed` are files it could not look at or remove."""

    files: int = 0
    bytes: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Folder:
    """A folder of the storage. `used` are those among some names that rows name."""

    name: str
    used: Callable[[list[str]], set[str]]


BATCH = 500


def sweep(folder: Folder, *, before: datetime, dry_run: bool = False) -> Swept:
    """Remove the files that no row names, and that were stored before a time.

    An upload stores its files first and writes its row then, so that what is new may still get one.
    One file that can't be removed is logged and passed over; a folder that can't be listed raises.
    """
    swept = Swept()
    names = files_in(folder.name)
    while batch := list(islice(names, BATCH)):
        for name in sorted(set(batch) - folder.used(batch)):
            try:
                size = sweep_file(name, before, dry_run)
            except Exception:
                logger.exception("A file could not be swept.")
                swept.failed += 1
            else:
                swept.files += size is not None
                swept.bytes += size or 0
    return swept


def sweep_file(name: str, before: datetime, dry_run: bool) -> int | None:
    """Remove one file if it is old enough; its bytes."""
    try:
        size = default_storage.size(name)
    except FileNotFoundError:  # somebody removed it meanwhile
        return None
    if default_storage.get_modified_time(name) >= before:
        return None
    if not dry_run:
        default_storage.delete(name)
    return size


def files_in(folder: str) -> Iterator[str]:
    """The names of all files below a folder; none where there is no such folder yet."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files if name)
    for name in folders:
        yield from files_in(f"{folder}/{name}")


def public_url(name: str, request: Any) -> str:
    """The whole address of a file."""
    return str(request.build_absolute_uri(default_storage.url(name)))
