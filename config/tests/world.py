"""A small school with somebody in every role, and the routes of the whole API."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import School, User
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from board.models import Board, Comment, Post
from board.services.boards import pin_board
from board.services.comments import create_comment
from board.services.likes import like, scrap
from board.services.posts import create_post

ACTORS = ("stranger", "other_school", "unverified", "user", "owner", "manager", "moderator", "staff")


@dataclass
class World:
    school: School
    people: dict[str, User | None]
    board: Board
    post: Post
    named_post: Post
    question: Post
    comment: Comment
    reply: Comment

    def __getattr__(self, name: str) -> Any:
        """`world.owner` and the others by their role."""
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def make_world(author: str = "owner") -> World:
    """`author` is the role that wrote the anonymous post, comment and reply."""
    school, other = SchoolFactory(name="마당대학교"), SchoolFactory(name="다른대학교")

    def person(role: str, **fields: Any) -> User:
        return UserFactory(username=role[:20], nickname=role[:10], **{"school": school} | fields)

    people: dict[str, User | None] = {
        "stranger": None,
        "other_school": person("other_school", school=other),
        "unverified": person("unverified", school_verified_at=None),
        "user": person("user"),
        "owner": person("owner"),
        "second": person("second"),
        "manager": person("manager"),
        "moderator": person("moderator", is_moderator=True),
        "staff": StaffFactory(username="staff", nickname="staff"),
    }
    board = Board.objects.create(
        school=school, category="general", name="자유게시판", manager=people["manager"]
    )
    writer, bystander = people[author], people["user"]
    post = create_post(user=writer, board=board, title="익명 글", content="내용", is_anonymous=True)
    named_post = create_post(user=people["user"], board=board, title="글", content="내용", is_anonymous=False)
    # Of the owner in every world; who commented on it without a name is another question.
    question = create_post(
        user=people["owner"], board=board, title="질문", content="?", is_anonymous=False, is_question=True
    )
    create_comment(user=writer, post=question, content="질문의 익명 댓글", is_anonymous=True)
    comment = create_comment(user=writer, post=post, content="댓글", is_anonymous=True)
    create_comment(user=bystander, post=post, content="다른 댓글", is_anonymous=True)
    reply = create_comment(user=writer, post=named_post, content="익명 댓글", is_anonymous=True)
    like(user=bystander, content=post, wanted=True)
    scrap(user=bystander, post=post, wanted=True)
    pin_board(user=bystander, board=board)
    return World(school, people, board, post, named_post, question, comment, reply)


@dataclass(frozen=True)
class Route:
    name: str
    params: tuple[str, ...]
    methods: tuple[str, ...]


def walk(patterns: Any = None) -> Iterator[Route]:
    """Every named route of the URL configuration outside the admin and the static files."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace not in ("admin", "djdt"):
                yield from walk(entry.url_patterns)
        elif isinstance(entry, URLPattern) and entry.name:
            actions = getattr(entry.callback, "actions", None) or {"get": "get"}
            methods = tuple(sorted(method.upper() for method in actions if method != "head"))
            yield Route(entry.name, tuple(entry.pattern.converters), methods)


def url_of(name: str, params: tuple[str, ...], world: World, actor: str = "user") -> str:
    """The path of a route, about the owner's anonymous post and comment."""
    kind = name.split("-")[0]
    pk: Any = {
        "school": world.school.pk,
        "user": world.people["user"].pk,
        "board": world.board.pk,
        "post": world.post.pk,
        "comment": world.comment.pk,
    }.get(kind)
    values = {"pk": pk, "post_id": world.post.pk, "comment_id": world.comment.pk}
    return reverse(name, kwargs={param: values[param] for param in params})
