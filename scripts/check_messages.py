"""Fails when the Korean messages lag behind the code.

Collects them in a copy, so that the checkout stays as it is.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
KOREAN = Path("locale/ko/LC_MESSAGES/django.po")
COLLECT = ["makemessages", "--locale=ko", "--no-location", "--no-obsolete", "--verbosity=0"]


def collected() -> polib.POFile:
    """The catalogue that `make messages` would write now."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "madang"
        unneeded = shutil.ignore_patterns(".*", "__pycache__", "media", "staticfiles", "*.sqlite3*")
        shutil.copytree(ROOT, copy, ignore=unneeded)
        subprocess.run([sys.executable, "manage.py", *COLLECT], cwd=copy, check=True)  # noqa: S603
        return polib.pofile(str(copy / KOREAN))


def texts(catalogue: polib.POFile | polib.MOFile) -> dict[object, object]:
    # A fuzzy or untranslated entry is not in the compiled file, and the reader gets English.
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr
        for entry in catalogue.translated_entries()
    }


def main() -> None:
    written = polib.pofile(str(ROOT / KOREAN))
    now = collected()
    problems = [f"untranslated: {entry.msgid!r}" for entry in now if not entry.translated()]
    if texts(now).keys() != texts(written).keys():
        problems.append(f"{KOREAN} is not what the code says")
    compiled = (ROOT / KOREAN).with_suffix(".mo")
    if not compiled.exists() or texts(polib.mofile(str(compiled))) != texts(written):
        problems.append(f"{compiled.relative_to(ROOT)} is not compiled from {KOREAN.name}")
    if problems:
        cure = "madang: run `make messages`, translate, run it again and commit."
        sys.exit("\n".join([cure, *problems]))


main()
