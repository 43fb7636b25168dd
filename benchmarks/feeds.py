"""What the lists of posts and pinned boards cost: `python benchmarks/feeds.py [posts]`, from the root.

Runs on a test database beside that of DATABASE_URL, which is dropped afterwards. Each figure is the median
of the time that all queries of a request took, the one that says who asks included.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from posts import make_school
from scratch import connection, test_database

from accounts.models import User
from api.pagination import Cursor, order_keys
from board.models import Board, PinnedBoard, Post
from board.views.posts import PostViewSet
from conftest import Client

RUNS = 40
POSTS = "/api/v1/posts/"

# Each list, the order it has, and the rows it walks over.
FEEDS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "": (PostViewSet.orderings["newest"], {}),
    "?hot=true": (PostViewSet.feeds["hot"], {"hot_at__isnull": False}),
    "?best=true": (PostViewSet.feeds["best"], {"best_half__isnull": False}),
    "?ordering=hot": (PostViewSet.orderings["hot"], {}),
    "?ordering=likes": (PostViewSet.orderings["likes"], {}),
    "?hot=false": (PostViewSet.orderings["newest"], {}),
    "?board={board}": (PostViewSet.orderings["newest"], {"board": "{board}"}),
    "?board={board}&hot=true": (PostViewSet.feeds["hot"], {"board": "{board}", "hot_at__isnull": False}),
    "?board={board}&ordering=hot": (PostViewSet.orderings["hot"], {"board": "{board}"}),
}


@contextmanager
def timed() -> Iterator[list[tuple[float, str, Any]]]:
    """The queries that run inside: seconds, SQL and parameters of each."""
    queries: list[tuple[float, str, Any]] = []

    def watch(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            queries.append((time.perf_counter() - start, sql, params))

    with connection.execute_wrapper(watch):
        yield queries


def measure(client: Client, url: str) -> tuple[float, int, str]:
    """Milliseconds of SQL, the number of queries, and how the server says it finds the slowest."""
    times = []
    for _ in range(RUNS):
        with timed() as queries:
            answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(answer.content.decode())
        times.append(sum(seconds for seconds, _sql, _params in queries))
    _seconds, sql, params = max(queries, key=lambda query: query[0])
    return median(times) * 1000, len(queries), plan(sql, params)


def report(name: str, client: Client, url: str, base: float) -> float:
    cost, queries, how = measure(client, url)
    print(f"{name:42} {cost:8.2f} ms {cost / (base or cost):6.2f}x {queries} queries  {how}", flush=True)
    return cost


def plan(sql: str, params: Any) -> str:
    """The index that the outermost table is read by."""
    if connection.vendor != "mysql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        names = [column[0] for column in cursor.description]
        first = dict(zip(names, cursor.fetchone(), strict=True))
    return f"{first['table']} {first['type']} {first['key']}: {first['Extra']}"


def deep(url: str, ordering: tuple[str, ...], rows: dict[str, Any], board: Board) -> str:
    """The address of the page that begins in the middle of a list."""
    rows = {name: board.pk if value == "{board}" else value for name, value in rows.items()}
    posts = Post.objects.filter(**rows).order_by(*ordering).only(*(name.lstrip("-") for name in ordering))
    row = posts[posts.count() // 2]
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}cursor={Cursor(ordering, order_keys(row, ordering)).encode()}"


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with test_database():
        start = time.perf_counter()
        school = make_school(posts=number)
        boards = list(Board.objects.filter(school=school))
        user = User.objects.filter(school=school).first()
        PinnedBoard.objects.bulk_create(
            PinnedBoard(user=user, board=board, position=place) for place, board in enumerate(boards[:100])
        )
        print(f"{connection.vendor}, {number:,} posts made in {time.perf_counter() - start:.0f} s")
        client = Client(user)
        base = 0.0
        for query, (ordering, rows) in FEEDS.items():
            url = POSTS + query.format(board=boards[0].pk)
            for page, address in (("first", url), ("deep", deep(url, ordering, rows, boards[0]))):
                cost, queries, how = measure(client, address)
                base = base or cost
                print(
                    f"posts/{query:30} {page:5} {cost:8.2f} ms {cost / base:6.2f}x {queries} queries  {how}"
                )
        for query in ("?page_size=100", "?pinned=true&page_size=100"):
            report(f"boards/{query}", client, f"/api/v1/boards/{query}", base)


if __name__ == "__main__":
    main()
