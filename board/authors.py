"""The author of what stands on a board: the one place that decides what readers see of them."""

from typing import Protocol

from accounts.authors import Author, anonymous_author, named_author
from accounts.models import User


class Signed(Protocol):
    """A post, a comment, or one side of a conversation."""

    is_anonymous: bool

    @property
    def author(self) -> User | None: ...


def author_of(content: Signed) -> Author:
    """What readers see of the author.

    An anonymous label depends on the row alone, never on the author: it stays when the author withdraws.
    """
    if content.is_anonymous:
        return anonymous_author(getattr(content, "alias_number", None))
    return named_author(content.author)
