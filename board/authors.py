"""The `author` object: the one place that decides what a payload says about who wrote something."""

from typing import Any, TypedDict

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from board.models import Comment, Post
from board.services.comments import POST_AUTHOR


class AuthorKind(models.TextChoices):
    NAMED = "named", _("named")
    ANONYMOUS = "anonymous", _("anonymous")
    POST_AUTHOR = "post_author", _("author of the post")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Author(TypedDict):
    id: Any
    kind: str
    number: int | None
    display_name: str
    picture: Any


def author_of(content: Post | Comment) -> Author:
    """What readers see of the author. `id` and `picture` are null unless the author is named.

    An anonymous label depends on the row alone, never on the author: it stays when the author withdraws.
    """
    if content.is_anonymous:
        return anonymous_author(getattr(content, "alias_number", None))
    author = content.author
    if author is None:
        return label(AuthorKind.WITHDRAWN, gettext("(unknown)"))
    return {
        "id": author.pk,
        "kind": AuthorKind.NAMED,
        "number": None,
        "display_name": author.nickname,
        "picture": author.picture or None,
    }


def anonymous_author(number: int | None) -> Author:
    if number is None:
        return label(AuthorKind.ANONYMOUS, gettext("Anonymous"))
    if number == POST_AUTHOR:
        return label(AuthorKind.POST_AUTHOR, gettext("Author"), number)
    return label(AuthorKind.ANONYMOUS, gettext("Anonymous %(number)d") % {"number": number}, number)


def label(kind: AuthorKind, display_name: str, number: int | None = None) -> Author:
    return {"id": None, "kind": kind, "number": number, "display_name": display_name, "picture": None}
