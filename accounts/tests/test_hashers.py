from datetime import timedelta
from threading import Lock

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.test import Client as Browser

from accounts.hashers import one_of_few
from api.tests.helpers import at_once, codes
from conftest import Client


def test_passwords_are_hashed_with_argon2id_of_19_mib_two_passes_and_one_lane(settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    encoded = make_password("correct-horse-7")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("correct-horse-7", encoded)
    assert not check_password("wrong-horse-7", encoded)


@pytest.mark.django_db
def test_an_old_hash_is_made_anew_at_the_next_sign_in(anonymous, user, settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    settings.ARGON2_MEMORY_KIB = 16 * 1024
    user.set_password("correct-horse-7")
    user.save(update_fields=["password"])
    settings.ARGON2_MEMORY_KIB = 20 * 1024
    body = {"username": user.username, "password": "correct-horse-7"}
    assert anonymous.post("/api/v1/auth/login/", body).status_code == 200
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=20480,t=2,p=1$")


@pytest.mark.django_db
def test_a_flood_of_sign_ins_waits_and_then_is_told_to_come_back(anonymous, user, settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    settings.HASHES_AT_ONCE, settings.HASH_WAIT = 2, timedelta(0)
    anonymous.raise_request_exception = False
    known = {"username": user.username, "password": "correct-horse-7"}
    doors = [
        ("/api/v1/auth/login/", known),
        ("/api/v1/auth/login/", known | {"username": "nobody_at_all"}),
        ("/api/v1/users/me/withdraw/", {"password": "correct-horse-7"}),
    ]
    user.set_password("correct-horse-7")
    user.save(update_fields=["password"])
    client = Client(user, raise_request_exception=False)
    with one_of_few(), one_of_few():
        for path, body in doors:
            busy = client.post(path, body)
            assert (busy.status_code, codes(busy)) == (503, {(None, "unavailable")}), path
            assert int(busy["Retry-After"]) > 0
        page = Browser(raise_request_exception=False).post(
            "/admin/login/", {"username": user.username, "password": "correct-horse-7"}
        )
        assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert anonymous.post("/api/v1/auth/login/", known).status_code == 200


@pytest.mark.django_db
def test_no_more_hashes_are_made_at_a_time_than_there_are_slots(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    settings.HASHES_AT_ONCE = 3
    now, most, lock = 0, 0, Lock()
    whole = Argon2PasswordHasher.encode

    def counted(*args, **kwargs):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        try:
            return whole(*args, **kwargs)
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    assert len(at_once(*[lambda: make_password("correct-horse-7")] * 12)) == 12
    assert 1 <= most <= 3
