"""Columns that count rows: finding those that are off, and mending them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from api.db import write

BATCH = 1000


@dataclass(frozen=True)
class Counter:
    """A column that counts `rows`, each of which points back with `key`.

    `of` counts the different values of a field instead: people, and not their rows. With `sums`, the
    column has the sum of that field.
    """

    model: type[Model]
    column: str
    rows: Callable[[], QuerySet]
    key: str
    of: str = "pk"
    sums: bool = False

    @property
    def name(self) -> str:
        return f"{self.model._meta.model_name}.{self.column}"

    @property
    def number(self) -> Any:
        if self.sums:
            return Coalesce(Sum(self.of), 0)
        return Count(self.of, distinct=self.of != "pk")

    def wrong(self) -> QuerySet:
        """The rows whose column is not what counting gives, with that as `counted`."""
        counted = (
            self.rows()
            .filter(**{self.key: OuterRef("pk")})
            .order_by()
            .values(self.key)
            .annotate(number=self.number)
            .values("number")
        )
        number = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        return self.model._default_manager.annotate(counted=number).exclude(**{self.column: F("counted")})


def reconcile(counters: Iterable[Counter]) -> dict[str, int]:
    """Mend every counter that is off; how many rows were, by counter."""
    return {counter.name: mend(counter) for counter in counters}


def mend(counter: Counter) -> int:
    """Mend in small transactions, each row counted anew under its lock.

    Again until nothing is off: mending a reply's count can change whether its parent's is right.
    """
    mended = 0
    while ids := list(counter.wrong().order_by("-pk").values_list("pk", flat=True)[:BATCH]):
        mended += sum(mend_row(counter, pk) for pk in ids)
    return mended


@write
def mend_row(counter: Counter, pk: int) -> int:
    row = counter.model._default_manager.select_for_update().get(pk=pk)
    number = counter.rows().filter(**{counter.key: pk}).aggregate(number=counter.number)["number"]
    if getattr(row, counter.column) == number:
        return 0
    counter.model._default_manager.filter(pk=pk).update(**{counter.column: number})
    return 1
