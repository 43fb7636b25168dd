"""A semester of `user`'s school, and what most tests of timetables begin with."""

from typing import Any

import pytest

from accounts.models import User
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from conftest import Client
from timetable.models import Semester, Timetable
from timetable.tests.factories import SemesterFactory, TimetableFactory


@pytest.fixture
def semester(user: User) -> Semester:
    return SemesterFactory(school=user.school)


@pytest.fixture
def timetable(user: User, semester: Semester) -> Timetable:
    """The only timetable of `user`."""
    return TimetableFactory(user=user, semester=semester, primary=True)


@pytest.fixture
def people(user: User) -> dict[str, User]:
    """Everybody who has nothing to do with the timetables of `user`, and `user`."""
    sanctioned, staff = UserFactory(school=user.school), StaffFactory()
    sanction_user(user=staff, sanctioned=sanctioned, kind="no_writing", until=None, reason="spam")
    return {
        "user": user,
        "other": UserFactory(school=user.school),
        "moderator": UserFactory(school=user.school, is_moderator=True),
        "unverified": UserFactory(school=user.school, school_verified_at=None),
        "sanctioned": sanctioned,
        "other school": UserFactory(school=SchoolFactory()),
        "staff": staff,
    }


@pytest.fixture
def clients(people: dict[str, User]) -> dict[str, Any]:
    return {role: Client(person) for role, person in people.items()}
