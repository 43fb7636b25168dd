"""Codes that come by mail: for the school, another e-mail address, and a password that was forgotten."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import EmailDomain, Letter, Sanction, Session, User, Verification
from accounts.services.mail import send_code
from accounts.services.sanctions import sanction_user
from accounts.services.withdrawal import leave
from accounts.tests.factories import PASSWORD, SchoolFactory, UserFactory
from api.tests.helpers import at_once, codes
from api.throttling import ActionThrottle
from conftest import Client

pytestmark = pytest.mark.django_db

SCHOOL, EMAIL = "/api/v1/auth/school-verification/", "/api/v1/auth/email/"
RESET, CHANGE = "/api/v1/auth/password/reset/", "/api/v1/auth/password/change/"
NEW = "staple-battery-9"
CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b")


@pytest.fixture
def newcomer(db):
    """Somebody whose school is not verified; its addresses end in `madang.ac.kr`."""
    school = SchoolFactory()
    school.email_domains.add(EmailDomain.objects.create(domain="madang.ac.kr"))
    return UserFactory(school=school, school_verified_at=None)


@pytest.fixture
def client(newcomer):
    return Client(newcomer)


def sent_code() -> str:
    """The one in the newest mail."""
    return CODE.search(mail.outbox[-1].body)[0]


def ask(client, email="minji@madang.ac.kr"):
    answer = client.post(SCHOOL, {"email": email})
    assert (answer.status_code, answer.content) == (202, b""), answer.content
    return sent_code()


def confirm(client, code):
    return client.post(f"{SCHOOL}confirm/", {"code": code})


INVALID = {("code", "code_invalid")}


@pytest.mark.parametrize(("keep", "status"), [(True, 200), (False, 400)])
def test_a_code_outlives_a_change_of_the_secret_key_while_the_old_one_is_listed(
    client, settings, keep, status
):
    code = ask(client)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
    settings.SECRET_KEY = "a-new-secret-key-" + "n" * 40
    assert confirm(client, code).status_code == status


# --- Verifying the school -----------------------------------------------------------------------------
def test_a_code_to_an_address_of_the_school_verifies_it(client, newcomer):
    code = ask(client)
    assert mail.outbox[0].to == ["minji@madang.ac.kr"]
    answer = confirm(client, code)
    assert answer.status_code == 200
    assert answer.json()["is_verified"] is True
    newcomer.refresh_from_db()
    assert newcomer.school_verified_at is not None
    assert not Verification.objects.exists()
    assert "minji" not in repr(User.objects.filter(pk=newcomer.pk).values())


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_code_may_be_typed_in_many_ways(client, typed):
    assert confirm(client, typed(ask(client))).status_code == 200


def test_the_code_itself_is_kept_nowhere(client, newcomer, queued):
    client.post(SCHOOL, {"email": "minji@madang.ac.kr"})
    row = Verification.objects.get()
    assert row.code_hash == ""
    send_code.call(row.pk)
    code = sent_code().replace("-", "")
    for model in (Verification, DBTaskResult):
        assert code not in repr(list(model.objects.values()))


@pytest.mark.parametrize(
    "email",
    ["minji@gmail.com", "minji@sub.madang.ac.kr", "minji@madang.ac.kr.example.com", "minji@xmadang.ac.kr"],
)
def test_other_addresses_are_refused(client, email):
    refused = client.post(SCHOOL, {"email": email})
    assert (refused.status_code, codes(refused)) == (400, {("email", "not_of_school")})
    assert mail.outbox == []


def test_a_school_without_addresses_and_one_that_is_verified_are_conflicts(client, newcomer, api):
    assert codes(api.post(SCHOOL, {"email": "minji@madang.ac.kr"})) == {(None, "already_verified")}
    newcomer.school.email_domains.clear()
    refused = client.post(SCHOOL, {"email": "minji@madang.ac.kr"})
    assert (refused.status_code, codes(refused)) == (409, {(None, "no_school_addresses")})


def test_a_code_is_good_for_ten_minutes(client, newcomer):
    with time_machine.travel("2026-03-10T12:00:00+09:00", tick=False) as clock:
        code = ask(Client(newcomer))
        clock.shift(timedelta(minutes=10))
        assert codes(confirm(Client(newcomer), code)) == INVALID
        code = ask(Client(newcomer))
        clock.shift(timedelta(minutes=10, seconds=-1))
        assert confirm(Client(newcomer), code).status_code == 200


def test_a_code_has_five_tries(client):
    code = ask(client)
    for _ in range(5):
        assert codes(confirm(client, "ZZZZ-ZZZZ")) == INVALID
    assert codes(confirm(client, code)) == INVALID
    assert confirm(client, ask(client)).status_code == 200


def test_the_fifth_try_may_be_the_right_one(client):
    code = ask(client)
    for _ in range(4):
        confirm(client, "ZZZZ-ZZZZ")
    assert confirm(client, code).status_code == 200


def test_a_new_code_takes_the_place_of_the_one_before_and_each_is_good_once(client):
    first = ask(client)
    second = ask(client)
    assert codes(confirm(client, first)) == INVALID
    assert confirm(client, second).status_code == 200
    assert codes(confirm(client, second)) == INVALID


def test_a_code_of_somebody_else_or_for_something_else_is_none(client, newcomer):
    other = UserFactory(school=newcomer.school, school_verified_at=None)
    code = ask(client)
    assert codes(confirm(Client(other), code)) == INVALID
    assert codes(client.post(f"{EMAIL}confirm/", {"code": code})) == INVALID


def test_an_address_verifies_one_account_at_a_time(client, newcomer):
    other = UserFactory(school=newcomer.school, school_verified_at=None)
    assert confirm(client, ask(client, "minji@madang.ac.kr")).status_code == 200
    # The mailbox is the same: one who reads it learns so, and nobody else.
    refused = confirm(Client(other), ask(Client(other), "MinJi+2@madang.ac.kr"))
    assert (refused.status_code, codes(refused)) == (409, {(None, "address_taken")})
    leave(user=newcomer)
    assert confirm(Client(other), ask(Client(other))).status_code == 200


def test_where_the_school_changed_meanwhile_the_code_is_none(client, newcomer):
    code = ask(client)
    User.objects.filter(pk=newcomer.pk).update(school=SchoolFactory())
    assert codes(confirm(client, code)) == INVALID


def test_a_sanction_comes_back_with_the_address_that_verified_the_school(client, newcomer, operator):
    confirm(client, ask(client))
    sanction_user(user=operator, sanctioned=newcomer, kind="no_writing", until=None, reason="spam")
    newcomer.refresh_from_db()
    leave(user=newcomer)
    again = UserFactory(school=newcomer.school, school_verified_at=None)
    confirm(Client(again), ask(Client(again)))
    assert Sanction.objects.get().user == again


def test_one_address_gets_five_mails_an_hour_and_the_answer_is_the_same(client):
    for _ in range(7):
        assert client.post(SCHOOL, {"email": "minji@madang.ac.kr"}).status_code == 202
    assert len(mail.outbox) == 5


def test_other_spellings_of_an_address_are_no_more_mails(client):
    for number in range(7):
        assert client.post(SCHOOL, {"email": f"minji+{number}@madang.ac.kr"}).status_code == 202
    assert len(mail.outbox) == 5


def test_many_accounts_of_one_network_are_limited_as_one(newcomer, monkeypatch):
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "code_network", "2/hour")
    people = UserFactory.create_batch(3, school=newcomer.school, school_verified_at=None)
    statuses = [
        Client(user).post(SCHOOL, {"email": f"student{number}@madang.ac.kr"}, REMOTE_ADDR=address).status_code
        for number, (user, address) in enumerate(
            zip(people, ("2001:db8::1", "2001:db8::2", "2001:db8::3"), strict=True)
        )
    ]
    assert statuses == [202, 202, 429]
    elsewhere = Client(people[2]).post(SCHOOL, {"email": "student9@madang.ac.kr"}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 202


@pytest.mark.parametrize(("language", "word"), [("ko", "안녕하세요"), ("en", "Hello")])
def test_a_mail_speaks_the_language_of_who_asked(newcomer, language, word):
    ask(Client(newcomer, HTTP_ACCEPT_LANGUAGE=language))
    assert word in mail.outbox[0].body


# --- The mail server is down ------------------------------------------------------------------------------
def test_a_mail_server_that_is_down_delays_a_code_and_loses_nothing(client, queued, settings, caplog):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "nowhere.Backend"
    client.post(SCHOOL, {"email": "minji@madang.ac.kr"})
    pk = Verification.objects.get().pk
    DBTaskResult.objects.all().delete()
    send_code.call(pk)
    again = DBTaskResult.objects.get()
    assert again.args_kwargs["args"] == [pk, 2]
    assert timedelta(seconds=50) < again.run_after - timezone.now() <= timedelta(minutes=1)
    assert "minji" not in caplog.text
    settings.EMAIL_BACKEND = working
    send_code.call(*again.args_kwargs["args"])
    assert confirm(client, sent_code()).status_code == 200


def test_a_code_that_was_sent_is_not_sent_again(client, queued):
    client.post(SCHOOL, {"email": "minji@madang.ac.kr"})
    pk = Verification.objects.get().pk
    send_code.call(pk)
    send_code.call(pk)
    assert len(mail.outbox) == 1


# --- Another e-mail address -------------------------------------------------------------------------------
def ask_email(client, email="new@example.com", password=PASSWORD):
    return client.post(EMAIL, {"email": email, "password": password})


def test_another_address_is_had_by_its_code_and_the_old_one_is_told(api, user):
    before = user.email
    assert ask_email(api).status_code == 202
    assert mail.outbox[0].to == ["new@example.com"]
    answer = api.post(f"{EMAIL}confirm/", {"code": sent_code()})
    assert (answer.status_code, answer.json()["email"]) == (200, "new@example.com")
    assert mail.outbox[1].to == [before]
    assert not Letter.objects.exists()
    login = {"username": "new@example.com", "password": PASSWORD}
    assert api.post("/api/v1/auth/login/", login).status_code == 200


def test_it_takes_the_password(api):
    refused = ask_email(api, password="wrong-horse-7")
    assert (refused.status_code, codes(refused)) == (400, {("password", "incorrect")})
    assert mail.outbox == []


def test_that_an_address_is_taken_does_not_show(api, user):
    other = UserFactory()
    free, taken = ask_email(api), ask_email(api, email=other.email.upper())
    assert (free.status_code, free.content) == (taken.status_code, taken.content)
    assert [message.to for message in mail.outbox] == [["new@example.com"]]


def test_an_address_that_was_taken_meanwhile_is_refused(api, user):
    ask_email(api)
    UserFactory(email="NEW@example.com")
    refused = api.post(f"{EMAIL}confirm/", {"code": sent_code()})
    assert (refused.status_code, codes(refused)) == (400, {("email", "unique")})


# --- Passwords ----------------------------------------------------------------------------------------------
def test_a_password_is_changed_and_the_other_devices_are_signed_out(api, user):
    elsewhere = Client(user)
    answer = api.post(CHANGE, {"password": PASSWORD, "new_password": NEW})
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get("/api/v1/users/me/").status_code == 200
    assert codes(elsewhere.get("/api/v1/users/me/")) == {(None, "session_ended")}
    assert Session.objects.filter(revoked_reason="password").count() == 1
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert NEW not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"password": "wrong-horse-7", "new_password": NEW}, ("password", "incorrect")),
        ({"password": PASSWORD, "new_password": "short-7"}, ("new_password", "password_too_short")),
        ({"password": PASSWORD, "new_password": "password1"}, ("new_password", "password_too_common")),
        ({"password": PASSWORD}, ("new_password", "required")),
    ],
)
def test_a_wrong_or_weak_password_changes_nothing(api, user, body, error):
    refused = api.post(CHANGE, body)
    assert (refused.status_code, codes(refused)) == (400, {error})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def reset(client, email, code, new_password=NEW):
    return client.post(f"{RESET}confirm/", {"email": email, "code": code, "new_password": new_password})


def test_a_forgotten_password_is_chosen_anew_and_all_devices_are_signed_out(api, anonymous, user):
    assert anonymous.post(RESET, {"email": user.email.upper()}).status_code == 202
    code = sent_code()
    answer = reset(anonymous, user.email, code)
    assert (answer.status_code, answer.content) == (204, b"")
    assert codes(api.get("/api/v1/users/me/")) == {(None, "session_ended")}
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert codes(reset(anonymous, user.email, code)) == INVALID


def test_no_answer_tells_whether_an_address_is_known(anonymous, user):
    known = anonymous.post(RESET, {"email": user.email})
    unknown = anonymous.post(RESET, {"email": "nobody@example.com"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert len(mail.outbox) == 1
    wrong = [reset(anonymous, email, "ZZZZ-ZZZZ") for email in (user.email, "nobody@example.com")]
    weak = [reset(anonymous, email, "ZZZZ-ZZZZ", "1") for email in (user.email, "nobody@example.com")]
    for one, other in (wrong, weak):
        assert (one.status_code, one.content) == (other.status_code, other.content)


def test_asking_queues_as_much_for_an_unknown_address(anonymous, user, queued):
    for email in (user.email, "nobody@example.com"):
        anonymous.post(RESET, {"email": email})
    assert DBTaskResult.objects.count() == 2


def test_a_password_like_the_name_is_refused_and_the_code_is_still_good(anonymous, user):
    anonymous.post(RESET, {"email": user.email})
    code = sent_code()
    refused = reset(anonymous, user.email, code, user.email)
    assert codes(refused) == {("new_password", "password_too_similar")}
    assert reset(anonymous, user.email, code).status_code == 204


def test_who_was_disabled_gets_no_code(anonymous, user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert anonymous.post(RESET, {"email": user.email}).status_code == 202
    assert mail.outbox == []


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_all_counted_and_a_code_is_used_once(newcomer):
    code = ask(Client(newcomer))
    answers = at_once(*[lambda: confirm(Client(newcomer), "ZZZZ-ZZZZ")] * 4)
    assert {answer.status_code for answer in answers} == {400}
    assert Verification.objects.get().attempts == 4
    answers = at_once(*[lambda: confirm(Client(newcomer), code)] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
