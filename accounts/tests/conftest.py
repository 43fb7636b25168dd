"""Who the tests of this app are about, beside `user`."""

import pytest

from accounts.models import School, User
from accounts.tests.factories import UserFactory


@pytest.fixture
def school(user: User) -> School:
    return user.school


@pytest.fixture
def author(school: School) -> User:
    """Someone else of the school."""
    return UserFactory(school=school)


@pytest.fixture
def moderator(school: School) -> User:
    return UserFactory(school=school, is_moderator=True)
