import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import School, User

PASSWORD = "correct-horse-7"


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = School

    name = factory.Sequence(lambda n: f"마당대학교{n}")
    region = "서울특별시"


class UserFactory(factory.django.DjangoModelFactory):
    """A verified user of a school of their own, unless one is given."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user_{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    nickname = factory.Sequence(lambda n: f"학생{n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    school = factory.SubFactory(SchoolFactory)
    school_verified_at = factory.LazyFunction(timezone.now)
    admission_year = 2025


class StaffFactory(UserFactory):
    """An operator: no school."""

    school = None
    school_verified_at = None
    is_staff = True
