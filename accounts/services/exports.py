"""Taking along what one wrote and owns: asked for here, made by a task, and gone after a day."""

import logging
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, override
from django_tasks import task

from accounts.models import Export, User
from accounts.models.exports import KEPT_FOR
from accounts.services.users import lock_people
from api.db import write
from api.errors import StorageUnavailable
from api.exports import write_export
from api.tasks import enqueue

STORAGE = "exports"
logger = logging.getLogger(__name__)


@write
def ask_export(*, user: User) -> Export:
    """The export that is being made for a user; else a new one, in the language that is spoken now."""
    lock_people(user)
    export = user.exports.being_made().first()
    if export is None:
        export = Export.objects.create(user=user, language=get_language())
        enqueue(make_export, export.pk)
    return export


@task()
def make_export(pk: int) -> None:
    """Make the file of an export, unless it is made already or its user has left."""
    export = Export.objects.filter(pk=pk, file="").select_related("user__school").first()
    if export is None:
        return
    with TemporaryFile() as file:
        with override(export.language):
            write_export(file, export.user)
        size = file.tell()
        name = storages[STORAGE].save(f"{uuid4().hex}.zip", File(file))
    if not keep(pk, name, size):
        storages[STORAGE].delete(name)


@write
def keep(pk: int, name: str, size: int) -> bool:
    """Name the file; False where another run has made one, or nobody waits for it any more."""
    return bool(Export.objects.filter(pk=pk, file="").update(file=name, size=size))


def open_export(export: Export) -> IO[Any]:
    """The ZIP file. FileNotFoundError where the storage has lost it; StorageUnavailable where it is down."""
    try:
        return storages[STORAGE].open(export.file)
    except FileNotFoundError:
        raise
    except Exception as error:
        logger.exception("An export could not be opened.")
        raise StorageUnavailable from error


def discard_exports(exports: QuerySet[Export]) -> int:
    """Delete exports, and their files with the commit; how many."""
    names = [name for name in exports.values_list("file", flat=True) if name]
    transaction.on_commit(partial(remove, names))
    deleted, _rows = exports.delete()
    return deleted


def remove(names: list[str]) -> None:
    """What can't be removed is left to `sweep_exports`, with the rest: a dead storage is slow."""
    for name in names:
        try:
            storages[STORAGE].delete(name)
        except Exception:
            logger.exception("An export could not be removed; prune will.")
            return


def sweep_exports() -> int:
    """Remove the files that no export names, a day after they were made: of a worker killed at it, say."""
    storage = storages[STORAGE]
    try:
        names = set(storage.listdir("")[1])
    except FileNotFoundError:
        return 0
    named = set(Export.objects.filter(file__in=names).values_list("file", flat=True))
    old = [name for name in names - named if storage.get_modified_time(name) < timezone.now() - KEPT_FOR]
    for name in old:
        storage.delete(name)
    return len(old)
