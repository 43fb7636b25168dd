import pytest

from accounts.hashers import Argon2idHasher
from accounts.models import Session
from accounts.tests.factories import PASSWORD, UserFactory
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

LOGIN = "/api/v1/auth/login/"


@pytest.fixture
def hashes(settings, monkeypatch):
    """A list that grows by one with each password that is hashed, as in production with Argon2."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    counted = []
    for name in ("encode", "verify"):
        original = getattr(Argon2idHasher, name)

        def count(self, *args, original=original):
            counted.append(original.__name__)
            return original(self, *args)

        monkeypatch.setattr(Argon2idHasher, name, count)
    return counted


@pytest.fixture
def minji(db):
    return UserFactory(username="minji_kim", email="minji@example.com")


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password} | more)


@pytest.mark.parametrize(
    "identifier",
    ["minji_kim", "MINJI_Kim", " minji_kim ", "minji@example.com", "Minji@EXAMPLE.com"],
)
def test_one_signs_in_by_username_or_email_in_any_case(anonymous, minji, identifier):
    answer = sign_in(anonymous, identifier)
    assert answer.status_code == 200
    assert set(answer.json()) == {"user", "access", "refresh"}
    assert answer.json()["user"]["id"] == str(minji.pk)
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert anonymous.get("/api/v1/users/me/").status_code == 200


def test_a_nickname_does_not_sign_in(anonymous, minji):
    assert sign_in(anonymous, minji.nickname).status_code == 401


def test_each_sign_in_is_a_session_of_its_own(anonymous, minji):
    anonymous.post(LOGIN, {"username": "minji_kim", "password": PASSWORD, "device": "전화기"})
    anonymous.post(
        LOGIN, {"username": "minji_kim", "password": PASSWORD}, HTTP_USER_AGENT="HTTPie/" + "3" * 300
    )

    by_phone, by_httpie = Session.objects.order_by("created_at")
    assert by_phone.device == "전화기"
    assert by_httpie.device == ("HTTPie/" + "3" * 300)[:200]
    assert by_phone.address == "127.0.0.1"


def test_nothing_tells_what_was_wrong_and_each_try_hashes_one_password(anonymous, hashes):
    UserFactory(username="minji_kim")
    UserFactory(username="gone_kim", is_active=False)
    answers = []
    for username, password in [
        ("nobody", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("minji_kim", "wrong-horse-7"),
        ("minji_kim@example.com", "wrong-horse-7"),
        ("gone_kim", PASSWORD),
        ("gone_kim", "wrong-horse-7"),
    ]:
        hashes.clear()
        answers.append(sign_in(anonymous, username, password))
        assert len(hashes) == 1, username

    first = answers[0]
    assert first.status_code == 401
    assert codes(first) == {(None, "invalid_credentials")}
    for answer in answers:
        assert answer.status_code == first.status_code
        assert answer.content == first.content
        assert headers(answer) == headers(first)


def headers(answer):
    return {name: value for name, value in answer.items() if name != "X-Request-ID"}


def test_the_right_password_is_hashed_once_too(anonymous, hashes):
    UserFactory(username="minji_kim")
    hashes.clear()
    assert sign_in(anonymous, "minji_kim").status_code == 200
    assert len(hashes) == 1


def test_a_user_without_a_usable_password_can_not_sign_in(anonymous, minji):
    minji.set_unusable_password()
    minji.save(update_fields=["password"])
    assert codes(sign_in(anonymous, "minji_kim", "!")) == {(None, "invalid_credentials")}


@pytest.mark.parametrize(
    ("username", "password", "refused"),
    [
        ("minji_kim", "a" * 129, ("password", "max_length")),
        ("a" * 255, PASSWORD, ("username", "max_length")),
        ("minji\0kim", PASSWORD, ("username", "null_characters_not_allowed")),
        ("minji_kim", "pass\0word", ("password", "null_characters_not_allowed")),
        ("minji_kim", "", ("password", "blank")),
        ("", PASSWORD, ("username", "blank")),
        (None, PASSWORD, ("username", "null")),
        (7, PASSWORD, ("username", "invalid")),
        ("minji_kim", ["a"], ("password", "invalid")),
    ],
)
def test_malformed_credentials_are_bad_input(anonymous, minji, username, password, refused):
    answer = sign_in(anonymous, username, password)
    assert answer.status_code == 400
    assert codes(answer) == {refused}


def test_spaces_belong_to_a_password(anonymous, minji):
    assert sign_in(anonymous, "minji_kim", f" {PASSWORD}").status_code == 401


def test_a_password_of_an_older_kind_is_hashed_anew_at_sign_in(anonymous, minji, settings):
    settings.PASSWORD_HASHERS = [
        "accounts.hashers.Argon2idHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert sign_in(anonymous, "minji_kim").status_code == 200
    minji.refresh_from_db()
    assert minji.password.startswith("argon2$")


@pytest.mark.parametrize("depth", [100, 990])
def test_a_deeply_nested_value_is_bad_input(anonymous, depth):
    body = '{"username": ' + "[" * depth + "]" * depth + ', "password": "x"}'
    answer = anonymous.generic("POST", "/api/v1/auth/login/", body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("sent", ["fe80::1%" + "a" * 60, "unknown", "1" * 100])
def test_an_odd_address_keeps_nobody_out(anonymous, user, settings, sent):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    body = {"username": user.username, "password": PASSWORD}
    assert anonymous.post("/api/v1/auth/login/", body, HTTP_X_FORWARDED_FOR=sent).status_code == 200
