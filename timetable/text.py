"""Initial consonants and lists of names, as catalogues and people write them."""

import re

from api.text import fold

# Unicode's order of the initial consonants of the Hangul syllables (The Unicode Standard, section 3.12).
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FIRST_SYLLABLE, LAST_SYLLABLE = ord("가"), ord("힣")
# Vowels and final consonants that follow one initial: 21 × 28.
SYLLABLES_AN_INITIAL = 588


def initials(text: str) -> str:
    """A text with the initial consonant of each Hangul syllable in its place: 자료구조 is ㅈㄹㄱㅈ."""
    return "".join(map(initial, fold(text)))


def initial(character: str) -> str:
    code = ord(character)
    if FIRST_SYLLABLE <= code <= LAST_SYLLABLE:
        return INITIALS[(code - FIRST_SYLLABLE) // SYLLABLES_AN_INITIAL]
    return character


def has_initials(text: str) -> bool:
    """Whether a text has initial consonants by themselves, as people type them to search: ㅈㄹㄱㅈ."""
    return any(character in INITIALS for character in text)


def professor_names(professor: str) -> list[str]:
    """The names in `김민준, 이서연` or `김민준/이서연`."""
    return [name.strip() for name in re.split(r"[,/;\n]", professor) if name.strip()]
