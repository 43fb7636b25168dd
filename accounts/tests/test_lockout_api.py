"""Guessing passwords: an address has ten tries of a name, and then none for 15 minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from accounts.tests.factories import PASSWORD, StaffFactory, UserFactory
from api.slots import Slots
from api.tests.helpers import at_once, codes
from conftest import Client

pytestmark = pytest.mark.django_db

LOGIN = "/api/v1/auth/login/"
LOCKED = {(None, "locked_out")}


def sign_in(name, password=PASSWORD, **more):
    return Client().post(LOGIN, {"username": name, "password": password}, **more)


def guess(name, times=10, **more):
    return [sign_in(name, "wrong-horse-7", **more).status_code for _ in range(times)]


def test_after_ten_wrong_ones_the_right_one_is_refused_too_for_fifteen_minutes(user):
    with time_machine.travel("2026-03-10T12:00:00+09:00", tick=False) as clock:
        assert guess(user.username, 12) == [401] * 10 + [429] * 2
        refused = sign_in(user.username)
        assert (refused.status_code, codes(refused)) == (429, LOCKED)
        assert refused["Retry-After"] == str(15 * 60)
        clock.shift(timedelta(minutes=15, seconds=1))
        assert sign_in(user.username).status_code == 200


def test_the_owner_elsewhere_is_not_locked_out(user):
    guess(user.username, 12)
    assert sign_in(user.username, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_header_that_any_client_can_write_is_no_other_address(user):
    guess(user.username)
    assert sign_in(user.username, HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 429


def test_behind_a_proxy_the_address_is_the_clients(user, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    guess(user.username, HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert sign_in(user.username, HTTP_X_FORWARDED_FOR="10.0.0.1, 192.0.2.7").status_code == 429
    assert sign_in(user.username, HTTP_X_FORWARDED_FOR="192.0.2.8").status_code == 200


def test_other_accounts_at_the_address_are_not_locked_out(user):
    guess(user.username, 12)
    assert sign_in(UserFactory().username).status_code == 200


def test_the_names_of_an_account_count_apart_so_that_none_leads_to_the_other(user):
    guess(user.username, 12)
    assert sign_in(user.email, "wrong-horse-7").status_code == 401
    guess(user.email.upper(), 9)
    assert codes(sign_in(user.email)) == LOCKED


def test_the_addresses_of_one_ipv6_network_count_together(user):
    for number in range(10):
        guess(user.username, 1, REMOTE_ADDR=f"2001:db8:0:1::{number:x}")
    assert sign_in(user.username, REMOTE_ADDR="2001:db8:0:1:ffff::1").status_code == 429
    assert sign_in(user.username, REMOTE_ADDR="2001:db8:0:2::1").status_code == 200
    guess(user.username, 10, REMOTE_ADDR="::ffff:192.0.2.7")
    assert sign_in(user.username, REMOTE_ADDR="::ffff:192.0.2.8").status_code == 200


def test_a_name_that_nobody_has_is_locked_out_alike(user):
    with time_machine.travel("2026-03-10T12:00:00+09:00", tick=False):
        assert guess("nobody_at_all", 12) == guess(user.username, 12)
        assert sign_in("nobody_at_all").content == sign_in(user.username).content


def test_a_right_one_gives_all_tries_back(user):
    guess(user.username, 9)
    assert sign_in(user.username).status_code == 200
    assert guess(user.username, 11) == [401] * 10 + [429]


def test_the_admin_counts_along_and_locks_out_too(operator):
    page = {"username": operator.username, "password": "wrong-horse-7"}
    for _ in range(5):
        assert Browser().post("/admin/login/", page).status_code == 200
    guess(operator.username, 5)
    locked = Browser().post("/admin/login/", page | {"password": PASSWORD})
    assert (locked.status_code, codes(locked)) == (429, LOCKED)
    assert 0 < int(locked["Retry-After"]) <= 15 * 60
    assert codes(sign_in(operator.username)) == LOCKED
    assert Browser().get("/admin/login/").status_code == 200


def test_signing_in_to_the_admin_gives_all_tries_back():
    staff = StaffFactory(is_superuser=True)
    guess(staff.username, 9)
    signed_in = Browser().post(
        "/admin/login/?next=/admin/", {"username": staff.username, "password": PASSWORD}
    )
    assert signed_in.status_code == 302
    assert guess(staff.username, 1) == [401]


def test_of_many_at_once_no_more_get_through_than_there_are_slots():
    slots = Slots("test", 10, 60)
    assert sum(at_once(*[slots.take] * 40)) == 10
    slots.free()
    assert slots.take()
