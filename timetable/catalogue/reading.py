"""A whole file, read in a format."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from timetable.catalogue.cells import CatalogueError
from timetable.catalogue.formats import formats
from timetable.catalogue.rows import Cancelled, LectureRow, Rejected, Row

MAX_ROWS = 50_000

Key = tuple[str, str]
# Called with how many are done, and of how many, 0 while that is not known; at the end they are one number.
Progress = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """For who does not want to know."""


@dataclass
class Reading:
    """What a file says: lectures and cancellations by code and section, and rows that are no lecture."""

    rows: dict[Key, LectureRow] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    cancelled: dict[Key, Cancelled] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows of lectures there are, right or not."""
        return len(self.rows) + len(self.rejected)

    @property
    def unread(self) -> list[LectureRow]:
        """The lectures whose times were not understood."""
        return [row for row in self.rows.values() if row.unread_times]

    def add(self, row: Row) -> None:
        if isinstance(row, LectureRow):
            self.add_lecture(row)
        elif isinstance(row, Rejected):
            self.rejected.append(row)
        else:
            self.cancelled.setdefault(row.key, row)

    def add_lecture(self, row: LectureRow) -> None:
        """The first row of a code and section counts."""
        first = self.rows.setdefault(row.key, row)
        if first is not row:
            values = {"code": row.code, "section": row.section, "line": first.line}
            message = _("Section “%(section)s” of %(code)s stands in %(line)s already.")
            self.rejected.append(Rejected(row.line, message % values))


def read_catalogue(*, format: str, file: BinaryIO, progress: Progress = no_progress) -> Reading:
    """Read a file in one of `formats()`.

    Raises CatalogueError for a file that is no such catalogue, or that has no lecture at all.
    """
    if format not in formats():
        raise CatalogueError(_("There is no format “%(format)s”.") % {"format": format})
    reading, done = Reading(), 0
    for done, row in enumerate(formats()[format].read(file), 1):
        reading.add(row)
        if done > MAX_ROWS:
            raise CatalogueError(_("The file has more than %(limit)d rows.") % {"limit": MAX_ROWS})
        progress(done, 0)
    progress(done, done)
    if not reading.rows:
        raise CatalogueError(why_empty(reading))
    return reading


def why_empty(reading: Reading) -> str:
    if not reading.rejected:
        return _("There is no lecture in this file.")
    first = reading.rejected[0]
    values = {"line": first.line, "reason": first.reason}
    return _("No row of this file is a lecture. The first, %(line)s: %(reason)s") % values
