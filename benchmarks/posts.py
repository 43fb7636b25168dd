"""A school with very many posts, for benchmarks of lists. Texts are short: what is measured is the walk.

Ids follow time. A few boards have most of the posts, and a few posts most of the likes: 4 in 100 are HOT, and
2 in 1,000 among the BEST. Some are hidden or deleted, and some boards keep out of HOT.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.utils import timezone
from scratch import connection  # first: it sets Django up

from accounts.models import School, User
from board.models import Board, Post

YEARS = 4
USERS = 500
BATCH = 2000


def make_school(*, posts: int, boards: int = 200) -> School:
    """A school with so many posts of the last years on so many boards, by 500 people."""
    rng = random.Random(2026)  # noqa: S311 (the same school everywhere, no secret)
    school = School.objects.create(name="마당대학교", region="서울특별시")
    users = make_users(school)
    made = [make_board(school, number) for number in range(boards)]
    Post._meta.get_field("created_at").auto_now_add = False  # they are as old as they say
    rows = make_posts(made, users, posts, rng)
    while batch := list(islice(rows, BATCH)):
        Post.objects.bulk_create(batch)
    Post._meta.get_field("created_at").auto_now_add = True
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE TABLE board_post" if connection.vendor == "mysql" else "ANALYZE")
    return school


def make_users(school: School) -> list[User]:
    names = [f"user{number}" for number in range(USERS)]
    User.objects.bulk_create(
        User(
            username=name,
            nickname=name,
            email=f"{name}@example.com",
            password="!",  # noqa: S106 (nobody signs in by it)
            school=school,
            school_verified_at=timezone.now(),
        )
        for name in names
    )
    return list(User.objects.filter(school=school))


def make_board(school: School, number: int) -> Board:
    return Board.objects.create(
        school=school,
        name=f"게시판{number}",
        category="general",
        in_hot=number % 20 != 19,
        needs_verification=number % 30 == 29,
    )


def make_posts(boards: list[Board], users: list[User], number: int, rng: random.Random) -> Iterator[Post]:
    now = timezone.now()
    step = timedelta(days=365 * YEARS) / number
    weights = [1 / place for place in range(1, len(boards) + 1)]
    for place, board in enumerate(rng.choices(boards, weights, k=number)):
        written = now - step * (number - place)
        likes = min(int(rng.paretovariate(1.4)) - 1, 3000)
        yield Post(
            created_at=written,
            board=board,
            school_id=board.school_id,
            author=rng.choice(users),
            title=f"제목 {place}",
            content="내용 " * 40,
            is_anonymous=rng.random() < 0.9,
            like_count=likes,
            hot_at=written + timedelta(hours=rng.expovariate(1 / 4)) if likes >= settings.HOT_LIKES else None,
            hidden_at=written if rng.random() < 0.005 else None,
            deleted_at=written if rng.random() < 0.03 else None,
        )
