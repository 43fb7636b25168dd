"""The formats: a module each, found by looking into this folder. Adding one is adding a file.

A format has a `DESCRIPTION` of one line, for the admin and the command, and

    def read(file: BinaryIO) -> Iterator[Row]

which yields what each row of the file says and raises `CatalogueError` for a file it can't read.
"""

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, BinaryIO, Protocol, cast

from timetable.catalogue.rows import Row


class Format(Protocol):
    DESCRIPTION: Any

    def read(self, file: BinaryIO) -> Iterator[Row]: ...


@cache
def formats() -> dict[str, Format]:
    """Every format by its name, which is its module's."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: cast(Format, import_module(f"{__name__}.{name}")) for name in names}
