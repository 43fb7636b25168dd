"""Names and texts as people type them, and the folded forms in which two of them are the same."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Characters that Unicode counts as letters, marks or symbols, yet that show nothing: the combining
# grapheme joiner, Hangul fillers, inherent Khmer vowels, blank Braille, and the variation selectors.
BLANK_CHARACTERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for point in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}

# Single consonants and vowels as people type them (ㅋㅋ, ㅠㅠ), and the same ones at half width.
JAMO = re.compile("([\u3131-\u318e]+)")
# UAX #15, Stream-Safe Text Format: no language puts more marks on one letter.
MAX_MARKS = 30
HALF_WIDTH_JAMO = {
    point: chr(int(unicodedata.decomposition(chr(point)).split()[1], 16))
    for point in range(0xFFA0, 0xFFDD)
    if unicodedata.decomposition(chr(point))
}


def normalise(value: str) -> str:
    """`value` in Unicode NFC, without the white space around it."""
    return unicodedata.normalize("NFC", value).strip()


def fold(value: str) -> str:
    """The key under which two spellings of a name are one: compatibility forms, case and spaces are gone.

    >>> fold(" Ｋim  Min ") == fold("kimmin")
    True
    """
    folded = unicodedata.normalize("NFKC", value).casefold()
    folded = "".join(unicodedata.normalize("NFKC", folded).split())
    # Once more: what a space kept apart may be one letter now, and folding twice must change nothing.
    return unicodedata.normalize("NFKC", folded)


def fold_text(value: str) -> str:
    """A text as it is searched: as in `fold`, but its words stay words, with one space between two.

    Characters that show nothing are gone. Jamo stay what they are, for a text must have the parts that it
    shows: in NFKC, ㅋㅠㅠ becomes 큐 and a vowel, in which nobody finds ㅠㅠ.

    >>> fold_text(" Ｔｈｅ\\n  ＭＥＮＵ: ㅋㅋㅠㅠ")
    'the menu: ㅋㅋㅠㅠ'
    """
    value = _without_endless_marks(value).translate(HALF_WIDTH_JAMO)
    folded = _compatible(_compatible(value).casefold())
    unseen = {ord(character): None for character in set(folded) if _is_unseen(character)}
    return " ".join(_compatible(folded.translate(unseen) if unseen else folded).split())


def _without_endless_marks(value: str) -> str:
    """With at most `MAX_MARKS` in a row: normalising takes time with the square of their number."""
    marks = {character for character in set(value) if unicodedata.combining(character)}
    if not marks:
        return value
    kept, run = [], 0
    for character in value:
        run = run + 1 if character in marks else 0
        if run <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _compatible(value: str) -> str:
    """NFKC, around the jamo."""
    if unicodedata.is_normalized("NFKC", value):
        return value
    parts = JAMO.split(value)
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    return "".join(parts)


def _is_unseen(character: str) -> bool:
    """As `is_invisible`, but a line break is a space, and what is newer than our Unicode shows something."""
    if unicodedata.category(character) in ("Cc", "Cf"):
        return not character.isspace()
    return character in BLANK_CHARACTERS


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing or steers the text around it (zero-width, control, fillers)."""
    return unicodedata.category(character)[0] == "C" or character in BLANK_CHARACTERS


def validate_visible(value: str) -> None:
    """Refuse a name with characters nobody can see: it would look like someone else's."""
    if any(is_invisible(character) for character in value):
        raise ValidationError(_("Invisible characters are not allowed."), code="invisible_characters")
