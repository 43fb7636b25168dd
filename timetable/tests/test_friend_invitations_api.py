"""Links by which people of one's school become one's friends."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import codes
from conftest import Client
from timetable.models import FriendInvitation, Friendship
from timetable.services import friends as services
from timetable.services import invitations
from timetable.tests.friends import (
    INVITATIONS,
    MISSING,
    accept_url,
    ask,
    befriend,
    friends_of,
    invitation_of,
    requests_of,
    told,
)
from timetable.tests.helpers import ok

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(user):
    return UserFactory(school=user.school)


def test_an_invitation_tells_its_token_once_and_keeps_a_hash(api, user):
    answer = api.post(INVITATIONS)
    assert answer.status_code == 201
    made = answer.json()
    token = made.pop("token")
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert ok(api.get(INVITATIONS))["results"] == [made]
    lasts = parse_datetime(made["expires_at"]) - parse_datetime(made["created_at"])
    assert lasts == timedelta(days=14)
    saved = FriendInvitation.objects.values().get()
    assert token not in str(saved)
    assert ok(api.post(INVITATIONS))["token"] != token


def test_several_people_become_friends_through_one_link(user, other):
    link, third = invitation_of(user), UserFactory(school=user.school)
    for person in (other, third):
        friend = ok(Client(person).post(link))
        assert friend["user"]["id"] == str(user.pk)
        assert friends_of(person) == [user.nickname]
        assert codes(Client(person).post(link)) == {(None, "already_friends")}
    assert friends_of(user) == [third.nickname, other.nickname]
    assert {row["author"]["id"] for row in told(user, "friend_accepted")} == {str(other.pk), str(third.pk)}
    assert told(other, "friend_accepted") == []


@pytest.mark.parametrize("asker", ["inviter", "invited"])
def test_an_invitation_answers_a_request_whichever_way_round(user, other, asker):
    ok(ask(user, other) if asker == "inviter" else ask(other, user))
    ok(Client(other).post(invitation_of(user)))
    assert friends_of(user) == [other.nickname]
    assert requests_of(user) == requests_of(other) == []
    assert Friendship.objects.count() == 1
    assert [row["author"]["id"] for row in told(user, "friend_accepted")] == [str(other.pk)]
    assert told(other, "friend_accepted") == []


def test_a_link_that_can_not_be_used_is_not_there(user, other, time_machine):
    """Unknown, taken back, expired, of another school, of somebody shut out: the same bytes."""
    start = timezone.now()
    link = invitation_of(user)
    token = link.split("/")[-3]
    missing = Client(other).post(accept_url("0" * 32))
    assert missing.status_code == 404

    def refused(client, path):
        answer = client.post(path)
        return (answer.status_code, answer.content) == (404, missing.content)

    assert refused(Client(other), accept_url(token.upper()))
    assert refused(Client(UserFactory()), link)
    assert refused(Client(StaffFactory()), link)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refused(Client(other), link)
    User.objects.filter(pk=user.pk).update(is_active=True)
    time_machine.move_to(start + timedelta(days=14, seconds=1))
    assert refused(Client(other), link)
    assert ok(Client(user).get(INVITATIONS))["results"] == []
    time_machine.move_to(start + timedelta(days=13, hours=23))
    pk = ok(Client(user).get(INVITATIONS))["results"][0]["id"]
    assert Client(other).delete(f"{INVITATIONS}{pk}/").status_code == 404
    assert Client(user).delete(f"{INVITATIONS}{pk}/").status_code == 204
    assert Client(user).delete(f"{INVITATIONS}{pk}/").status_code == 404
    assert refused(Client(other), link)
    assert friends_of(user) == []


def test_a_link_that_was_just_taken_back_is_404(user, other, monkeypatch):
    token = invitation_of(user).split("/")[-3]

    def take_back(*people):
        FriendInvitation.objects.all().delete()

    monkeypatch.setattr(invitations, "lock_pair", take_back)
    assert Client(other).post(accept_url(token)).status_code == 404
    assert not Friendship.objects.exists()


def test_ones_own_link_is_for_others(user):
    answer = Client(user).post(invitation_of(user))
    assert (answer.status_code, codes(answer)) == (403, {(None, "own_content")})


@pytest.mark.parametrize("role", ["unverified", "sanctioned"])
def test_who_may_not_write_neither_invites_nor_accepts_but_takes_back(people, clients, user, role):
    code = {"unverified": "verification_required", "sanctioned": "sanctioned"}[role]
    assert codes(clients[role].post(INVITATIONS)) == {(None, code)}
    assert codes(clients[role].post(invitation_of(user))) == {(None, code)}
    own = FriendInvitation.objects.create(user=people[role], token_hash="x")
    assert [row["id"] for row in ok(clients[role].get(INVITATIONS))["results"]] == [own.pk]
    assert clients[role].delete(f"{INVITATIONS}{own.pk}/").status_code == 204


def test_ten_are_open_at_most_and_expired_ones_go(api, user, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    for _ in range(10):
        ok(api.post(INVITATIONS))
    assert codes(api.post(INVITATIONS)) == {(None, "too_many_invitations")}
    FriendInvitation.objects.filter(pk=FriendInvitation.objects.first().pk).update(
        created_at=start - timedelta(days=15)
    )
    ok(api.post(INVITATIONS))
    assert FriendInvitation.objects.count() == 10
    assert api.delete(f"{INVITATIONS}{MISSING}/").status_code == 404


def test_who_has_500_friends_is_joined_by_nobody(user, other, monkeypatch):
    monkeypatch.setattr(services, "MAX_FRIENDS", 1)
    link = invitation_of(user)
    befriend(user, UserFactory(school=user.school))
    assert codes(Client(other).post(link)) == {(None, "too_many_friends")}


def test_using_links_is_limited(other, monkeypatch):
    monkeypatch.setattr("api.throttling.ActionThrottle.THROTTLE_RATES", {"friend": "1/hour"})
    client = Client(other)
    assert [client.post(accept_url("0" * 32)).status_code for _ in range(2)] == [404, 429]


def test_invitations_go_with_whoever_leaves(user):
    invitation_of(user)
    User.objects.filter(pk=user.pk).delete()
    assert not FriendInvitation.objects.exists()


def test_who_moves_takes_the_link_to_the_new_school(user, other):
    link = invitation_of(user)
    User.objects.filter(pk=user.pk).update(school=SchoolFactory())
    assert Client(other).post(link).status_code == 404


def test_one_invitation_and_ten_cost_the_same(api, count_queries):
    ok(api.post(INVITATIONS))
    one = count_queries(lambda: api.get(INVITATIONS))
    for _ in range(9):
        ok(api.post(INVITATIONS))
    assert count_queries(lambda: api.get(INVITATIONS)) == one
