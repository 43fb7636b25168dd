import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import User
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_createsuperuser_makes_an_operator_without_a_school(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct-horse-7")
    call_command(
        "createsuperuser",
        interactive=False,
        username="op_kim",
        email="op@example.com",
        nickname="관리하는사람",
    )
    user = User.objects.get()
    assert user.is_staff
    assert user.is_superuser
    assert user.school is None
    assert user.check_password("correct-horse-7")


def test_all_but_staff_have_a_school():
    StaffFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(school=None)


@pytest.mark.parametrize("attr", ["username", "email", "nickname"])
def test_the_database_keeps_names_unique(attr):
    UserFactory(**{attr: "minji"})
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**{attr: "MinJi"})


def test_a_school_with_users_can_not_be_deleted():
    user = UserFactory()
    with pytest.raises(ProtectedError):
        user.school.delete()


def test_without_the_requirement_everybody_counts_as_verified(settings):
    user = UserFactory(school_verified_at=None)
    assert not user.is_verified
    settings.REQUIRE_SCHOOL_VERIFICATION = False
    assert user.is_verified


def test_a_moderator_decides_for_the_own_school_and_staff_for_all():
    school, elsewhere = SchoolFactory(), SchoolFactory()
    moderator = UserFactory(school=school, is_moderator=True)
    assert moderator.moderates(school.pk)
    assert not moderator.moderates(elsewhere.pk)
    assert not UserFactory(school=school).moderates(school.pk)
    assert StaffFactory().moderates(school.pk)
