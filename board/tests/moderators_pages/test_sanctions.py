"""The list of sanctions, and lifting one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLog, Sanction, School, User
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import UserFactory
from board.tests.moderation import (
    make_target,
    reload,
)
from board.tests.moderators_pages.helpers import (
    browser_of,
    messages_of,
    read,
    rows,
    sanction,
    staff_with,
    traces,
    url,
)

pytestmark = pytest.mark.django_db


def test_a_sanction_shows_the_author_as_readers_see_them(work: Client, moderator: User, writer: User) -> None:
    given = sanction(moderator, make_target("comment", writer))
    for path in (url("sanction"), url("sanction", "change", given.pk)):
        page = read(work, path)
        assert not [trace for trace in traces(writer) if trace in page]
        for text in ("Anonymous 1", f"comment {given.target_id}", "for good", "지기", "no writing", "abuse"):
            assert text in page
        assert moderator.username not in page.replace(f"<strong>{moderator.username}</strong>", "")


def test_a_named_author_is_shown_by_the_nickname_and_not_linked(
    work: Client, moderator: User, writer: User
) -> None:
    sanction(moderator, make_target("post", writer, is_anonymous=False))
    terms = {"kind": Sanction.Kind.NO_WRITING, "until": None, "reason": "spam"}
    sanction_user(user=moderator, sanctioned=writer, **terms)
    page = read(work, url("sanction"))
    assert page.count(writer.nickname) == 2
    for given in Sanction.objects.all():
        page += read(work, url("sanction", "change", given.pk))
    assert not [trace for trace in traces(writer) if trace in page and trace != writer.nickname]


def test_sanctions_are_filtered_by_kind_and_by_whether_they_are_in_force(
    work: Client, moderator: User, school: School
) -> None:
    people = UserFactory.create_batch(3, school=school)
    living, lifted, over = (sanction(moderator, make_target("post", user)) for user in people)
    Sanction.objects.filter(pk=lifted.pk).update(lifted_at=timezone.now(), kind="no_sign_in")
    Sanction.objects.filter(pk=over.pk).update(until=timezone.now() - timedelta(days=1))
    path = url("sanction")
    assert rows(work.get(path, {"living": "yes"})) == [living]
    assert rows(work.get(path, {"living": "no"})) == [over, lifted]
    assert rows(work.get(path, {"kind__exact": "no_sign_in"})) == [lifted]


def test_nobody_sees_a_sanction_of_their_own(moderator: User, work: Client, school: School) -> None:
    other = UserFactory(school=school, is_moderator=True)
    given = sanction(other, make_target("post", moderator))
    assert rows(work.get(url("sanction"))) == []
    assert work.get(url("sanction", "change", given.pk)).status_code == 302
    assert work.post(url("sanction", "lift", given.pk)).status_code == 302
    assert reload(given).lifted_at is None


def test_a_sanction_is_lifted_after_a_question(work: Client, moderator: User, writer: User) -> None:
    given = sanction(moderator, make_target("comment", writer))
    lift = url("sanction", "lift", given.pk)
    assert lift in read(work, url("sanction", "change", given.pk))
    question = read(work, lift)
    assert "Anonymous 1" in question
    assert not [trace for trace in traces(writer) if trace in question]
    assert reload(given).lifted_at is None
    response = work.post(lift, follow=True)
    assert messages_of(response) == ["The sanction is lifted."]
    given = reload(given)
    assert given.lifted_by == moderator
    assert lift not in read(work, url("sanction", "change", given.pk))
    work.post(lift)
    assert reload(given).lifted_at == given.lifted_at
    assert AuditLog.objects.filter(act=AuditLog.Act.LIFT).count() == 1


def test_lifting_takes_a_token_and_for_staff_the_permission(moderator: User, writer: User) -> None:
    given = sanction(moderator, make_target("post", writer))
    lift, page = url("sanction", "lift", given.pk), url("sanction", "change", given.pk)
    assert browser_of(moderator, enforce_csrf_checks=True).post(lift).status_code == 403
    reader = staff_with("view_sanction")
    assert reader.get(lift).status_code == reader.post(lift).status_code == 403
    assert lift not in read(reader, page)
    assert staff_with().post(lift).status_code == 403
    assert reload(given).lifted_at is None
    assert staff_with("change_sanction").post(lift).status_code == 302
    assert reload(given).lifted_at is not None


@pytest.mark.parametrize("browser", ["work", "pages"])
def test_sanctions_are_neither_made_nor_changed_nor_deleted_here(
    browser: str, request: Any, moderator: User, writer: User
) -> None:
    client = request.getfixturevalue(browser)
    given = sanction(moderator, make_target("post", writer))
    before = Sanction.objects.values().get()
    assert client.get(url("sanction", "add")).status_code == 403
    assert client.post(url("sanction", "add"), {"user": writer.pk}).status_code == 403
    body = {"user": moderator.pk, "until": "", "lifted_at": "2020-01-01"}
    assert client.post(url("sanction", "change", given.pk), body).status_code == 403
    assert client.post(url("sanction", "delete", given.pk), {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": given.pk, "post": "yes"}
    client.post(url("sanction"), action)
    client.post(url("moderationcase"), action)
    assert Sanction.objects.values().get() == before
