"""Names as people type them, and the folded form in which two of them are the same name."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Characters that Unicode counts as letters, marks or symbols, yet that show nothing: the combining
# grapheme joiner, Hangul fillers, inherent Khmer vowels, blank Braille, and the variation selectors.
BLANK_CHARACTERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for point in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
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


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing or steers the text around it (zero-width, control, fillers)."""
    return unicodedata.category(character)[0] == "C" or character in BLANK_CHARACTERS


def validate_visible(value: str) -> None:
    """Refuse a name with characters nobody can see: it would look like someone else's."""
    if any(is_invisible(character) for character in value):
        raise ValidationError(_("Invisible characters are not allowed."), code="invisible_characters")
