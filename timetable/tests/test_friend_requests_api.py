"""Asking to be friends by username; accepting, declining, taking back."""

import pytest
from django.http import Http404
from rest_framework.exceptions import ValidationError

from accounts.models import User
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import codes
from conftest import Client
from timetable.models import Friendship
from timetable.services import friends as services
from timetable.tests.friends import (
    MISSING,
    REQUESTS,
    ask,
    befriend,
    block,
    friends_of,
    requests_of,
    told,
    unblock,
)
from timetable.tests.helpers import ok

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(user):
    return UserFactory(school=user.school)


def answer_to(client, pk, step):
    return client.post(f"{REQUESTS}{pk}/{step}/")


def test_a_request_waits_for_an_answer_and_both_see_it(user, other):
    made = ok(ask(user, other))
    assert made == {
        "id": made["id"],
        "direction": "sent",
        "user": ok(Client(user).get(f"/api/v1/users/{other.pk}/")),
        "accepted_at": None,
        "created_at": made["created_at"],
    }
    assert requests_of(user) == requests_of(user, "sent") == [made]
    (received,) = requests_of(other, "received")
    assert (received["id"], received["direction"]) == (made["id"], "received")
    assert received["user"]["id"] == str(user.pk)
    assert requests_of(user, "received") == requests_of(other, "sent") == []
    assert friends_of(user) == friends_of(other) == []


def test_who_accepts_is_a_friend_and_so_is_the_other(user, other):
    pk = ok(ask(user, other))["id"]
    friend = ok(answer_to(Client(other), pk, "accept"))
    assert friend["user"]["id"] == str(user.pk)
    assert friend["accepted_at"] is not None
    assert friends_of(user) == [other.nickname]
    assert friends_of(other) == [user.nickname]
    assert requests_of(user) == requests_of(other) == []
    assert answer_to(Client(other), pk, "accept").status_code == 404
    assert codes(ask(user, other)) == codes(ask(other, user)) == {(None, "already_friends")}


def test_only_who_was_asked_answers_and_only_who_asked_takes_back(user, other):
    pk = ok(ask(user, other))["id"]
    for step in ("accept", "decline"):
        answer = answer_to(Client(user), pk, step)
        assert (answer.status_code, codes(answer)) == (403, {(None, "not_asked")})
    answer = Client(other).delete(f"{REQUESTS}{pk}/")
    assert (answer.status_code, codes(answer)) == (403, {(None, "not_asker")})
    assert len(requests_of(other)) == 1


def test_a_request_of_others_is_not_there(user, other):
    pk = ok(ask(user, other))["id"]
    for stranger in (UserFactory(school=user.school), StaffFactory(), UserFactory()):
        client = Client(stranger)
        for call in (
            lambda pk, client=client: client.delete(f"{REQUESTS}{pk}/"),
            lambda pk, client=client: answer_to(client, pk, "accept"),
            lambda pk, client=client: answer_to(client, pk, "decline"),
        ):
            answer, missing = call(pk), call(MISSING)
            assert answer.status_code == missing.status_code == 404
            assert answer.content == missing.content


@pytest.mark.parametrize("end", ["decline", "take back"])
def test_a_request_that_ended_leaves_nothing_and_can_be_sent_again(user, other, end):
    pk = ok(ask(user, other))["id"]
    answer = (
        answer_to(Client(other), pk, "decline")
        if end == "decline"
        else Client(user).delete(f"{REQUESTS}{pk}/")
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert requests_of(user) == requests_of(other) == []
    assert not told(other, "friend_request")
    assert answer_to(Client(other), pk, "accept").status_code == 404
    assert ok(ask(user, other))["id"] != pk


def test_asking_again_is_the_same_request(user, other):
    answers = [ask(user, other) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(requests_of(other)) == 1


def test_two_who_ask_each_other_are_friends(user, other):
    pk = ok(ask(user, other))["id"]
    answer = ask(other, user)
    assert answer.status_code == 201
    assert (answer.json()["id"], answer.json()["direction"]) == (pk, "received")
    assert answer.json()["accepted_at"] is not None
    assert friends_of(user) == [other.nickname]
    assert Friendship.objects.count() == 1


def test_who_can_not_be_asked_does_not_exist(user):
    """Nobody, somebody of another school, somebody shut out, an operator without a school: the same bytes."""
    for role in (user, StaffFactory()):
        client = Client(role)
        unseen = [UserFactory(), UserFactory(school=user.school, is_active=False), StaffFactory()]
        names = ["nobody_here", "<>", *(stranger.username for stranger in unseen)]
        if role is not user:
            names += [user.username, role.username]
        answers = [client.post(REQUESTS, {"username": name}) for name in names]
        assert {answer.status_code for answer in answers} == {400}
        assert len({answer.content for answer in answers}) == 1
        assert codes(answers[0]) == {("username", "does_not_exist")}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"username": None}, "null"),
        ({"username": " "}, "blank"),
        ({"username": 7}, "invalid"),
        ({"username": "x" * 21}, "max_length"),
        ({"username": "a\x00b"}, "null_characters_not_allowed"),
    ],
)
def test_a_request_names_somebody(api, body, code):
    answer = api.post(REQUESTS, body)
    assert (answer.status_code, codes(answer)) == (400, {("username", code)})


def test_nobody_asks_themselves(user):
    answer = ask(user, user)
    assert (answer.status_code, codes(answer)) == (400, {("username", "oneself")})


@pytest.mark.parametrize("role", ["unverified", "sanctioned"])
def test_who_may_not_write_neither_asks_nor_accepts_but_declines_and_takes_back(people, clients, user, role):
    code = {"unverified": "verification_required", "sanctioned": "sanctioned"}[role]
    received = services.ask_friend(user=user, other=people[role])
    assert codes(clients[role].post(REQUESTS, {"username": "nobody"})) == {(None, code)}
    assert codes(answer_to(clients[role], received.pk, "accept")) == {(None, code)}
    assert answer_to(clients[role], received.pk, "decline").status_code == 204
    sent = Friendship.objects.create(asker=people[role], asked=user, pair_key="x")
    assert clients[role].delete(f"{REQUESTS}{sent.pk}/").status_code == 204


def test_a_request_hides_while_one_of_the_two_is_elsewhere(user, other):
    befriend(user, third := UserFactory(school=user.school))
    pk = ok(ask(user, other))["id"]
    home, away = other.school, SchoolFactory()
    for gone in ({"school": away}, {"is_active": False}):
        User.objects.filter(pk__in=(other.pk, third.pk)).update(**gone)
        assert requests_of(user) == []
        assert friends_of(user) == []
        assert Client(user).delete(f"{REQUESTS}{pk}/").status_code == 404
        User.objects.filter(pk__in=(other.pk, third.pk)).update(school=home, is_active=True)
    assert [row["id"] for row in requests_of(user)] == [pk]


def test_who_moved_meanwhile_is_neither_asked_nor_accepted(user, other):
    """What the request looked at may have changed since."""
    row = services.ask_friend(user=user, other=other)
    User.objects.filter(pk=other.pk).update(school=SchoolFactory())
    with pytest.raises(ValidationError):
        services.ask_friend(user=user, other=other)
    with pytest.raises(Http404):
        services.accept_request(user=other, request=row)
    assert Friendship.objects.accepted().count() == 0


def test_a_hundred_requests_are_open_at_most_dropped_ones_included(user, other, monkeypatch):
    monkeypatch.setattr(services, "MAX_SENT", 2)
    blocker, friendly, late = UserFactory.create_batch(3, school=user.school)
    block(blocker, user)
    assert ask(user, blocker).status_code == ask(user, other).status_code == 201
    answer = ask(user, late)
    assert (answer.status_code, codes(answer)) == (409, {(None, "too_many_friend_requests")})
    ok(ask(friendly, user))
    assert ask(user, friendly).status_code == 201
    assert ask(user, other).status_code == 201


def test_who_has_500_friends_neither_asks_nor_is_asked(user, other, monkeypatch):
    monkeypatch.setattr(services, "MAX_FRIENDS", 1)
    third = UserFactory(school=user.school)
    pk = ok(ask(third, user))["id"]
    befriend(user, other)
    full = {(None, "too_many_friends")}
    assert codes(ask(user, third)) == codes(ask(third, other)) == full
    assert codes(answer_to(Client(user), pk, "accept")) == full
    assert codes(ask(user, other)) == {(None, "already_friends")}


def test_requests_are_limited(user, other, settings, monkeypatch):
    monkeypatch.setattr("api.throttling.ActionThrottle.THROTTLE_RATES", {"friend": "2/hour"})
    client = Client(user)
    statuses = [client.post(REQUESTS, {"username": other.username}).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]


def test_one_request_and_thirty_cost_the_same(api, user, count_queries):
    def receive(number):
        for asker in UserFactory.create_batch(number, school=user.school):
            services.ask_friend(user=asker, other=user)

    receive(1)
    api.get(REQUESTS)
    one = count_queries(lambda: api.get(REQUESTS))
    receive(29)
    assert len(ok(api.get(REQUESTS, {"page_size": 100}))["results"]) == 30
    assert count_queries(lambda: api.get(REQUESTS)) == one <= 3


# --- What people are told ---
def test_who_is_asked_is_told_until_it_is_answered(user, other):
    made = ok(ask(user, other))
    (row,) = told(other, "friend_request")
    assert row["text"] == f"{user.nickname} wants to be your friend."
    assert row["author"]["id"] == str(user.pk)
    assert row["target"]["friend_request"] == made["id"]
    ok(ask(user, other))
    assert len(told(other, "friend_request")) == 1
    ok(answer_to(Client(other), made["id"], "accept"))
    assert told(other, "friend_request") == told(other, "friend_accepted") == []
    (row,) = told(user, "friend_accepted")
    assert row["text"] == f"{other.nickname} is your friend now."
    assert row["author"]["id"] == str(other.pk)


def test_of_two_who_ask_each_other_the_first_is_told(user, other):
    ok(ask(user, other))
    ok(ask(other, user))
    assert [row["author"]["id"] for row in told(user, "friend_accepted")] == [str(other.pk)]
    assert told(other, "friend_accepted") == []
    ok(Client(other).delete(f"/api/v1/friends/{user.pk}/"))
    assert told(user, "friend_accepted") == []


def test_thirty_requests_are_told_in_the_same_queries(api, user, count_queries):
    def receive(number):
        for asker in UserFactory.create_batch(number, school=user.school):
            ok(ask(asker, user))

    receive(1)
    one = count_queries(lambda: api.get("/api/v1/notifications/"))
    receive(10)
    assert len(told(user, "friend_request")) == 11
    assert count_queries(lambda: api.get("/api/v1/notifications/")) == one


# --- Withdrawing ---
def test_requests_and_friends_go_with_whoever_leaves(user, other):
    third = UserFactory(school=user.school)
    ok(ask(user, other))
    befriend(third, user)
    User.objects.filter(pk=user.pk).delete()
    assert requests_of(other) == []
    assert friends_of(third) == []
    assert not Friendship.objects.exists()


def test_lifting_a_block_is_needed_to_ask(user, other):
    pk = block(user, other)
    answer = ask(user, other)
    assert (answer.status_code, codes(answer)) == (409, {(None, "you_block_them")})
    unblock(user, pk)
    assert ask(user, other).status_code == 201
