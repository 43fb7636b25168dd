"""Keyset pages: the cursor holds the order keys of the row at the edge, so all pages cost the same."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import BigIntegerField, DateTimeField, ForeignKey, IntegerField, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from api.errors import invalid

Key = int | str
MAX_BIGINT = BigIntegerField.MAX_BIGINT
# How many rows ahead a page is looked for, at first and then.
STRETCHES = (500, 5_000, 50_000)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after (or, backward, before) the row with these order keys.

    `inclusive` takes that row in as well: it leads back from a page that turned out to be empty.
    """

    ordering: tuple[str, ...]
    keys: tuple[Key, ...]
    backward: bool = False
    inclusive: bool = False

    def encode(self) -> str:
        parts = [",".join(self.ordering), int(self.backward), int(self.inclusive), *self.keys]
        return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")

    @classmethod
    def decode(cls, encoded: str, ordering: tuple[str, ...]) -> "Cursor":
        """Raises ValueError for anything but a cursor of this very ordering."""
        if not encoded.isascii():
            raise ValueError("not base64")
        padded = encoded + "=" * (-len(encoded) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(parts, list) or len(parts) != 3 + len(ordering) or parts[0] != ",".join(ordering):
            raise ValueError("another ordering")
        _ordering, backward, inclusive, *keys = parts
        if not all(type(key) is str or is_bigint(key) for key in keys):
            raise ValueError("not order keys")
        if backward not in (0, 1) or inclusive not in (0, 1):
            raise ValueError("not a direction")
        return cls(ordering, tuple(keys), bool(backward), bool(inclusive))


def is_bigint(key: Any) -> bool:
    """Whether a key is a number that a column can hold: a greater one is an error on SQLite."""
    return type(key) is int and -MAX_BIGINT - 1 <= key <= MAX_BIGINT


def reverse(ordering: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in ordering)


def beyond(ordering: Sequence[str], keys: Sequence[Any], *, inclusive: bool = False) -> Q:
    """The rows after `keys` in `ordering`, written `a < x OR (a = x AND b < y)`.

    The row value `(a, b) < (x, y)` says the same, but neither MySQL nor MariaDB uses an index for it.
    """
    condition, equal = Q(), Q()
    for name, key in zip(ordering, keys, strict=True):
        field, operator = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q((f"{field}__{operator}", key))
        equal &= Q((field, key))
    return condition | equal if inclusive else condition


def ends_ahead(
    walk: QuerySet | None, ordering: Sequence[str], keys: Sequence[Any]
) -> Iterator[tuple[Any, ...]]:
    """The order keys of rows ever further ahead, found in an index alone."""
    if walk is None:
        return
    names = [name.lstrip("-") for name in ordering]
    ahead = walk.filter(beyond(ordering, keys)).order_by(*ordering).values_list(*names)
    for length in STRETCHES:
        end = ahead[length - 1 : length].first()
        if end is None:
            return
        yield end


def typed(model: type[Model], name: str, key: Key) -> Any:
    """A key as its field has it: a number, or a moment. Raises ValueError or OverflowError for any other."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    field = fields.get(name.lstrip("-"))
    if isinstance(field, IntegerField | ForeignKey) and type(key) is not int:
        raise ValueError("not a number")
    if not isinstance(field, DateTimeField):
        return key
    moment = datetime.fromisoformat(str(key))
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset")
    return moment.astimezone(UTC)


def order_keys(row: Model, ordering: Sequence[str]) -> tuple[Key, ...]:
    values = (getattr(row, name.lstrip("-")) for name in ordering)
    return tuple(value.isoformat() if isinstance(value, date) else value for value in values)


def url_of(request: Request) -> str:
    """The URL asked for, from its parsed parameters: a client may send Korean without encoding it."""
    query = request.query_params.urlencode()
    return request.build_absolute_uri(f"{request.path}?{query}" if query else request.path)


class KeysetPagination(BasePagination):
    """Pages by the view's ordering, which must end in a unique field: nothing twice, nothing skipped."""

    page_size = 20
    max_page_size = 100
    cursor_param = "cursor"
    page_size_param = "page_size"
    query_params = frozenset({cursor_param, page_size_param})

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        self.ordering: tuple[str, ...] = view.get_ordering()
        self.url = url_of(request)
        size = self.get_page_size(request)
        cursor = self.get_cursor(request)
        backward = cursor is not None and cursor.backward
        ordering = reverse(self.ordering) if backward else self.ordering
        queryset = queryset.order_by(*ordering)
        if cursor is None:
            rows = list(queryset[: size + 1])
        else:
            rows = self.read_after(queryset, view.get_walk(self.ordering), ordering, cursor, size + 1)
        more, rows = len(rows) > size, rows[:size]
        if backward:
            rows.reverse()
        self.set_links(rows, cursor, more)
        return rows

    def read_after(
        self, queryset: QuerySet, walk: QuerySet | None, ordering: Sequence[str], cursor: Cursor, size: int
    ) -> list[Any]:
        """So many rows after the cursor, looked for in ever longer stretches of the way.

        Without an end to the stretch, MariaDB takes a range of an index for dearer than the whole table, and
        comes from the index's far end. Whatever the end is, the rows before it are the right ones.
        """
        after, keys = self.after(queryset, ordering, cursor)
        for end in ends_ahead(walk, ordering, keys):
            rows = list(after.filter(beyond(reverse(ordering), end, inclusive=True))[:size])
            if len(rows) == size:
                return rows
        return list(after[:size])

    def after(
        self, queryset: QuerySet, ordering: Sequence[str], cursor: Cursor
    ) -> tuple[QuerySet, list[Any]]:
        """The rows after the cursor, and its keys as their fields have them."""
        try:
            keys = [typed(queryset.model, *pair) for pair in zip(ordering, cursor.keys, strict=True)]
            return queryset.filter(beyond(ordering, keys, inclusive=cursor.inclusive)), keys
        except (ValueError, TypeError, OverflowError, DjangoValidationError):
            raise self.invalid_cursor() from None

    def set_links(self, rows: list[Any], cursor: Cursor | None, more: bool) -> None:
        """`more`: whether there are rows beyond the page in the direction that was walked."""
        self.next_link = self.previous_link = None
        backward = cursor is not None and cursor.backward
        if not rows:
            if cursor is not None and backward:
                self.next_link = remove_query_param(self.url, self.cursor_param)
            elif cursor is not None:
                self.previous_link = self.link(cursor.keys, backward=True, inclusive=True)
            return
        if more or backward:
            self.next_link = self.link(order_keys(rows[-1], self.ordering))
        if more if backward else cursor is not None:
            self.previous_link = self.link(order_keys(rows[0], self.ordering), backward=True)

    def link(self, keys: tuple[Key, ...], *, backward: bool = False, inclusive: bool = False) -> str:
        cursor = Cursor(self.ordering, keys, backward, inclusive)
        return replace_query_param(self.url, self.cursor_param, cursor.encode())

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get(self.page_size_param)
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit() and len(given) <= 3):
            raise invalid(self.page_size_param, _("Give a whole number."), "invalid")
        if not 1 <= int(given) <= self.max_page_size:
            message = _("Give a number from 1 to %(max)d.") % {"max": self.max_page_size}
            raise invalid(self.page_size_param, message, "out_of_range")
        return int(given)

    def get_cursor(self, request: Request) -> Cursor | None:
        given = request.query_params.get(self.cursor_param)
        if given is None:
            return None
        try:
            return Cursor.decode(given, self.ordering)
        except ValueError:  # so are bad base64, bad UTF-8 and bad JSON
            raise self.invalid_cursor() from None

    def invalid_cursor(self) -> Exception:
        return invalid(self.cursor_param, _("This cursor does not belong to this list."), "invalid_cursor")

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_link, "previous": self.previous_link, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": self.cursor_param,
                "in": "query",
                "required": False,
                "description": "Where the page begins: follow `next` and `previous` rather than build one.",
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
            },
            {
                "name": self.page_size_param,
                "in": "query",
                "required": False,
                "description": "How many rows a page holds.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                },
            },
        ]
