"""Search in courses and lectures, by what their catalogue says of them."""

import re
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field

from api.filters import CharFilter
from api.text import fold
from timetable.text import INITIALS, has_initials, initials

# A shorter search would find nearly everything.
MIN_LENGTH = 2


@extend_schema_field({"type": "string", "pattern": r"\S\s*\S", "minLength": MIN_LENGTH, "maxLength": 100})
class CatalogueSearchFilter(CharFilter):
    """Every word somewhere in the `search_text`, however it is spelt; initial consonants stand for syllables.

    With `contains`, MySQL compares bytes: its collations take one emoji for another.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_length=MIN_LENGTH, **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        for word in (value or "").split():
            qs = qs.filter(has_word(word))
        return qs


def has_word(word: str) -> Q:
    """`자료구조`, `ㅈㄹㄱㅈ`, or, as it stands while one types, `자료ㄱㅈ`."""
    if not has_initials(word):
        return Q(search_text__contains=fold(word))
    # Folding would make other characters of the initials.
    pattern = "".join(part if has_initials(part) else initials(part) for part in split_initials(word))
    condition = Q(title_initials__contains=pattern)
    for part in split_initials(word):
        if not has_initials(part):
            condition &= Q(search_text__contains=fold(part))
    return condition


def split_initials(word: str) -> list[str]:
    """`자료ㄱㅈ` as `자료`, `ㄱㅈ`."""
    return [part for part in re.split(f"([{INITIALS}]+)", word) if part]
