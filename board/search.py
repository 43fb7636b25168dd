"""What searching means: which words a text must have, and the grams it is found by. Knows no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from api.text import fold_text

# So many of a term's grams are looked up, evenly spread. The text itself is compared with the whole term.
MAX_LOOKED_UP = 8
# Code points end at 2 ** 21.
POINT_BITS = 21


@dataclass(frozen=True)
class Term:
    """What is searched for: each of its words must stand in the title or in the text, as a part of a word."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fold_text(self.text).split()))

    @property
    def grams(self) -> list[int]:
        """The grams to look up, at most `MAX_LOOKED_UP`."""
        grams = list(dict.fromkeys(gram for word in self.words for gram in grams_of_word(word)))
        if len(grams) <= MAX_LOOKED_UP:
            return grams
        last = len(grams) - 1
        return [grams[n * last // (MAX_LOOKED_UP - 1)] for n in range(MAX_LOOKED_UP)]

    def matches(self, title: str, content: str) -> bool:
        texts = fold_text(title), fold_text(content)
        return all(any(word in text for text in texts) for word in self.words)


def grams_of(title: str, content: str) -> set[int]:
    """All that a post is found by."""
    words = (*fold_text(title).split(), *fold_text(content).split())
    return {gram for word in set(words) for gram in grams_of_word(word)}


def grams_of_word(word: str) -> Iterable[int]:
    """Each two characters that stand side by side, as one number: no collation can take them for others."""
    points = [*map(ord, word)]
    return (first << POINT_BITS | second for first, second in pairwise(points))
