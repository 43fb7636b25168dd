"""What sanctions keep people from, who sees theirs, and what comes back with an address."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Sanction, Session, User
from accounts.services.sanctions import bind_newcomer, lift_sanction
from accounts.services.sessions import start_session
from accounts.tests.factories import PASSWORD, StaffFactory, UserFactory
from accounts.tokens import issue
from api.tests.helpers import codes
from board.tests.factories import BoardFactory
from board.tests.moderation import ME, about, bind, give, in_days, make_target
from conftest import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(moderator):
    return Client(moderator)


@pytest.fixture
def post(author):
    return make_target("post", author)


# --- Writing
def writes(client, school):
    return client.post(
        "/api/v1/posts/",
        {"board": BoardFactory(school=school).pk, "title": "제목", "content": "내용"},
    )


@pytest.mark.parametrize("kind", ["no_writing", "no_sign_in"])
def test_the_sanctioned_write_nothing(author, school, kind, time_machine):
    client = Client(author)
    until = in_days(7)
    bind(author, kind, until=until, reason="fraud")
    answer = writes(client, school)
    if kind == "no_sign_in":
        assert (answer.status_code, codes(answer)) == (401, {(None, "session_ended")})
        return
    assert (answer.status_code, codes(answer)) == (403, {(None, "sanctioned")})
    assert answer.json()["errors"][0]["meta"] == {"until": until.isoformat(), "reason": "fraud"}
    assert client.get("/api/v1/posts/").status_code == 200
    time_machine.move_to(until)
    assert writes(Client(author), school).status_code == 201


def test_verification_is_asked_for_first(school):
    author = UserFactory(school=school, school_verified_at=None)
    bind(author)
    assert codes(writes(Client(author), school)) == {(None, "verification_required")}


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([(3, "spam"), (9, "abuse"), (5, "fraud")], "abuse"),
        ([(3, "spam"), (None, "abuse"), (5, "fraud")], "abuse"),
        ([(-1, "spam"), (2, "fraud")], "fraud"),
    ],
)
def test_of_several_the_longest_is_told(author, school, terms, expected):
    for days, reason in terms:
        bind(author, until=days and in_days(days), reason=reason)
    assert writes(Client(author), school).json()["errors"][0]["meta"]["reason"] == expected


def test_what_is_lifted_keeps_from_nothing(author, school):
    for kind in ("no_writing", "no_sign_in"):
        lift_sanction(user=StaffFactory(), sanction=bind(author, kind))
    assert writes(Client(author), school).status_code == 201
    assert sign_in(author).status_code == 200


def test_the_sanctioned_still_read_pin_and_report(author, user):
    client = Client(author)
    bind(author)
    row = make_target("post", user)
    assert client.get(f"/api/v1/posts/{row.pk}/").status_code == 200
    assert client.put(f"/api/v1/boards/{row.board_id}/pin/").status_code == 200
    assert client.post("/api/v1/reports/", about(row, reason="spam")).status_code == 201


def test_staff_are_not_bound(client_of, school, api):
    staff = StaffFactory(school=school)
    client = client_of(staff)
    for kind in ("no_writing", "no_sign_in"):
        assert give(api, make_target("post", staff), kind=kind).status_code == 201
    assert writes(client, school).status_code == 201
    assert sign_in(staff).status_code == 200
    assert client.get(ME).json()["sanctions"] == []


# --- Not signing in
def sign_in(person, password=PASSWORD):
    return Client().post("/api/v1/auth/login/", {"username": person.username, "password": password})


def test_who_may_not_sign_in_is_told_only_with_the_right_password(author):
    until = in_days(7)
    bind(author, "no_sign_in", until=until)
    answer = sign_in(author)
    assert (answer.status_code, codes(answer)) == (403, {(None, "sanctioned")})
    assert answer.json()["errors"][0]["meta"] == {"until": until.isoformat(), "reason": "abuse"}
    assert codes(sign_in(author, "wrong-horse-7")) == {(None, "invalid_credentials")}
    assert not Session.objects.exists()


def test_no_writing_keeps_nobody_from_signing_in(author):
    bind(author)
    assert sign_in(author).status_code == 200


def test_who_may_not_sign_in_is_out_at_once_and_back_when_it_is_over(author, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    session = start_session(user=author)
    tokens = issue(session)
    client = Client()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.access}")
    before = Session.objects.values().get()
    sanction = bind(author, "no_sign_in", until=in_days(7))

    assert codes(client.get(ME)) == {(None, "session_ended")}
    refused = Client().post("/api/v1/auth/refresh/", {"refresh": tokens.refresh})
    assert (refused.status_code, codes(refused)) == (401, {(None, "session_ended")})
    assert Session.objects.values().get() == before

    lift_sanction(user=StaffFactory(), sanction=sanction)
    assert client.get(ME).status_code == 200
    assert Client().post("/api/v1/auth/refresh/", {"refresh": tokens.refresh}).status_code == 200


def test_a_sanction_that_is_over_lets_in(author, time_machine):
    client = Client(author)
    until = timezone.now() + timedelta(minutes=5)
    bind(author, "no_sign_in", until=until)
    assert client.get(ME).status_code == 401
    time_machine.move_to(until)
    assert client.get(ME).status_code == 200


def test_finding_a_session_still_takes_one_query(author, count_queries):
    client = Client(author)
    bind(author, "no_sign_in")
    assert count_queries(lambda: client.get(ME)) == 1


# --- Oneself
def test_one_sees_what_binds_oneself_and_through_what(api, author, post):
    client = Client(author)
    until = in_days(7).isoformat()
    give(api, post, until=until)
    lift_sanction(user=StaffFactory(), sanction=bind(author, "no_sign_in"))
    expected = [
        {
            "kind": "no_writing",
            "until": until,
            "reason": "abuse",
            "target_kind": "post",
            "target_id": str(post.pk),
        }
    ]
    assert client.get(ME).json()["sanctions"] == expected
    assert client.patch(ME, {"name": "민지"}).json()["sanctions"] == expected
    assert sign_in(author).json()["user"]["sanctions"] == expected
    assert api.get(ME).json()["sanctions"] == []
    assert "sanctions" not in api.get(f"/api/v1/users/{author.pk}/").json()


# --- Leaving and coming back
def join(school, email):
    return Client().post(
        "/api/v1/auth/signup/",
        {
            "username": "newcomer",
            "email": email,
            "password": PASSWORD,
            "nickname": "새내기",
            "school": school.pk,
            "admission_year": 2026,
        },
    )


def test_a_sanction_comes_back_with_the_address_however_it_is_spelt(api, author, school, post):
    email = author.email.upper()
    give(api, post)
    author.delete()
    assert Sanction.objects.get().user is None
    answer = join(school, email)
    newcomer = User.objects.get(username="newcomer")
    client = Client()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert codes(writes(client, school)) == {(None, "verification_required")}
    User.objects.filter(pk=newcomer.pk).update(school_verified_at=timezone.now())
    bind_newcomer(user=newcomer)
    assert codes(writes(client, school)) == {(None, "sanctioned")}
    (sanction,) = client.get(ME).json()["sanctions"]
    # Who verified an address need not be who wrote from it.
    assert (sanction["kind"], sanction["target_kind"], sanction["target_id"]) == ("no_writing", None, None)


@pytest.mark.parametrize("verification", [True, False])
@pytest.mark.parametrize("kind", ["no_writing", "no_sign_in"])
def test_who_types_an_address_learns_nothing_until_the_school_is_verified(
    settings, pages, author, school, kind, verification
):
    settings.REQUIRE_SCHOOL_VERIFICATION = verification
    email = author.email
    bind(author, kind)
    author.delete()
    answer = join(school, email)
    assert (answer.status_code, answer.json()["user"]["sanctions"]) == (201, [])
    assert Sanction.objects.get().user is None

    newcomer = User.objects.get(username="newcomer")
    form = pages.get(f"/admin/accounts/user/{newcomer.pk}/change/").context["adminform"].form
    given = {name: value for name, value in form.initial.items() if value and isinstance(value, str | int)}
    given |= {"school_verified_at_0": "2026-03-02", "school_verified_at_1": "09:00:00", "is_active": "on"}
    assert pages.post(f"/admin/accounts/user/{newcomer.pk}/change/", given).status_code == 302
    assert Sanction.objects.get().user == newcomer


@pytest.mark.parametrize("kind", ["no_writing", "no_sign_in"])
@pytest.mark.parametrize("end", ["lifted", "over"])
def test_what_has_ended_does_not_come_back(author, school, end, kind):
    email, sanction = author.email, bind(author, kind)
    if end == "lifted":
        lift_sanction(user=StaffFactory(), sanction=sanction)
    else:
        Sanction.objects.update(until=timezone.now())
    author.delete()
    join(school, email)
    newcomer = User.objects.get(username="newcomer")
    bind_newcomer(user=newcomer)
    assert not newcomer.sanctions.exists()


def test_what_was_given_after_they_left_binds_nobody(api, author, school, post):
    email = author.email
    author.delete()
    assert give(api, post).status_code == 201
    assert join(school, email).json()["user"]["sanctions"] == []


def test_the_key_of_an_address_does_not_tell_it(author):
    key = bind(author).address_key
    assert len(key) == 64
    assert author.username not in key
    assert key != bind(UserFactory()).address_key
