"""What searching costs: `python benchmarks/search.py [POSTS]`, from the root, on the server of DATABASE_URL.

Makes a test database with POSTS posts (1,000,000) of words drawn by Zipf's law, and drops it afterwards.
Times are medians of whole requests of a signed-in user, in milliseconds.
"""

import os
import random
import sys
import time
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from statistics import median
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from scratch import test_database  # first: it sets Django up

from accounts.models import User
from accounts.tests.factories import UserFactory
from api.pagination import Cursor
from board.models import Board, Comment, Post, PostGram, PostLike, Scrap
from board.search import grams_of
from conftest import Client

SYLLABLES = [chr(0xAC00 + 28 * n) for n in range(399)]
RARE, ODD = "뷁쉙", "갸갹거걱"
RUNS = 9


def words(rng: random.Random) -> list[str]:
    return ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(4_000)]


def batched(rows: Iterator[Any], size: int = 5_000) -> Iterator[list[Any]]:
    while batch := list(islice(rows, size)):
        yield batch


def fill(number: int, board: Board, small: Board, authors: list[Any]) -> list[str]:
    """The words, the most frequent first."""
    rng = random.Random(1)  # noqa: S311 (the same texts each time)
    vocabulary = words(rng)
    weights = [*accumulate(1 / (rank + 1) for rank in range(len(vocabulary)))]
    every = number // 50
    postings: dict[int, array] = defaultdict(lambda: array("q"))

    def posts() -> Iterator[Post]:
        for pk in range(1, number + 1):
            text = " ".join(rng.choices(vocabulary, cum_weights=weights, k=rng.randint(6, 40)))
            if pk % every == 0:
                text += f" 오늘{RARE}메뉴"
            text += " 갸갹" * (pk % 3 == 0) + " 갹거" * (pk % 3 <= 1) + " 거걱" * (pk % 2 == 0)
            for gram in grams_of("제목", text):
                postings[gram].append(pk)
            own = small if pk % 1_000 == 0 else board
            yield Post(
                pk=pk,
                board=own,
                school_id=own.school_id,
                author=authors[pk % len(authors)],
                title="제목",
                content=text,
                is_anonymous=True,
            )

    for batch in batched(posts()):
        Post.objects.bulk_create(batch)
    insert = "INSERT INTO board_postgram (school_id, gram, post_id) VALUES "
    rows = (f"({board.school_id},{gram},{pk})" for gram in sorted(postings) for pk in postings[gram])
    with connection.cursor() as cursor:
        for batch in batched(rows, 20_000):
            cursor.execute(insert + ",".join(batch))
        cursor.execute("ANALYZE TABLE board_post, board_postgram")
    return vocabulary


def mark(user: Any, posts: range) -> None:
    for model in (PostLike, Scrap):
        for batch in batched(model(post_id=pk, user=user) for pk in posts):
            model._default_manager.bulk_create(batch)
    for batch in batched(
        Comment(post_id=pk, author=user, content="댓글", is_anonymous=False) for pk in posts
    ):
        Comment.objects.bulk_create(batch)


@dataclass(frozen=True)
class School:
    """What was loaded: a user with 5 posts, likes, scraps and comments, one with many, and two boards."""

    few: User
    many: User
    board: Board
    small: Board
    vocabulary: list[str]


def load(number: int) -> School:
    few = UserFactory()
    many = UserFactory(school=few.school)
    others = UserFactory.create_batch(19, school=few.school)
    board = Board.objects.create(school=few.school, category="general", name="자유게시판")
    small = Board.objects.create(school=few.school, category="general", name="작은게시판")
    vocabulary = fill(number, board, small, [many, *others])
    Post.objects.filter(pk__in=range(1, number, number // 5)).update(author=few)
    mark(few, range(1, number, number // 5))
    mark(many, range(1, number, max(1, number // 50_000)))
    return School(few, many, board, small, vocabulary)


def measure(what: str, client: Client, **query: Any) -> None:
    """The median of whole requests, of the time that the database took of them, and the number of queries."""
    whole, sql, answer, queries = [], [], {}, 0
    for _ in range(RUNS):
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            answer = client.get("/api/v1/posts/", query).json()
            whole.append((time.perf_counter() - start) * 1_000)
        sql.append(sum(float(query["time"]) for query in captured) * 1_000)
        queries = len(captured)
    more = "and more" if answer["next"] else "to the end"
    rows = len(answer["results"])
    print(f"| {what} | {median(whole):.1f} | {median(sql):.1f} | {queries} | {rows} {more} |", flush=True)


def report(number: int, school: School) -> None:
    client, word = Client(school.few), school.vocabulary[0]
    measure("plain feed, cold", client)
    print("| page of 20 | ms | of it SQL | queries | rows |\n|---|---|---|---|---|")
    measure("plain feed", client)
    measure("frequent word", client, search=word)
    measure("three frequent words", client, search=" ".join(school.vocabulary[:3]))
    measure("frequent, deep", client, search=word, cursor=deep(number))
    measure("50 hits", client, search=RARE)
    measure("absent", client, search="쀍쀍쀍")
    measure("rare, of frequent grams", client, search=ODD)
    measure("frequent, small board", client, search=word, board=school.small.pk)
    measure("frequent, large board", client, search=word, board=school.board.pk)
    measure("50 hits, large board", client, search=RARE, board=school.board.pk)
    for name, user in (("5", school.few), ("many", school.many)):
        for query in ("mine", "liked", "scrapped", "commented"):
            measure(f"{query}, {name}", Client(user), **{query: "true"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, ROUND((data_length + index_length) / 1048576) FROM information_schema.tables"
            " WHERE table_schema = DATABASE() AND table_name IN ('board_post', 'board_postgram')"
        )
        print(cursor.fetchall())


def deep(number: int) -> str:
    return Cursor(("-id",), (number // 10,)).encode()


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with test_database():
        start = time.perf_counter()
        school = load(number)
        print(
            f"{number} posts, {PostGram.objects.count()} grams, loaded in {time.perf_counter() - start:.0f} s"
        )
        print(f"load {os.getloadavg()[0]:.1f}, {timezone.now():%Y-%m-%d}")
        report(number, school)


if __name__ == "__main__":
    main()
