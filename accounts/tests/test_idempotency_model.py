from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.exceptions import IdempotencyKeyReused
from accounts.models import IdempotencyRecord
from accounts.services.idempotency import Claim, find_result, make_once
from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once

pytestmark = pytest.mark.django_db

CLAIM = Claim(key="k" * 64, method="POST", path="/api/v1/posts/", body_hash="b" * 64)


@pytest.fixture
def make(user):
    """Makes a user; `make.count` says how often."""

    def make():
        make.count += 1
        return UserFactory(school=user.school)

    make.count = 0
    return make


def test_a_retry_makes_nothing_and_gives_the_first_result(user, make):
    first, made = make_once(user=user, claim=CLAIM, make=make)
    assert made
    assert make_once(user=user, claim=CLAIM, make=make) == (str(first), False)
    assert find_result(user=user, claim=CLAIM) == str(first)
    assert make.count == 1


def test_a_key_is_its_users_own(user, make):
    make_once(user=user, claim=CLAIM, make=make)
    other = UserFactory()
    assert find_result(user=other, claim=CLAIM) is None
    assert make_once(user=other, claim=CLAIM, make=make)[1]


@pytest.mark.parametrize("change", [{"method": "PUT"}, {"path": "/api/v1/boards/"}, {"body_hash": "c" * 64}])
def test_a_key_belongs_to_one_request(user, make, change):
    make_once(user=user, claim=CLAIM, make=make)
    other = Claim(**vars(CLAIM) | change)
    with pytest.raises(IdempotencyKeyReused):
        find_result(user=user, claim=other)
    with pytest.raises(IdempotencyKeyReused):
        make_once(user=user, claim=other, make=make)


@pytest.mark.django_db(transaction=True)
def test_a_write_that_fails_leaves_no_record(user):
    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        make_once(user=user, claim=CLAIM, make=fail)
    assert not IdempotencyRecord.objects.exists()


def test_after_a_day_a_key_is_free_again(user, make, time_machine):
    make_once(user=user, claim=CLAIM, make=make)
    time_machine.move_to(timezone.now() + timedelta(hours=24, seconds=1))
    assert find_result(user=user, claim=CLAIM) is None
    assert make_once(user=user, claim=CLAIM, make=make)[1]


def test_prune_deletes_the_records_of_more_than_a_day_ago(user):
    def record(key, age):
        made = IdempotencyRecord.objects.create(
            user=user, key=key, method="POST", path="/", body_hash="", status=201
        )
        IdempotencyRecord.objects.filter(pk=made.pk).update(created_at=timezone.now() - age)

    record("old", timedelta(hours=24, seconds=1))
    record("new", timedelta(hours=23, minutes=59))
    out = StringIO()
    call_command("prune", stdout=out)
    assert "1 idempotency records deleted" in out.getvalue()
    assert IdempotencyRecord.objects.get().key == "new"


@pytest.mark.django_db(transaction=True)
@pytest.mark.server
def test_of_two_writes_at_once_with_one_key_one_is_made(user, make):
    results = at_once(*[lambda: make_once(user=user, claim=CLAIM, make=make)] * 2)
    assert sorted(made for _result, made in results) == [False, True]
    assert len({str(result) for result, _made in results}) == 1
    assert make.count == 1
