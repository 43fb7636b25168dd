"""A school with `user` in it, and what most tests of this app begin with."""

from typing import Any

import pytest

from accounts.models import School, User
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from board.models import Board, Post
from board.tests.factories import BoardFactory, PostFactory
from conftest import Client


@pytest.fixture
def school(user: User) -> School:
    return user.school


@pytest.fixture
def other(school: School) -> User:
    """Someone else of the school."""
    return UserFactory(school=school)


@pytest.fixture
def manager(school: School) -> User:
    return UserFactory(school=school)


@pytest.fixture
def board(school: School, manager: User) -> Board:
    return BoardFactory(school=school, manager=manager)


@pytest.fixture
def post(board: Board, other: User) -> Post:
    """A named post of `other`."""
    return PostFactory(board=board, author=other)


@pytest.fixture
def anonymous_post(board: Board, other: User) -> Post:
    return PostFactory(board=board, author=other, is_anonymous=True)


@pytest.fixture
def people(user: User, other: User, manager: User, school: School) -> dict[str, User]:
    """Everybody who may look at something of `other`, by role; `user` has none."""
    return {
        "author": other,
        "user": user,
        "manager": manager,
        "moderator": UserFactory(school=school, is_moderator=True),
        "staff": StaffFactory(),
        "unverified": UserFactory(school=school, school_verified_at=None),
        "other school": UserFactory(school=SchoolFactory()),
    }


@pytest.fixture
def clients(people: dict[str, User]) -> dict[str, Any]:
    return {role: Client(person) for role, person in people.items()}


@pytest.fixture
def author(school: School) -> User:
    """Who wrote what is reported."""
    return UserFactory(school=school)


@pytest.fixture
def moderator(school: School) -> User:
    return UserFactory(school=school, is_moderator=True)
