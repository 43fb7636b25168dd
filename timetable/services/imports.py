"""Catalogues uploaded in the admin: kept with their dry run until they are applied or discarded."""

from io import BytesIO

from django.utils import timezone

from accounts.models import User
from api.db import write
from timetable.catalogue.files import MEBIBYTE
from timetable.catalogue.reading import Reading, read_catalogue
from timetable.models import CatalogueImport, Semester
from timetable.services.catalogue import SyncRefused, lock_semester, preview_catalogue, write_plan

# The file is kept in one column, and MariaDB takes 16 MB at a time, in which a byte may count as two.
MAX_UPLOAD_BYTES = 7 * MEBIBYTE
NAME_LENGTH = 200


class ImportClosed(Exception):
    """It has been applied or discarded already."""


def upload_catalogue(
    *, user: User, semester: Semester, format: str, file_name: str, content: bytes, reading: Reading
) -> CatalogueImport:
    """Keep a file with its dry run. `reading` is what `content` says."""
    report = preview_catalogue(semester=semester, reading=reading)
    return CatalogueImport.objects.create(
        semester=semester,
        format=format,
        file_name=file_name[:NAME_LENGTH],
        content=content,
        report=report.as_json(),
        uploaded_by=user,
    )


def apply_import(*, catalogue_import: CatalogueImport, force: bool = False) -> bool:
    """Do what the dry run showed. False where it would do something else by now: then it shows that.

    Raises ImportClosed, SyncRefused unless forced, and CatalogueError where the format reads the file no
    more.
    """
    if catalogue_import.content is None:
        raise ImportClosed
    content = BytesIO(catalogue_import.content)
    reading = read_catalogue(format=catalogue_import.format, file=content)
    return apply_reading(catalogue_import=catalogue_import, reading=reading, force=force)


@write
def apply_reading(*, catalogue_import: CatalogueImport, reading: Reading, force: bool) -> bool:
    semester = lock_semester(catalogue_import.semester)
    shown = lock_open(catalogue_import).report
    report = preview_catalogue(semester=semester, reading=reading)
    data = report.as_json()
    imports = CatalogueImport.objects.filter(pk=catalogue_import.pk)
    if data["digest"] != shown.get("digest"):
        imports.update(report=data, updated_at=timezone.now())
        return False
    if report.refused and not force:
        raise SyncRefused(report)
    write_plan(report.plan)
    imports.update(report=data, content=None, applied_at=timezone.now(), updated_at=timezone.now())
    return True


@write
def discard_import(*, catalogue_import: CatalogueImport) -> None:
    """Forget the file. Raises ImportClosed."""
    lock_open(catalogue_import)
    imports = CatalogueImport.objects.filter(pk=catalogue_import.pk)
    imports.update(content=None, updated_at=timezone.now())


def lock_open(catalogue_import: CatalogueImport) -> CatalogueImport:
    """The import as it is now, locked. Raises ImportClosed."""
    imports = CatalogueImport.objects.select_for_update().filter(content__isnull=False)
    found = imports.defer("content").filter(pk=catalogue_import.pk).first()
    if found is None:
        raise ImportClosed
    return found
