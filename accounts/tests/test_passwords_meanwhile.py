"""A password that becomes another one between the moment it was looked at and the write."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password

from accounts.models import Session, User
from accounts.services import passwords, sessions, verifications
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.test_verifications_api import sent_code
from api.tests.helpers import codes
from conftest import Client

pytestmark = pytest.mark.django_db(transaction=True)  # what is refused is rolled back

LOGIN, CHANGE = "/api/v1/auth/login/", "/api/v1/auth/password/change/"
CONFIRM = "/api/v1/auth/password/reset/confirm/"
THEIRS, OTHER = "staple-battery-9", "maroon-saddle-4"


@pytest.fixture
def user():
    return UserFactory()


def sign_in(user, password=PASSWORD):
    return Client().post(LOGIN, {"username": user.username, "password": password})


def reset(user):
    """The owner chooses THEIRS by a code."""
    passwords.set_password(user=User.objects.get(pk=user.pk), encoded=make_password(THEIRS))


def then_reset(monkeypatch, where, name, user):
    """Let the owner's reset come right after `name` was called, once."""
    called = getattr(where, name)

    def call(*args, **kwargs):
        result = called(*args, **kwargs)
        monkeypatch.setattr(where, name, called)
        reset(user)
        return result

    monkeypatch.setattr(where, name, call)


def assert_theirs_alone_opens(user):
    assert sign_in(user, THEIRS).status_code == 200
    for password in (PASSWORD, OTHER):
        assert sign_in(user, password).status_code == 401


def test_no_session_begins_with_the_password_before(monkeypatch, user):
    then_reset(monkeypatch, sessions, "verify_credentials", user)
    answer = sign_in(user)
    assert (answer.status_code, codes(answer)) == (401, {(None, "invalid_credentials")})
    assert not Session.objects.living()
    assert_theirs_alone_opens(user)


def test_a_hash_that_is_renewed_does_not_undo_a_reset(monkeypatch, user):
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD, hasher="argon2"))
    then_reset(monkeypatch, MD5PasswordHasher, "encode", user)
    assert sign_in(user).status_code == 401
    assert_theirs_alone_opens(user)


def test_an_old_hash_is_renewed(user):
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD, hasher="argon2"))
    assert sign_in(user).status_code == 200
    renewed = User.objects.get(pk=user.pk).password
    assert not renewed.startswith("argon2")
    assert sign_in(user).status_code == 200
    assert User.objects.get(pk=user.pk).password == renewed


def test_a_change_by_the_password_before_does_not_undo_a_reset(monkeypatch, user):
    api = Client(user)
    then_reset(monkeypatch, passwords, "refuse_weak_password", user)
    answer = api.post(CHANGE, {"password": PASSWORD, "new_password": OTHER})
    assert (answer.status_code, codes(answer)) == (400, {("password", "incorrect")})
    assert_theirs_alone_opens(user)


def test_a_code_that_came_to_the_address_before_resets_nothing(user):
    before = user.email
    passwords.ask_reset(email=before)
    code = sent_code()
    verifications.set_email(User.objects.get(pk=user.pk), "new@example.com")
    for email in (before, "new@example.com"):
        answer = Client().post(CONFIRM, {"email": email, "code": code, "new_password": OTHER})
        assert (answer.status_code, codes(answer)) == (400, {("code", "code_invalid")})
    assert sign_in(user).status_code == 200
