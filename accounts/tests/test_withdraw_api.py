"""Leaving, as far as it is about the account itself. What stays of what one wrote: `config/tests`."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Departure, Sanction, Session, User
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import PASSWORD, StaffFactory, UserFactory
from api.tests.helpers import codes
from conftest import Client

pytestmark = pytest.mark.django_db

WITHDRAW = "/api/v1/users/me/withdraw/"


def sign_up(client, school, **changes):
    body = {
        "username": "newcomer",
        "email": "newcomer@example.com",
        "password": PASSWORD,
        "nickname": "새내기",
        "school": school.pk,
        "admission_year": 2025,
    }
    return client.post("/api/v1/auth/signup/", body | changes)


def test_one_leaves_with_the_password_and_all_sessions_end_at_once(api, user):
    elsewhere = Client(user)
    answer = api.post(WITHDRAW, {"password": PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Session.objects.exists()
    for client in (api, elsewhere):
        assert codes(client.get("/api/v1/users/me/")) == {(None, "session_ended")}
    login = {"username": user.username, "password": PASSWORD}
    assert codes(api.post("/api/v1/auth/login/", login)) == {(None, "invalid_credentials")}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"password": "wrong-horse-7"}, "incorrect"),
        ({"password": f"{PASSWORD} "}, "incorrect"),
        ({}, "required"),
        ({"password": ""}, "blank"),
    ],
)
def test_without_the_password_nobody_leaves(api, user, body, code):
    answer = api.post(WITHDRAW, body)
    assert (answer.status_code, codes(answer)) == (400, {("password", code)})
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("email", ["newcomer@example.com", " NewComer@Example.com"])
def test_the_address_cannot_join_again_for_30_days_and_looks_taken(anonymous, user, email):
    with time_machine.travel("2026-03-10T12:00:00+09:00", tick=False) as clock:
        assert sign_up(anonymous, user.school).status_code == 201
        taken = sign_up(anonymous, user.school, username="other", nickname="다른이")
        newcomer = User.objects.get(username="newcomer")
        assert Client(newcomer).post(WITHDRAW, {"password": PASSWORD}).status_code == 204
        again = sign_up(anonymous, user.school, email=email)
        assert (again.status_code, codes(again)) == (400, {("email", "unique")})
        assert again.json() == taken.json()
        clock.shift(timedelta(days=30, seconds=1))
        assert sign_up(anonymous, user.school).status_code == 201


def test_another_address_can_have_the_name_that_became_free(anonymous, api, user):
    assert api.post(WITHDRAW, {"password": PASSWORD}).status_code == 204
    joined = sign_up(anonymous, user.school, username=user.username, nickname=user.nickname)
    assert joined.status_code == 201


def test_that_somebody_left_is_forgotten_after_30_days(api):
    api.post(WITHDRAW, {"password": PASSWORD})
    call_command("prune", verbosity=0)
    assert Departure.objects.count() == 1
    Departure.objects.update(created_at=timezone.now() - timedelta(days=30))
    call_command("prune", verbosity=0)
    assert not Departure.objects.exists()


def test_the_last_operator_stays(operator):
    refused = Client(operator).post(WITHDRAW, {"password": PASSWORD})
    assert (refused.status_code, codes(refused)) == (409, {(None, "last_operator")})
    StaffFactory(is_superuser=True, is_active=False)
    assert Client(operator).post(WITHDRAW, {"password": PASSWORD}).status_code == 409
    StaffFactory(is_superuser=True)
    assert Client(operator).post(WITHDRAW, {"password": PASSWORD}).status_code == 204


def test_a_sanction_by_name_stays_and_names_nobody(api, user, operator):
    other = UserFactory(school=user.school)
    for person in (user, other):
        sanction_user(user=operator, sanctioned=person, kind="no_writing", until=None, reason="spam")
    key = user.sanctions.get().address_key
    api.post(WITHDRAW, {"password": PASSWORD})
    left, stays = Sanction.objects.order_by("pk")
    assert (left.user, left.address_key) == (None, key)
    assert left.target_id != str(user.pk)
    assert (stays.user, stays.target_id) == (other, str(other.pk))
    rows = Client(operator).get("/api/v1/sanctions/").json()["results"]
    assert [row["author"]["kind"] for row in rows] == ["named", "withdrawn"]


def test_leaving_twice_at_once_is_leaving(user):
    from accounts.services.withdrawal import leave

    leave(user=user)
    leave(user=user)
    assert Departure.objects.count() == 1
