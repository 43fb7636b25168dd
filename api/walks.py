"""Pages found by walking ids, newest first and within a bound, where filtering could read a whole table.

What stands in a list somewhere (the posts with a word, those that one likes) is read from there: a window
of ids, then the rows with these ids that pass the filters, until the page is full. The database is always
given ids, so that no planner can choose another way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet, Subquery
from rest_framework.request import Request

from api.pagination import MAX_BIGINT, Cursor, KeysetPagination, typed, url_of

M = TypeVar("M", bound=Model)

NEWEST = ("-id",)
# A page looks at so many ids, and reads so many rows, at most. Where it meets a bound it is short, and its
# link goes on. A long text counts as many rows, for comparing it takes as long.
MAX_IDS = 20_000
MAX_ROWS = 1_000
CHARACTERS_A_ROW = 200
# Ids a window, which doubles. Beyond 1,000, MariaDB makes a table of the values of an IN.
FIRST_WINDOW, LARGEST_WINDOW = 200, 800
ROWS_AT_ONCE = 200
# How far away the entry with this number is tells how rare the entries of a list are.
DEPTH = 500
# In so many other lists the ids of the rarest are looked up before their rows are read.
NARROWING = 3
# Where a page met its bound is told by so many ids at once: what stands there may be hidden from who asks.
ROUNDED_TO = 100


@dataclass(frozen=True)
class IdList:
    """Ids of rows: the values of `field` in `rows`, by an index that has them in order, repeated or not."""

    rows: QuerySet
    field: str

    def beyond(self, key: int | None, *, backward: bool, inclusive: bool = False) -> QuerySet:
        """The ids after `key`, downward; upward for a page that is walked backward."""
        rows = self.rows
        if key is not None:
            operator = ("gt" if backward else "lt") + ("e" if inclusive else "")
            rows = rows.filter(**{f"{self.field}__{operator}": key})
        return rows.order_by(self.field if backward else f"-{self.field}").values_list(self.field, flat=True)

    def among(self, ids: list[int]) -> set[int]:
        """Those of `ids` that stand here."""
        return set(
            self.rows.filter(**{f"{self.field}__in": ids}).order_by().values_list(self.field, flat=True)
        )


@dataclass(frozen=True)
class RowTest:
    """A test of rows that is no database's to make, by the values of some fields."""

    fields: tuple[str, ...]
    passes: Callable[..., bool]


class WalkedQuerySet(QuerySet[M]):
    """Knows lists of ids in which all its rows stand, and a test that they must pass."""

    id_lists: tuple[IdList, ...] = ()
    test: RowTest | None = None

    def _clone(self) -> Any:
        clone = super()._clone()  # type: ignore[misc]
        clone.id_lists, clone.test = self.id_lists, self.test
        return clone

    def standing_in(self, *lists: IdList) -> Any:
        """The same rows, paged by walking one of `lists`."""
        walked: Any = self.all()
        walked.id_lists = (*self.id_lists, *lists)
        return walked

    def passing(self, test: RowTest) -> Any:
        """Those rows that pass a test, made when a page is walked: they must stand in a list too."""
        walked: Any = self.all()
        walked.test = test
        return walked


class Walk:
    """The way of one page through the rarest of a queryset's lists, from after `key` on."""

    def __init__(
        self, queryset: Any, key: int | None = None, *, backward: bool = False, inclusive: bool = False
    ) -> None:
        self.queryset = queryset.order_by("id" if backward else "-id")
        self.key, self.backward, self.inclusive = key, backward, inclusive
        # How many rows may still be read, and the last id that was looked at where a bound was met.
        self.left = MAX_ROWS
        self.reached: int | None = None

    def take(self, number: int) -> list[Any]:
        """The next `number` rows. Fewer where there are no more, or where a bound was met."""
        candidates = self.candidates(number)
        found: list[Any] = []
        size = number
        while len(found) < number and self.left > 0 and (ids := list(islice(candidates, size))):
            if passing := list(self.passing(ids)):
                found += self.queryset.filter(pk__in=passing)
            size = min(2 * size, ROWS_AT_ONCE)
        return found[:number]

    def passing(self, ids: list[int]) -> Iterator[int]:
        """Those of `ids` whose rows pass the test, until the bound is met. What it compares is read alone."""
        test = self.queryset.test
        if test is None:
            yield from ids
            self.spend(len(ids), ids[-1])
            return
        rows = self.queryset.model._base_manager.filter(pk__in=ids).order_by("id" if self.backward else "-id")
        for pk, *values in rows.values_list("pk", *test.fields):
            if test.passes(*values):
                yield pk
            self.spend(1 + sum(map(len, values)) // CHARACTERS_A_ROW, pk)
            if self.left <= 0:
                return

    def spend(self, rows: int, reached: int) -> None:
        self.left -= rows
        if self.left <= 0:
            self.reached = reached

    def candidates(self, number: int) -> Iterator[int]:
        """The ids in the rarest lists, within the bound."""
        first, *others = self.rarest_first()
        for ids in self.windows(first, max(number, FIRST_WINDOW)):
            for other in others[:NARROWING]:
                standing = other.among(ids) if ids else set()
                ids = [pk for pk in ids if pk in standing]
            yield from ids

    def windows(self, ids: IdList, size: int) -> Iterator[list[int]]:
        key, inclusive, left = self.key, self.inclusive, MAX_IDS
        while left > 0:
            window = list(ids.beyond(key, backward=self.backward, inclusive=inclusive)[:size])
            yield list(dict.fromkeys(window))
            if len(window) < size:
                return
            key, inclusive = window[-1], False
            left -= size
            size = min(2 * size, LARGEST_WINDOW)
        self.reached = key

    def rarest_first(self) -> list[IdList]:
        """The lists by how far their entry number `DEPTH` is from here; one without so many is the rarest."""
        lists = list(self.queryset.id_lists)
        if len(lists) == 1:
            return lists
        ordered = [ids.beyond(self.key, backward=self.backward) for ids in lists]
        probes = {str(number): Subquery(ids[DEPTH - 1 : DEPTH]) for number, ids in enumerate(ordered)}
        found = self.queryset.model._base_manager.order_by("pk").values(**probes).first() or {}

        def distance(number: int) -> int:
            there = found.get(str(number))
            if there is None:
                return -MAX_BIGINT
            return -there if self.backward else there

        return [lists[number] for number in sorted(range(len(lists)), key=distance)]


class WalkPagination(KeysetPagination):
    """Keyset pages, that walk what stands in lists of ids. Their cursors are the same."""

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        if not self.is_walked(queryset, view):
            return super().paginate_queryset(queryset, request, view)
        self.ordering = NEWEST
        self.url = url_of(request)
        size = self.get_page_size(request)
        cursor = self.get_cursor(request)
        walk = self.begin(queryset, cursor)
        rows = walk.take(size + 1)
        more, rows = len(rows) > size, rows[:size]
        if walk.backward:
            rows.reverse()
        self.set_links(rows, cursor, more)
        if walk.reached is not None and not more:
            self.link_on(walk, rows, cursor)
        return rows

    def is_walked(self, queryset: Any, view: Any) -> bool:
        """What a row must be read for is always in this order; the rest may be in another."""
        if not getattr(queryset, "id_lists", ()):
            return False
        return queryset.test is not None or view.get_ordering() == NEWEST

    def begin(self, queryset: QuerySet, cursor: Cursor | None) -> Walk:
        if cursor is None:
            return Walk(queryset)
        try:
            key = typed(queryset.model, "id", cursor.keys[0])
        except ValueError:
            raise self.invalid_cursor() from None
        return Walk(queryset, key, backward=cursor.backward, inclusive=cursor.inclusive)

    def link_on(self, walk: Walk, rows: list[Any], cursor: Cursor | None) -> None:
        """The links of a page that met its bound: one from there, and one back."""
        if not walk.backward:
            self.next_link = self.link((bound_of(walk, rows[-1:]),))
            return
        self.previous_link = self.link((bound_of(walk, rows[:1]),), backward=True)
        if not rows and cursor is not None:
            self.next_link = self.link(cursor.keys, inclusive=not cursor.inclusive)


def bound_of(walk: Walk, last: list[Any]) -> int:
    """The key from which the walk goes on: a round id before the one reached, but after the page's rows."""
    reached = walk.reached or 0
    if walk.backward:
        rounded = max([reached - reached % ROUNDED_TO, *(row.pk for row in last)])
        return rounded if walk.key is None or rounded > walk.key else reached
    rounded = min([reached + -reached % ROUNDED_TO, *(row.pk for row in last)])
    return rounded if walk.key is None or rounded < walk.key else reached
