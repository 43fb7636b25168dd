"""Two people who act at one moment: one row a pair, one outcome, and no client sees an error of ours."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Block
from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from conftest import Client
from timetable.models import Friendship
from timetable.services import friends as services
from timetable.tests.friends import BLOCKS, FRIENDS, REQUESTS, ask, invitation_of
from timetable.tests.helpers import ok, status_codes

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

ROUNDS = range(5)


@pytest.fixture
def pairs(user):
    """Pairs of people of one school, each signed in: (one, other, their clients)."""

    def pair():
        one, other = UserFactory.create_batch(2, school=user.school)
        return one, other, Client(one), Client(other)

    return [pair() for _ in ROUNDS]


def asking(client, other):
    return lambda: client.post(REQUESTS, {"username": other.username})


def answering(client, pk, step):
    return lambda: client.post(f"{REQUESTS}{pk}/{step}/")


def blocking(client, other):
    return lambda: client.post(BLOCKS, {"user": str(other.pk)})


def visible(person):
    return Friendship.objects.visible_to(person)


def test_crossing_requests_make_one_friendship(pairs):
    for one, other, first, second in pairs:
        answers = at_once(*[asking(first, other), asking(second, one)] * 2)
        assert set(status_codes(answers)) <= {201, 409}
        row = Friendship.objects.between(one.pk, other.pk).get()
        assert row.accepted_at is not None
        assert status_codes(answers).count(201) >= 2


def test_a_request_answered_in_every_way_at_once_has_one_outcome(pairs):
    for one, other, first, second in pairs:
        pk = ok(ask(one, other))["id"]
        accepted, declined, taken = at_once(
            answering(second, pk, "accept"),
            answering(second, pk, "decline"),
            lambda first=first, pk=pk: first.delete(f"{REQUESTS}{pk}/"),
        )
        assert {accepted.status_code, declined.status_code, taken.status_code} <= {200, 204, 404}
        succeeded = [answer.status_code < 300 for answer in (accepted, declined, taken)]
        assert succeeded.count(True) == 1
        assert Friendship.objects.filter(pk=pk, accepted_at__isnull=False).exists() == succeeded[0]


def test_a_block_amid_anything_ends_it(pairs):
    """Whichever came first: the blocker has no friend, nor a request, of who they block."""
    for number, (one, other, first, second) in enumerate(pairs):
        pk = ok(ask(one, other))["id"]
        if number % 2:
            ok(second.post(f"{REQUESTS}{pk}/accept/"))
        answers = at_once(
            blocking(second, one),
            asking(first, other),
            answering(second, pk, "accept"),
            blocking(second, one),
        )
        assert set(status_codes(answers)) <= {200, 201, 404, 409}
        assert not visible(other).exists()
        assert not visible(one).accepted().exists()


def test_two_who_block_each_other_at_once_both_do(pairs):
    for one, other, first, second in pairs:
        ok(ask(one, other))
        answers = at_once(*[blocking(first, other), blocking(second, one)] * 2)
        assert status_codes(answers) == [201] * 4
        assert Block.objects.filter(blocker__in=(one, other)).count() == 2
        assert not Friendship.objects.between(one.pk, other.pk).exists()


def test_a_link_used_amid_requests_makes_one_friendship(pairs):
    for one, other, first, second in pairs:
        link = invitation_of(one)
        answers = at_once(
            *[lambda second=second, link=link: second.post(link)] * 2,
            asking(second, one),
            asking(first, other),
        )
        assert set(status_codes(answers)) <= {200, 201, 409}
        assert Friendship.objects.between(one.pk, other.pk).get().accepted_at is not None


def test_nobody_has_more_friends_than_the_limit_also_at_once(user, monkeypatch):
    monkeypatch.setattr(services, "MAX_FRIENDS", 3)
    link = invitation_of(user)
    clients = [Client(person) for person in UserFactory.create_batch(6, school=user.school)]
    answers = at_once(*[lambda client=client: client.post(link) for client in clients])
    assert status_codes(answers) == [200] * 3 + [409] * 3
    assert visible(user).accepted().count() == 3


def test_nobody_has_more_open_requests_than_the_limit_also_at_once(user, api, monkeypatch):
    monkeypatch.setattr(services, "MAX_SENT", 2)
    people = UserFactory.create_batch(5, school=user.school)
    assert status_codes(at_once(*[asking(api, person) for person in people])) == [201] * 2 + [409] * 3


def test_removing_from_both_sides_at_once_is_once(pairs):
    for one, other, first, second in pairs:
        ok(ask(one, other))
        ok(ask(other, one))
        answers = at_once(
            lambda first=first, other=other: first.delete(f"{FRIENDS}{other.pk}/"),
            lambda second=second, one=one: second.delete(f"{FRIENDS}{one.pk}/"),
        )
        assert status_codes(answers) == [204, 404]


def test_people_are_locked_before_what_is_between_them(user, api):
    other = UserFactory(school=user.school)
    answering_client, link = Client(other), invitation_of(other)

    def locked(call):
        with CaptureQueriesContext(connection) as queries:
            ok(call())
        found = [re.search(r"FROM `(\w+)`", row["sql"]) for row in queries if "FOR UPDATE" in row["sql"]]
        return [match[1] for match in found]

    both = ["accounts_user", "timetable_friendship"]
    # What one is told comes after all of it.
    assert locked(asking(api, other))[:2] == both
    pk = Friendship.objects.get().pk
    assert locked(answering(answering_client, pk, "accept"))[:2] == both
    assert locked(blocking(api, other)) == both
    Block.objects.all().delete()
    assert locked(lambda: api.post(link))[:3] == [*both, "timetable_friendinvitation"]
