"""Keys rotate, and what the old ones have signed is good for a while."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from accounts import cookies
from accounts.models import Session
from accounts.services.sessions import start_session
from accounts.tests.test_tokens import claims, resign
from accounts.tokens import issue
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

ME = "/api/v1/users/me/"
REFRESH = "/api/v1/auth/refresh/"
NEW = "a-new-signing-key-with-fifty-characters-and-some-more-9876543210"
SECRET = "a-new-secret-key-with-fifty-characters-and-some-more-9876543210"


@pytest.fixture
def rotate(settings):
    """`rotate()`: a new signing key; the old one is still accepted unless `keep=False`."""

    def rotate(*, keep=True):
        old = [settings.JWT_SIGNING_KEY, *settings.JWT_OLD_SIGNING_KEYS] if keep else []
        settings.JWT_OLD_SIGNING_KEYS, settings.JWT_SIGNING_KEY = old, NEW

    return rotate


@pytest.fixture
def tokens(user):
    return issue(start_session(user=user))


def get_me(client, access):
    return client.get(ME, HTTP_AUTHORIZATION=f"Bearer {access}")


def refresh(client, token):
    return client.post(REFRESH, {"refresh": token})


def is_signed_by(token, key):
    return resign(token, key=key).rpartition(".")[2] == token.rpartition(".")[2]


def test_tokens_of_the_old_key_are_good_for_a_while(anonymous, tokens, rotate):
    rotate()
    assert get_me(anonymous, tokens.access).status_code == 200
    assert refresh(anonymous, tokens.refresh).status_code == 200


def test_new_tokens_are_of_the_new_key_alone(anonymous, tokens, rotate, settings):
    old = settings.JWT_SIGNING_KEY
    assert is_signed_by(tokens.access, old)
    rotate()
    new = refresh(anonymous, tokens.refresh).json()
    for token in (new["access"], new["refresh"]):
        assert is_signed_by(token, NEW)
        assert not is_signed_by(token, old)


def test_once_the_old_key_is_gone_so_are_its_tokens(anonymous, tokens, rotate):
    rotate(keep=False)
    assert codes(get_me(anonymous, tokens.access)) == {(None, "token_invalid")}
    assert codes(refresh(anonymous, tokens.refresh)) == {(None, "refresh_invalid")}


def test_several_old_keys_are_accepted_and_a_stranger_to_them_is_not(anonymous, tokens, settings):
    settings.JWT_OLD_SIGNING_KEYS = ["k" * 60, settings.JWT_SIGNING_KEY]
    settings.JWT_SIGNING_KEY = NEW
    assert get_me(anonymous, tokens.access).status_code == 200
    assert codes(get_me(anonymous, resign(tokens.access, key="x" * 60))) == {(None, "token_invalid")}
    unsigned = resign(tokens.access, key=None, algorithm="none")
    assert codes(get_me(anonymous, unsigned)) == {(None, "token_invalid")}


def test_an_expired_token_of_an_old_key_says_that_it_has_expired(anonymous, tokens, rotate, time_machine):
    rotate()
    time_machine.move_to(timezone.now() + timedelta(days=31))
    assert codes(get_me(anonymous, tokens.access)) == {(None, "token_expired")}
    assert codes(refresh(anonymous, tokens.refresh)) == {(None, "refresh_expired")}


def test_audience_and_kind_are_looked_at_whatever_key_signed(anonymous, tokens, rotate):
    old = resign(tokens.access, aud="elsewhere")
    rotate()
    assert codes(get_me(anonymous, old)) == {(None, "token_invalid")}
    assert codes(get_me(anonymous, tokens.refresh)) == {(None, "token_invalid")}


def test_a_lost_answer_is_given_again_across_the_change_of_keys(anonymous, tokens, rotate, time_machine):
    """The child signed anew is the same token: whichever of the two a tab has, it is used once."""
    time_machine.move_to(timezone.now(), tick=False)
    child = refresh(anonymous, tokens.refresh).json()["refresh"]
    rotate()
    again = refresh(anonymous, tokens.refresh).json()["refresh"]
    assert claims(again) == claims(child)
    assert is_signed_by(again, NEW)
    assert refresh(anonymous, tokens.refresh).json()["refresh"] == again

    grandchild = refresh(anonymous, child).json()["refresh"]
    assert refresh(anonymous, again).json()["refresh"] == grandchild
    assert refresh(anonymous, grandchild).status_code == 200
    assert Session.objects.living().exists()


def test_a_replay_across_the_change_of_keys_ends_the_session(anonymous, tokens, rotate, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    refresh(anonymous, tokens.refresh)
    rotate()
    time_machine.shift(timedelta(seconds=11))
    assert codes(refresh(anonymous, tokens.refresh)) == {(None, "refresh_reused")}


def test_the_cookie_outlives_the_change_of_keys(anonymous, tokens, rotate):
    rotate()
    anonymous.cookies[cookies.NAME] = tokens.refresh
    answer = anonymous.post(REFRESH, HTTP_ORIGIN="http://testserver")
    assert is_signed_by(answer.cookies[cookies.NAME].value, NEW)


@pytest.mark.parametrize(("keep", "status"), [(True, 200), (False, 302)])
def test_operators_stay_signed_in_while_the_old_secret_key_is_accepted(pages, settings, keep, status):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
    settings.SECRET_KEY = SECRET
    assert pages.get("/admin/").status_code == status


def test_once_seen_they_are_signed_in_by_the_new_secret_key(pages, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = SECRET
    pages.get("/admin/")
    settings.SECRET_KEY_FALLBACKS = []
    assert pages.get("/admin/").status_code == 200


def test_what_was_signed_with_the_old_secret_key_is_read(settings):
    signed = signing.dumps("something")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = SECRET
    assert signing.loads(signed) == "something"


def test_tokens_know_nothing_of_the_secret_key(anonymous, tokens, settings):
    settings.SECRET_KEY = SECRET
    assert get_me(anonymous, tokens.access).status_code == 200
    assert refresh(anonymous, tokens.refresh).status_code == 200
