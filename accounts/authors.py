"""The `author` object: all that a payload says about who made something."""

from typing import Any, TypedDict

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User

POST_AUTHOR = 0


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


def named_author(user: User | None) -> Author:
    """Somebody under their own name; None is somebody who withdrew."""
    if user is None:
        return label(AuthorKind.WITHDRAWN, gettext("(unknown)"))
    return {
        "id": user.pk,
        "kind": AuthorKind.NAMED,
        "number": None,
        "display_name": user.nickname,
        "picture": user.picture or None,
    }


def anonymous_author(number: int | None) -> Author:
    """익명 for None, 글쓴이 for 0, 익명n for any other number."""
    if number is None:
        return label(AuthorKind.ANONYMOUS, gettext("Anonymous"))
    if number == POST_AUTHOR:
        return label(AuthorKind.POST_AUTHOR, gettext("Author"), number)
    return label(AuthorKind.ANONYMOUS, gettext("Anonymous %(number)d") % {"number": number}, number)


def label(kind: AuthorKind, display_name: str, number: int | None = None) -> Author:
    return {"id": None, "kind": kind, "number": number, "display_name": display_name, "picture": None}
