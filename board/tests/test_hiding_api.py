"""Hiding posts and comments, and showing them again."""

from functools import partial

import pytest

from accounts.models import AuditLog, Reason
from api.tests.helpers import codes
from board.exceptions import NotModerator
from board.services.hiding import hide, restore
from board.tests.factories import make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["post", "comment"])
def content(request, post):
    return post if request.param == "post" else make_comment(post, author=post.author)


def url_of(content):
    return f"/api/v1/{content._meta.model_name}s/{content.pk}/"


@pytest.mark.parametrize("role", ["manager", "moderator", "staff"])
def test_those_who_decide_hide_and_show_again_and_each_act_is_logged_once(
    clients, people, school, content, role
):
    api, hiding = clients[role], f"{url_of(content)}hide/"
    for _ in range(2):
        answer = api.put(hiding, {"reason": "spam"})
        assert (answer.status_code, answer.json()) == (200, {"state": "hidden"})
    assert clients["user"].get(url_of(content)).status_code == 404
    content.refresh_from_db()
    assert (content.hidden_by, content.hidden_reason) == (people[role], "spam")

    for _ in range(2):
        answer = api.delete(hiding)
        assert (answer.status_code, answer.json()) == (200, {"state": "living"})
    assert clients["user"].get(url_of(content)).status_code == 200
    content.refresh_from_db()
    assert (content.hidden_at, content.hidden_by, content.hidden_reason) == (None, None, "")
    assert content.edited_at is None

    logged = AuditLog.objects.order_by("id").values_list(
        "actor", "act", "target_kind", "target_id", "school", "reason"
    )
    target = (content._meta.model_name, str(content.pk), school.pk)
    assert list(logged) == [
        (people[role].pk, "hide", *target, "spam"),
        (people[role].pk, "restore", *target, ""),
    ]


def test_hiding_again_keeps_the_first_reason_and_who_did_it(clients, people, content):
    clients["manager"].put(f"{url_of(content)}hide/", {"reason": "spam"})
    assert clients["staff"].put(f"{url_of(content)}hide/", {"reason": "abuse"}).status_code == 200
    content.refresh_from_db()
    assert (content.hidden_reason, content.hidden_by) == ("spam", people["manager"])
    assert AuditLog.objects.count() == 1


@pytest.mark.parametrize("reason", Reason.values)
def test_there_are_seven_reasons(clients, post, reason):
    assert clients["manager"].put(f"{url_of(post)}hide/", {"reason": reason}).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"reason": None}, "null"),
        ({"reason": ""}, "invalid_choice"),
        ({"reason": "boring"}, "invalid_choice"),
        ({"reason": 1}, "invalid_choice"),
        ({"reason": ["spam"]}, "invalid_choice"),
    ],
)
def test_hiding_takes_one_of_them(clients, content, body, code):
    answer = clients["manager"].put(f"{url_of(content)}hide/", body)
    assert (answer.status_code, codes(answer)) == (400, {("reason", code)})
    assert not AuditLog.objects.exists()


@pytest.mark.parametrize("role", ["author", "user"])
def test_others_hide_nothing(clients, content, role):
    for answer in (
        clients[role].put(f"{url_of(content)}hide/", {"reason": "spam"}),
        clients[role].delete(f"{url_of(content)}hide/"),
    ):
        assert (answer.status_code, codes(answer)) == (403, {(None, "not_moderator")})


def test_the_author_does_not_show_again_what_was_hidden(clients, content):
    clients["manager"].put(f"{url_of(content)}hide/", {"reason": "spam"})
    assert clients["author"].delete(f"{url_of(content)}hide/").status_code == 403
    assert clients["author"].get(url_of(content)).json()["state"] == "hidden"


def test_the_author_is_told_why_it_is_hidden_and_not_who_hid_it(clients, content, people):
    clients["manager"].put(f"{url_of(content)}hide/", {"reason": "politics"})
    answer = clients["author"].get(url_of(content))
    assert answer.json()["hidden"]["reason"] == "politics"
    assert not answer.json()["hidden"]["is_final"]
    assert str(people["manager"].pk) not in answer.content.decode()
    assert people["manager"].nickname not in answer.content.decode()


def test_a_hidden_comment_stays_counted(clients, post):
    comment = make_comment(post)
    clients["manager"].put(f"{url_of(comment)}hide/", {"reason": "spam"})
    assert clients["user"].get(url_of(post)).json()["comment_count"] == 1


@pytest.mark.parametrize("act", [partial(hide, reason="spam"), restore], ids=["hide", "restore"])
def test_nobody_decides_about_what_they_wrote_whatever_leads_there(content, act):
    with pytest.raises(NotModerator):
        act(user=content.author, content=content)
