"""Sanctions, given through what was written, without learning who wrote it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditLog, Sanction
from accounts.services.sanctions import lift_sanction
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from board.services.comments import delete_comment
from board.services.hiding import hide
from board.services.posts import delete_post
from board.tests.moderation import (
    KINDS,
    SANCTIONS,
    TERMS,
    about,
    bind,
    give,
    in_days,
    kind_of,
    make_target,
    report,
)
from conftest import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(moderator):
    return Client(moderator)


@pytest.fixture(params=KINDS)
def target(request, user, author):
    """Something anonymous by `author`, which `user` reported."""
    row = make_target(request.param, author, reader=user)
    report(user, row)
    return row


@pytest.fixture
def post(author):
    return make_target("post", author)


# --- Who
def test_sanctions_are_for_moderators_and_staff(client_of, anonymous, author, user, target):
    sanction = bind(author)
    calls = [
        ("get", SANCTIONS, None),
        ("post", SANCTIONS, about(target) | TERMS),
        ("get", f"{SANCTIONS}{sanction.pk}/", None),
        ("delete", f"{SANCTIONS}{sanction.pk}/", None),
    ]
    for method, path, body in calls:
        assert getattr(anonymous, method)(path, body).status_code == 401
        for person in (user, author):
            answer = getattr(client_of(person), method)(path, body)
            assert (answer.status_code, codes(answer)) == (403, {(None, "not_moderator")})
    elsewhere = client_of(UserFactory(is_moderator=True))
    assert elsewhere.get(SANCTIONS).json()["results"] == []
    assert elsewhere.get(f"{SANCTIONS}{sanction.pk}/").status_code == 404
    assert elsewhere.delete(f"{SANCTIONS}{sanction.pk}/").status_code == 404
    assert codes(elsewhere.post(SANCTIONS, about(target) | TERMS)) == {("target_id", "does_not_exist")}
    assert Sanction.objects.living().count() == 1


# --- Giving
def test_a_sanction_through_a_label_shows_the_label_and_no_person(api, moderator, author, target):
    until = in_days(7).isoformat()
    answer = give(api, target, until=until)
    assert answer.status_code == 201
    row = answer.json()
    sanction = Sanction.objects.get()
    assert sanction.user == author
    assert row == api.get(f"{SANCTIONS}{sanction.pk}/").json() == api.get(SANCTIONS).json()["results"][0]
    for word in (author.nickname, author.username, str(author.pk), author.pk.hex):
        assert word not in answer.content.decode()
    assert row.pop("created_at") is not None
    number = 1 if kind_of(target) == "comment" else None
    assert row == {
        "id": sanction.pk,
        "school": {"id": sanction.school.pk, "name": sanction.school.name},
        "kind": "no_writing",
        "kind_display": "no writing",
        "until": until,
        "reason": "abuse",
        "reason_display": "abuse",
        "author": {
            "id": None,
            "kind": "anonymous",
            "number": number,
            "display_name": "Anonymous 1" if number else "Anonymous",
            "picture": None,
        },
        "target_kind": kind_of(target),
        "target_id": str(target.pk),
        "issued_by": {"id": str(moderator.pk), "nickname": moderator.nickname},
        "is_living": True,
        "lifted_at": None,
    }


def test_a_sanction_by_name_names(api, author):
    answer = api.post(SANCTIONS, {"user": str(author.pk)} | TERMS)
    assert answer.status_code == 201
    row = answer.json()
    assert (row["target_kind"], row["target_id"], row["author"]["id"]) == (
        "user",
        str(author.pk),
        str(author.pk),
    )
    assert Sanction.objects.get().user == author
    author.delete()
    assert api.get(f"{SANCTIONS}{row['id']}/").json()["author"]["kind"] == "withdrawn"


def test_named_content_names_its_author(api, author):
    row = give(api, make_target("post", author, is_anonymous=False)).json()
    assert (row["author"]["id"], row["target_kind"]) == (str(author.pk), "post")


def test_each_is_logged_readably_and_without_the_person(api, moderator, author, school, post):
    until = in_days(7)
    give(api, post, until=until.isoformat())
    api.post(SANCTIONS, {"user": str(author.pk)} | TERMS | {"kind": "no_sign_in"})
    api.delete(f"{SANCTIONS}{Sanction.objects.last().pk}/")
    logged = AuditLog.objects.order_by("id").values_list(
        "actor", "school", "act", "target_kind", "target_id", "reason"
    )
    by = (moderator.pk, school.pk)
    assert list(logged) == [
        (*by, "sanction", "post", str(post.pk), f"no_writing until {until.isoformat()}: abuse"),
        (*by, "sanction", "user", str(author.pk), "no_sign_in for good: abuse"),
        (*by, "lift", "sanction", str(Sanction.objects.last().pk), ""),
    ]


def test_the_same_person_through_two_things_is_two_alike(api, author):
    first, second = (give(api, make_target("post", author)) for _ in "12")
    assert (first.status_code, second.status_code) == (201, 201)
    differing = {"id", "target_id", "created_at"}
    assert [
        {name: value for name, value in answer.json().items() if name not in differing}
        for answer in (first, second)
    ] == [{name: value for name, value in first.json().items() if name not in differing}] * 2
    assert Sanction.objects.count() == 2


def test_what_nobody_reported_can_be_sanctioned_where_a_moderator_sees_it(api, author, moderator):
    for row in [make_target(kind, author) for kind in ("post", "comment")]:
        assert give(api, row).status_code == 201
        hide(user=moderator, content=row, reason="spam")
        assert give(api, row).status_code == 201


@pytest.mark.parametrize(("kind", "delete"), [("post", delete_post), ("comment", delete_comment)])
def test_what_was_deleted_can_be_sanctioned_only_where_there_is_a_case(api, user, author, kind, delete):
    alone, in_case = make_target(kind, author), make_target(kind, author)
    report(user, in_case)
    for row in (alone, in_case):
        delete(**{kind: row})
    missing = give(api, alone, target_id=10**9)
    answer = give(api, alone)
    assert (answer.status_code, answer.content) == (400, missing.content)
    assert codes(answer) == {("target_id", "does_not_exist")}
    assert give(api, in_case).status_code == 201


def test_a_message_is_sanctioned_through_its_case_alone(api, client_of, author, moderator):
    message = make_target("message", author, reader=moderator)
    for client in (api, client_of(StaffFactory())):
        answer = give(client, message)
        assert (answer.status_code, codes(answer)) == (400, {("target_id", "does_not_exist")})
    report(moderator, message)
    assert give(api, message).status_code == 201


def test_nobody_sanctions_themselves(api, moderator):
    answers = [
        give(api, make_target("post", moderator)),
        api.post(SANCTIONS, {"user": str(moderator.pk)} | TERMS),
    ]
    for answer in answers:
        assert (answer.status_code, codes(answer)) == (403, {(None, "own_content")})
    assert not Sanction.objects.exists()
    assert not AuditLog.objects.exists()


def test_another_school_s_people_do_not_exist(api, client_of):
    stranger = UserFactory()
    missing = api.post(SANCTIONS, {"user": "00000000-0000-4000-8000-000000000000"} | TERMS)
    answer = api.post(SANCTIONS, {"user": str(stranger.pk)} | TERMS)
    assert (answer.status_code, answer.content) == (400, missing.content)
    assert codes(answer) == {("user", "does_not_exist")}
    assert codes(give(api, make_target("post", stranger))) == {("target_id", "does_not_exist")}
    assert client_of(StaffFactory()).post(SANCTIONS, {"user": str(stranger.pk)} | TERMS).status_code == 201


@pytest.mark.parametrize(
    ("change", "attr", "code"),
    [
        ({"kind": "no_fun"}, "kind", "invalid_choice"),
        ({"kind": None}, "kind", "null"),
        ({"reason": "boring"}, "reason", "invalid_choice"),
        ({"until": "2020-01-01T00:00:00Z"}, "until", "past"),
        ({"until": "2999-01-01T00:00:00"}, "until", "invalid"),
        ({"until": "2999-01-01"}, "until", "invalid"),
        ({"until": "9999-12-31T23:59:59Z"}, "until", "overflow"),
        ({"until": "0001-01-01T00:00:00+14:00"}, "until", "overflow"),
        ({"until": 7}, "until", "invalid"),
        ({"target_kind": "board"}, "target_kind", "invalid_choice"),
        ({"target_id": "1"}, "target_id", "invalid"),
        ({"target_id": 10**30}, "target_id", "does_not_exist"),
        ({"user": 7}, "user", "invalid"),
        ({"user": "no-uuid"}, "user", "invalid"),
    ],
)
def test_a_sanction_is_made_of_the_right_types(api, post, change, attr, code):
    body = {"user": change["user"]} | TERMS if "user" in change else about(post) | TERMS | change
    answer = api.post(SANCTIONS, body)
    assert (answer.status_code, codes(answer)) == (400, {(attr, code)})


def test_a_sanction_is_given_through_one_thing(api, post, author):
    assert codes(api.post(SANCTIONS, {})) == {(name, "required") for name in TERMS}
    for given in (
        {},
        {"target_kind": "post"},
        {"target_id": post.pk},
        about(post) | {"user": str(author.pk)},
        {"target_id": post.pk, "user": str(author.pk)},
    ):
        answer = api.post(SANCTIONS, given | TERMS)
        assert (answer.status_code, codes(answer)) == (400, {("user", "one_of")})


# --- Lifting and listing
def test_lifting_ends_it_once(api, author, moderator, post):
    path = f"{SANCTIONS}{give(api, post).json()['id']}/"
    assert api.delete(path).status_code == 204
    lifted_at = api.get(path).json()["lifted_at"]
    assert lifted_at is not None
    assert api.get(path).json()["is_living"] is False
    assert Sanction.objects.get().lifted_by == moderator
    assert api.delete(path).status_code == 204
    assert api.get(path).json()["lifted_at"] == lifted_at
    assert AuditLog.objects.filter(act="lift").count() == 1


def test_those_that_bind_oneself_do_not_exist(api, client_of, moderator, school):
    judge = UserFactory(school=school, is_moderator=True)
    made = give(client_of(judge), make_target("post", moderator)).json()
    path = f"{SANCTIONS}{made['id']}/"
    assert api.get(SANCTIONS).json()["results"] == []
    assert (api.get(path).status_code, api.delete(path).status_code) == (404, 404)
    assert client_of(judge).get(path).status_code == 200
    assert Sanction.objects.living().count() == 1


def test_the_list_is_filtered_newest_first(api, client_of, author, school):
    first, lifted, over = bind(author), bind(author, kind="no_sign_in"), bind(author)
    lift_sanction(user=StaffFactory(), sanction=lifted)
    Sanction.objects.filter(pk=over.pk).update(until=timezone.now() - timedelta(days=1))
    theirs = bind(UserFactory())
    staff = client_of(StaffFactory())
    for client, query, expected in [
        (api, "", [over, lifted, first]),
        (api, "living=true", [first]),
        (api, "living=false", [over, lifted]),
        (api, "kind=no_sign_in", [lifted]),
        (api, f"school={school.pk}", [over, lifted, first]),
        (staff, "living=true", [theirs, first]),
        (staff, f"living=true&school={school.pk}", [first]),
    ]:
        listed = client.get(f"{SANCTIONS}?{query}").json()["results"]
        assert [row["id"] for row in listed] == [row.pk for row in expected], query
    for query in ("user=1", "living=yes", f"school={theirs.school_id}", "kind=x", "target_id=1"):
        assert api.get(f"{SANCTIONS}?{query}").status_code == 400, query


def test_one_sanction_of_each_kind_and_thirty_cost_the_same(api, user, school, count_queries):
    def make_four():
        author = UserFactory(school=school)
        for row in [make_target(kind, author, reader=user) for kind in KINDS]:
            report(user, row)
            assert give(api, row).status_code == 201
        assert api.post(SANCTIONS, {"user": str(author.pk)} | TERMS).status_code == 201

    make_four()
    few = count_queries(lambda: api.get(f"{SANCTIONS}?page_size=100"))
    for _ in range(8):
        make_four()
    many = count_queries(lambda: api.get(f"{SANCTIONS}?page_size=100"))
    assert len(api.get(f"{SANCTIONS}?page_size=100").json()["results"]) == 36
    assert many == few <= 7


# --- Anonymity
@pytest.mark.parametrize(
    "writer",
    ["another", "staff", "sanctioned before", "withdrawn", "inactive"],
)
def test_the_answer_is_the_same_whoever_wrote_it(api, user, school, target, writer, time_machine):
    """Also what it costs, and what the list shows after."""
    time_machine.move_to(timezone.now(), tick=False)
    other = {
        "another": lambda: UserFactory(school=school),
        "staff": lambda: StaffFactory(school=school),
        "sanctioned before": lambda: bind(UserFactory()).user,
        "withdrawn": lambda: None,
        "inactive": lambda: UserFactory(school=school, is_active=False),
    }[writer]()

    def act():
        with CaptureQueriesContext(connection) as queries:
            answer = give(api, target, until=in_days(7).isoformat())
        listed = api.get(SANCTIONS)
        logged = api.get("/api/v1/moderation/audit/")
        assert (answer.status_code, listed.status_code, logged.status_code) == (201, 200, 200)
        pk = str(answer.json()["id"]).encode()
        Sanction.objects.filter(target_kind=kind_of(target)).delete()
        entry = AuditLog.objects.filter(act="sanction").latest("id").pk
        AuditLog.objects.filter(pk=entry)._raw_delete("default")
        return [
            part.replace(b'"id":%s,"school"' % pk, b"").replace(b'"id":%d,"actor"' % entry, b"")
            for part in (answer.content, listed.content, logged.content)
        ] + [len(queries)]

    before = act()
    if kind_of(target) == "message":
        type(target.sender).objects.filter(pk=target.sender_id).update(user=other)
    else:
        type(target).objects.update(author=other)
    assert act() == before
