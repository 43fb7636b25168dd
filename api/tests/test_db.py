"""`api.db.write`."""

from threading import Barrier, BrokenBarrierError

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, OperationalError, connection, transaction

from api import db
from api.db import write
from api.tests.helpers import at_once


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(db.time, "sleep", lambda seconds: None)


def failing(*errors):
    """A function that fails with each of these errors in turn, and then answers with its number of calls."""
    remaining = list(errors)

    def function():
        Group.objects.create(name=f"try {len(remaining)}")
        if remaining:
            raise remaining.pop(0)
        return Group.objects.count()

    return write(function)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1213, 1205, 1020])
def test_what_the_server_asks_to_try_again_is_tried_three_times(number):
    busy = OperationalError(number, "busy")
    assert failing(busy, busy)() == 1  # the first two tries left nothing
    with pytest.raises(OperationalError):
        failing(busy, busy, busy)()
    assert Group.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "error",
    [OperationalError(2006, "gone away"), OperationalError(), IntegrityError(1213), ValueError(1213)],
    ids=repr,
)
def test_any_other_error_is_not_tried_again(error):
    function = failing(error)
    with pytest.raises(type(error)):
        function()
    assert not Group.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_write_inside_a_write_joins_it():
    tries = []

    @write
    def inner():
        tries.append(connection.in_atomic_block)
        if len(tries) < 3:
            raise OperationalError(1213, "deadlock")

    @write
    def outer():
        Group.objects.create(name=f"try {len(tries)}")
        inner()

    outer()
    assert tries == [True, True, True]
    assert [group.name for group in Group.objects.all()] == ["try 2"]


@pytest.mark.django_db(transaction=True)
def test_an_error_takes_the_whole_write_back():
    @write
    def outer():
        Group.objects.create(name="outer")
        failing(ValueError())()

    with pytest.raises(ValueError):  # noqa: PT011 (it carries no message)
        outer()
    assert not Group.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_the_commit_happens_once():
    sent, tries = [], []

    @write
    def notify():
        tries.append(1)
        transaction.on_commit(lambda: sent.append(len(tries)))
        if len(tries) == 1:
            raise OperationalError(1213, "deadlock")

    notify()
    assert sent == [2]


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_of_two_deadlocked_writes_both_succeed():
    for name in "ab":
        Group.objects.create(name=name)
    each_holds_one = Barrier(2, timeout=5)
    tries = []

    @write
    def rename(first, second):
        tries.append(first)
        Group.objects.filter(name__startswith=first).update(name=f"{first}{len(tries)}")
        if len(tries) <= 2:
            try:
                each_holds_one.wait()
            except BrokenBarrierError:
                pytest.fail("the two writes did not overlap")
        Group.objects.filter(name__startswith=second).update(name=f"{second}{len(tries)}")
        return True

    assert at_once(lambda: rename("a", "b"), lambda: rename("b", "a")) == [True, True]
    assert len(tries) == 3
