"""A moderator at work, and what somebody wrote that somebody else reported."""

import pytest
from django.test import Client

from accounts.models import ModerationCase, School, User
from accounts.tests.factories import UserFactory
from board.tests.moderation import (
    make_old,
    make_target,
    report,
)
from board.tests.moderators_pages.helpers import browser_of


@pytest.fixture
def school(user: User) -> School:
    return user.school


@pytest.fixture
def moderator(school: School) -> User:
    return UserFactory(school=school, username="the_moderator", nickname="지기", is_moderator=True)


@pytest.fixture
def work(moderator: User) -> Client:
    """The moderator's browser."""
    return browser_of(moderator)


@pytest.fixture
def writer(school: School) -> User:
    return UserFactory(
        school=school,
        username="secret_writer",
        nickname="비밀작가",
        email="hidden.mail@example.org",
        name="김비밀",
    )


@pytest.fixture
def reporter(school: School) -> User:
    return make_old(
        UserFactory(
            school=school,
            username="who_reported",
            nickname="신고자임",
            email="told@example.org",
            name="김신고",
        )
    )


@pytest.fixture
def case(writer: User, reporter: User) -> ModerationCase:
    """Of an anonymous comment."""
    return report(reporter, make_target("comment", writer), note="보기 싫어요").case
