"""Recomputing the counters that services keep."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from api.db import write
from board.models import Comment, CommentLike, Post, PostLike, Scrap

BATCH = 1000


@dataclass(frozen=True)
class Counter:
    """A column that counts `rows`, each of which points back with `key`."""

    model: type[Model]
    column: str
    rows: Callable[[], QuerySet]
    key: str

    @property
    def name(self) -> str:
        return f"{self.model._meta.model_name}.{self.column}"

    def wrong(self) -> QuerySet:
        """The rows whose column is not what counting gives, with that as `counted`."""
        counted = (
            self.rows()
            .filter(**{self.key: OuterRef("pk")})
            .order_by()
            .values(self.key)
            .annotate(number=Count("pk"))
            .values("number")
        )
        number = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        return self.model._default_manager.annotate(counted=number).exclude(**{self.column: F("counted")})


COUNTERS = (
    Counter(Post, "like_count", PostLike.objects.all, "post"),
    Counter(Post, "scrap_count", Scrap.objects.all, "post"),
    Counter(Post, "comment_count", lambda: Comment.objects.filter(deleted_at=None), "post"),
    Counter(Comment, "like_count", CommentLike.objects.all, "comment"),
    Counter(Comment, "reply_count", lambda: Comment.objects.shown(), "parent"),
)


def reconcile_counters() -> dict[str, int]:
    """Mend every counter that is off; how many rows were, by counter."""
    return {counter.name: mend(counter) for counter in COUNTERS}


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
    number = counter.rows().filter(**{counter.key: pk}).count()
    if getattr(row, counter.column) == number:
        return 0
    counter.model._default_manager.filter(pk=pk).update(**{counter.column: number})
    return 1
