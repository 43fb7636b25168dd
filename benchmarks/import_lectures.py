"""How long importing catalogues takes: `python benchmarks/import_lectures.py`, from the project's root.

Runs on a test database beside that of DATABASE_URL, which is dropped afterwards; on SQLite it is a file.
"""

import csv
import time
from datetime import date
from io import BytesIO, StringIO

from scratch import ROOT, connection, test_database

from accounts.models import School
from timetable.catalogue.formats.madang import COLUMNS
from timetable.catalogue.notation import write_times
from timetable.catalogue.reading import read_catalogue
from timetable.models import Semester
from timetable.services.catalogue import sync_catalogue

DATA = ROOT / "timetable" / "data"
LECTURES = 7_500


def new_semester(name: str) -> Semester:
    school = School.objects.create(name=name, region="서울특별시")
    return Semester(
        school=school, year=2025, term="2", starts_on=date(2025, 9, 1), ends_on=date(2025, 12, 19)
    )


def measure(what: str, semester: Semester, format: str, content: bytes) -> None:
    start = time.perf_counter()
    reading = read_catalogue(format=format, file=BytesIO(content))
    read = time.perf_counter()
    counts = sync_catalogue(semester=semester, reading=reading, force=True).counts()
    end = time.perf_counter()
    acts = ", ".join(f"{counts[act]} {act}" for act in ("created", "changed", "gone", "unchanged"))
    print(f"{what}: {end - start:.1f} s, {read - start:.1f} of them reading: {acts}", flush=True)


def made_catalogue(mark: str = "") -> bytes:
    """7,500 lectures in our own columns, from the real ones; with a mark, no text is as it was."""
    rows = []
    for format, name in (("gnu", "gnu-2025-2-a.xlsx"), ("dongguk", "dongguk-2025-2.json")):
        with (DATA / name).open("rb") as file:
            rows += read_catalogue(format=format, file=file).rows.values()
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for number in range(LECTURES):
        row = rows[number % len(rows)]
        cells = {name: getattr(row, name, "") for name in COLUMNS}
        cells |= {name: f"{cells[name]}{mark}" for name in ("title", "professor", "remark", "department")}
        cells |= {"section": f"{row.section}-{number // len(rows)}", "grade_year": "1,2"}
        writer.writerow((cells | {"times": write_times(row.meetings)}).values())
    return file.getvalue().encode()


def main() -> None:
    print(connection.vendor)
    with test_database():
        gnu, dongguk, made = (new_semester(name) for name in ("경상국립대학교", "동국대학교", "마당대학교"))
        first, second = ((DATA / f"gnu-2025-2-{part}.xlsx").read_bytes() for part in "ab")
        measure("gnu a", gnu, "gnu", first)
        measure("gnu b after a", gnu, "gnu", second)
        measure("gnu b again", gnu, "gnu", second)
        measure("dongguk", dongguk, "dongguk", (DATA / "dongguk-2025-2.json").read_bytes())
        measure("7,500 lectures", made, "madang", made_catalogue())
        measure("7,500 again", made, "madang", made_catalogue())
        measure("7,500 with four texts changed", made, "madang", made_catalogue("."))


if __name__ == "__main__":
    main()
