"""A registry of what one can take along of one's own, and how it becomes a ZIP file.

Each app registers where its parts are in `AppConfig.ready`. What is in a part goes through the API's own
serializers, so that it says of other people what the API says.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from time import localtime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from rest_framework.serializers import BaseSerializer

CHUNK = 200
COPIED = 64 * 1024
INDENT = orjson.OPT_INDENT_2


@dataclass(frozen=True)
class Part:
    """`name`.json: a list of rows of one kind. Rows are of one user, and what that user may see.

    `files` are pictures that go along: their names in the ZIP, and in the storage.
    """

    name: str
    rows: Callable[[Any], Iterable[Any]]
    serializer: type[BaseSerializer]
    files: Callable[[Any], Iterable[tuple[str, str]]] = lambda user: ()


_paths: list[str] = []


def register(path: str) -> None:
    """Register the parts at a dotted path. They are looked up when they are needed: serializers ask other
    registries, which are not full while the apps get ready."""
    if path not in _paths:
        _paths.append(path)


def parts() -> list[Part]:
    """All parts, by their names."""
    return sorted(chain.from_iterable(map(import_string, _paths)), key=lambda part: part.name)


class Reader:
    """Stands for the request in a serializer's context: it is this user who reads.

    Addresses stay as the storage has them: there is no host here.
    """

    auth = None

    def __init__(self, user: Any) -> None:
        self.user = user

    def build_absolute_uri(self, location: str) -> str:
        return location


def write_export(file: IO[bytes], user: Any) -> None:
    """Write a ZIP file of all that a user wrote and owns. Holds a chunk of rows in memory at a time."""
    context = {"request": Reader(user)}
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for part in parts():
            with archive.open(f"{part.name}.json", "w", force_zip64=True) as entry:
                entry.writelines(encode(part, user, context))
            for name, stored in part.files(user):
                copy(archive, name, stored)


def encode(part: Part, user: Any, context: dict[str, Any]) -> Iterator[bytes]:
    """A JSON list, a row at a time."""
    between = b"[\n"
    for row in each(part.rows(user)):
        yield between + orjson.dumps(part.serializer(row, context=context).data, option=INDENT)
        between = b",\n"
    yield b"[]\n" if between == b"[\n" else b"\n]\n"


def each(rows: Iterable[Any]) -> Iterable[Any]:
    """A queryset in chunks, with what it prefetches; anything else as it is."""
    return rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows


def copy(archive: ZipFile, name: str, stored: str) -> None:
    """A picture, which is compressed already. One that the storage has lost is left out."""
    try:
        source = default_storage.open(stored)
    except FileNotFoundError:
        return
    with source, archive.open(ZipInfo(name, localtime()[:6]), "w", force_zip64=True) as entry:
        while chunk := source.read(COPIED):
            entry.write(chunk)
