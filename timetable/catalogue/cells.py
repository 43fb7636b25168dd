"""Single cells of a catalogue's file, checked against what a lecture can hold."""

import re
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from api.text import fold, is_invisible, normalise
from timetable.models import Lecture
from timetable.models.lectures import GRADE_YEARS, grade_year_bits

REQUIRED = ("code", "title")
# Longer than whatever a lecture holds.
MAX_CELL = 4_000
EVERY_YEAR = ("전체학년", "학년구분없음")


class CatalogueError(Exception):
    """A file that can't be imported at all. The text says why, to whoever chose it."""


class BadCell(ValueError):
    """What keeps a row from being a lecture."""


def plain(value: Any) -> str:
    """A cell as one line of text, in NFC, without characters that nobody can see. Excel's 3.0 is 3.

    Raises BadCell for what is neither text nor number: a date, into which Excel likes to turn `1-2`.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadCell(_("%(value)s is neither text nor a number.") % {"value": repr(value)[:50]})
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # Normalising takes time with the square of what it is given.
    if isinstance(value, str) and len(value) > MAX_CELL:
        raise BadCell(_("A cell is longer than %(limit)d characters.") % {"limit": MAX_CELL})
    visible = "".join(
        character for character in str(value) if character.isspace() or not is_invisible(character)
    )
    return " ".join(normalise(visible).split())


def text_cell(name: str, value: Any) -> str:
    text = plain(value)
    if name in REQUIRED and not text:
        raise BadCell(_("%(field)s is missing.") % {"field": capfirst(label(name))})
    if len(text) > limit(Lecture, name):
        raise too_long(name, limit(Lecture, name))
    return text


def credit_cell(value: Any) -> Decimal:
    """0 to 999.9, in tenths."""
    text = plain(value)
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]0*)?", text):
        raise BadCell(
            _("The credit must be a number from 0 to 999.9, not “%(value)s”.") % {"value": text[:50]}
        )
    return Decimal(text).quantize(Decimal("0.1"))


def count_cell(name: str, value: Any) -> int | None:
    """0 to 999,999, or None for an empty cell."""
    text = plain(value)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text):
        values = {"field": capfirst(label(name)), "value": text[:50]}
        raise BadCell(_("%(field)s must be a number from 0 to 999999, not “%(value)s”.") % values)
    return int(text)


def year_bits(value: Any) -> int:
    """The bits of `1,2`, `3학년`, `3,4학년`, `2-4학년` or 전체학년; 0 for an empty cell."""
    text = fold(plain(value))
    if text in EVERY_YEAR:
        return grade_year_bits(GRADE_YEARS)
    try:
        return grade_year_bits(
            year for part in text.removesuffix("학년").split(",") if text for year in years_in(part)
        )
    except ValueError:
        message = _("The year of study must be such as 1 or 2,3 or 1-4, not “%(value)s”.")
        raise BadCell(message % {"value": text[:50]}) from None


def years_in(part: str) -> range:
    """`3` or `2-4`. Raises ValueError for anything else."""
    found = re.fullmatch(r"([1-6])(?:-([1-6]))?", part)
    if found is None:
        raise ValueError(part)
    return range(int(found[1]), int(found[2] or found[1]) + 1)


def label(name: str) -> str:
    """What a field of a lecture is called, to who reads."""
    field: Any = Lecture._meta.get_field(name)
    return str(field.verbose_name)


def limit(model: Any, name: str) -> int:
    return model._meta.get_field(name).max_length


def too_long(name: str, limit: int) -> BadCell:
    values = {"field": capfirst(label(name)), "limit": limit}
    return BadCell(_("%(field)s is longer than %(limit)d characters.") % values)
