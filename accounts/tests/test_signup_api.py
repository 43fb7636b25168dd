import unicodedata
from threading import Barrier

import pytest
from django.utils import timezone

from accounts.models import Session, User
from accounts.services import users as services
from accounts.tests.factories import PASSWORD, SchoolFactory, UserFactory
from api.tests.helpers import at_once, codes

SIGNUP = "/api/v1/auth/signup/"
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"


@pytest.fixture
def details(db):
    """What one gives to join."""
    return {
        "username": "minji_kim",
        "email": "minji@example.com",
        "password": PASSWORD,
        "nickname": "민지",
        "school": SchoolFactory(name="홍익대학교").pk,
        "admission_year": 2025,
    }


@pytest.fixture
def join(anonymous, details):
    """`join(nickname="…")`: join with these details changed."""
    return lambda **changes: anonymous.post(SIGNUP, details | changes)


def test_signing_up_signs_in(join, anonymous):
    answer = join(name="김민지", device="전화기")

    assert answer.status_code == 201
    assert set(answer.json()) == {"user", "access", "refresh"}
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    me = anonymous.get("/api/v1/users/me/").json()
    assert me == answer.json()["user"]
    assert me["username"] == "minji_kim"
    assert me["name"] == "김민지"
    assert me["school"]["name"] == "홍익대학교"
    assert me["is_verified"] is False
    assert Session.objects.get().device == "전화기"
    assert User.objects.get().check_password(PASSWORD)


def test_agreed_terms_are_dated(join):
    user = join(terms_version="2026-03").json()["user"]
    assert user["terms_version"] == "2026-03"
    assert user["terms_agreed_at"] is not None


def test_without_terms_nothing_is_dated(join):
    assert join().json()["user"]["terms_agreed_at"] is None


@pytest.mark.parametrize("attr", ["username", "email", "password", "nickname", "school", "admission_year"])
def test_each_detail_is_required(anonymous, details, attr):
    del details[attr]
    assert codes(anonymous.post(SIGNUP, details)) == {(attr, "required")}


@pytest.mark.parametrize(
    "changes",
    [
        {"is_staff": True},
        {"is_moderator": True},
        {"is_superuser": True},
        {"is_active": False},
        {"school_verified_at": "2026-03-02T09:00:00+09:00"},
        {"id": "00000000-0000-4000-8000-000000000000"},
        {"picture": "someone.png"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_nobody_grants_themselves_anything(join, changes):
    assert join(**changes).status_code == 201
    user = User.objects.get()
    attr, value = next(iter(changes.items()))
    assert str(getattr(user, attr)) != str(value)
    assert not user.is_verified


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("qu4rtz!", "password_too_short"),
        ("password123", "password_too_common"),
        ("82946271905", "password_entirely_numeric"),
        ("minji_kim7", "password_too_similar"),
        ("minji@example.co", "password_too_similar"),
        ("하늘을나는고래1", "password_too_similar"),
    ],
    ids=["short", "common", "numeric", "like the username", "like the e-mail", "like the nickname"],
)
def test_a_weak_password_is_refused(join, password, code):
    answer = join(password=password, nickname="하늘을나는고래")
    assert answer.status_code == 400
    assert codes(answer) == {("password", code)}


@pytest.mark.parametrize(
    ("attr", "taken", "given"),
    [
        ("nickname", "Minji", "mINJI"),
        ("nickname", "민지 김", "민지김"),
        ("nickname", "민지", "  민지 "),
        ("nickname", "minji", "ｍｉｎｊｉ"),
        ("nickname", "ﬁn", "fin"),
        ("nickname", "한글이름", unicodedata.normalize("NFD", "한글이름")),
        ("nickname", unicodedata.normalize("NFD", "한글"), "한글"),
        ("nickname", "e´", "e´"),
        ("nickname", "가ᄀ ᅡ", "가ᄀ ᅡ"),
        ("email", "Minji@Example.com", "minji@example.COM"),
    ],
)
def test_another_spelling_of_a_taken_name_is_taken(join, attr, taken, given):
    UserFactory(**{attr: taken})
    answer = join(**{attr: given})
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"
    assert codes(answer) == {(attr, "unique")}


@pytest.mark.parametrize(
    ("taken", "given"), [("고래😀", "고래🍕"), ("😀😀", "🍕🍕"), ("café", "cafe"), ("가나", "가나다")]
)
def test_names_that_look_different_are_different(join, taken, given):
    UserFactory(nickname=taken)
    assert join(nickname=given).status_code == 201


def test_a_taken_username_is_taken(join):
    UserFactory(username="minji_kim", email="someone@example.com")
    assert codes(join()) == {("username", "unique")}


def test_each_clash_is_named_at_once(join):
    UserFactory(username="minji_kim", email="minji@example.com", nickname="민지")
    assert codes(join()) == {("username", "unique"), ("email", "unique"), ("nickname", "unique")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.server
def test_of_two_sign_ups_at_once_with_one_name_one_succeeds(client_of, details, monkeypatch):
    both_looked = Barrier(2, timeout=20)
    refuse_taken = services.refuse_taken

    def look_and_wait(names, **kwargs):
        refuse_taken(names, **kwargs)  # passes the first time, so that both go on to insert
        both_looked.wait()

    monkeypatch.setattr(services, "refuse_taken", look_and_wait)
    answers = at_once(*[lambda: client_of(None).post(SIGNUP, details)] * 2)

    assert sorted(answer.status_code for answer in answers) == [201, 400]
    refused = max(answers, key=lambda answer: answer.status_code)
    assert codes(refused) == {("username", "unique"), ("email", "unique"), ("nickname", "unique")}
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "username",
    ["abc", "a" * 21, "Minji_Kim", "ｍｉｎｊｉ", "minji kim", " minji", "minji\n", "minji-kim", "김민지요"],
)
def test_a_username_is_4_to_20_small_letters_digits_and_underscores(join, username):
    answer = join(username=username)
    assert answer.status_code == 400
    assert {attr for attr, _code in codes(answer)} == {"username"}


def test_a_nickname_is_counted_as_it_is_read(join):
    answer = join(nickname=unicodedata.normalize("NFD", "열글자짜리한글별명임"))
    assert answer.json()["user"]["nickname"] == "열글자짜리한글별명임"


@pytest.mark.parametrize(
    ("nickname", "code"), [("가", "min_length"), ("가" * 11, "max_length"), (" 가 ", "min_length")]
)
def test_a_nickname_has_2_to_10_characters(join, nickname, code):
    assert codes(join(nickname=nickname)) == {("nickname", code)}


@pytest.mark.parametrize(
    "nickname",
    [
        "민\u200b지",
        "민지\u200d",
        "민\u2060지",
        "민지\ufeff",
        "\u202e민지",
        "민지\u3164",
        "민\u115f지",
        "\uffa0민지",
        "민지\u2800",
        "민지\ufe0f",
        "민\u17b4지",
        "민\u180b지",
        "민\n지",
        FAMILY,
    ],
    ids=ascii,
)
def test_a_nickname_with_invisible_characters_is_refused(join, nickname):
    assert codes(join(nickname=nickname)) == {("nickname", "invisible_characters")}


@pytest.mark.parametrize(
    "nickname",
    [
        "익명",
        "익명3",
        "익명 3",
        "익 명",
        "글쓴이",
        "글쓴이2",
        "(알수없음)",
        "（알 수 없음）",
        "알수없음",
        "운영자",
        "운영자님",
        "Anonymous 3",
        "ANONYMOUS",
        "Author",
        "(unknown)",
        "Operator",
        "admin",
    ],
)
def test_a_nickname_that_the_api_itself_uses_is_reserved(join, nickname):
    assert ("nickname", "reserved") in codes(join(nickname=nickname))


@pytest.mark.parametrize(("year", "status"), [(1944, 400), (1945, 201), ("next", 201), ("after", 400)])
def test_an_admission_year_is_from_1945_to_next_year(join, year, status):
    year = {"next": timezone.localdate().year + 1, "after": timezone.localdate().year + 2}.get(year, year)
    answer = join(admission_year=year)
    assert answer.status_code == status
    if status == 400:
        assert codes(answer) == {("admission_year", "out_of_range")}


def test_a_closed_school_is_as_one_that_never_was(join):
    closed = join(school=SchoolFactory(is_active=False).pk)
    missing = join(school=10**6)
    assert codes(closed) == {("school", "does_not_exist")}
    assert closed.content == missing.content


@pytest.mark.parametrize(
    ("attr", "value"),
    [
        ("username", 12345),
        ("email", ["minji@example.com"]),
        ("password", 8294627190523),
        ("nickname", True),
        ("school", "1"),
        ("school", True),
        ("school", None),
        ("school", 10**30),
        ("admission_year", "2025"),
        ("admission_year", 2025.5),
        ("admission_year", True),
        ("admission_year", 10**30),
        ("name", {"first": "민지"}),
        ("device", 7),
    ],
)
def test_a_value_of_another_type_is_refused(join, attr, value):
    answer = join(**{attr: value})
    assert answer.status_code == 400
    assert {name for name, _code in codes(answer)} == {attr}


@pytest.mark.parametrize(
    "attr", ["username", "email", "password", "nickname", "name", "device", "terms_version"]
)
def test_null_characters_are_refused(join, attr):
    answer = join(**{attr: "minji\0kim@example.com"})
    assert answer.status_code == 400
    assert {name for name, _code in codes(answer)} == {attr}


@pytest.mark.parametrize(
    "email", ["minji", "minji@", "@example.com", "min ji@example.com", "a@b", "a" * 250 + "@a.kr"]
)
def test_an_email_address_must_look_like_one(join, email):
    assert {attr for attr, _code in codes(join(email=email))} == {"email"}


def test_an_email_address_whose_folded_form_is_too_long_is_refused(join):
    folds_to_four_times_as_many = ".".join(["㍿" * 10] * 20) + ".kr"
    answer = join(email=f"a@{folds_to_four_times_as_many}")
    assert answer.status_code == 400
    assert codes(answer) == {("email", "max_length")}


@pytest.mark.parametrize("body", [[], "minji", 7, None])
def test_a_body_that_is_no_object_is_refused(anonymous, body, db):
    answer = anonymous.post(SIGNUP, body)
    assert answer.status_code == 400
