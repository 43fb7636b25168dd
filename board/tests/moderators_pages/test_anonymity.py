"""No page leads to who wrote, reported or is bound."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import ModerationCase, Sanction, School, User
from accounts.services.sessions import start_session
from accounts.tests.factories import UserFactory
from board.tests.moderation import (
    KINDS,
    kind_of,
    make_old,
    make_target,
    report,
)
from board.tests.moderators_pages.helpers import (
    INDEX,
    THEIRS,
    decide,
    read,
    rows,
    sanction,
    url,
)

pytestmark = pytest.mark.django_db


CLOSED = (
    "user",
    "user__id__exact",
    "user__isnull",
    "user__nickname",
    "user__username__startswith",
    "issued_by",
    "issued_by__posts",
    "lifted_by",
    "decided_by",
    "address_key",
    "address_key__startswith",
    "target_id",
    "target_id__in",
    "reports",
    "reports__reporter",
    "reports__isnull",
    "reports__note__contains",
    "note__contains",
    "snapshot__author",
    "school__users",
    "school__posts__author",
    "actor",
    "actor__sanctions",
)


@pytest.mark.parametrize("browser", ["work", "pages"])
@pytest.mark.parametrize("model", THEIRS)
def test_no_list_is_narrowed_but_by_its_filters(model: Any, browser: str, request: Any, writer: User) -> None:
    client = request.getfixturevalue(browser)
    path = url(model._meta.model_name)
    answers = {lookup: client.get(path, {lookup: str(writer.pk)}).status_code for lookup in CLOSED}
    assert answers == dict.fromkeys(CLOSED, 400)


@pytest.mark.parametrize(
    "lookup", ["sanctions", "sanctions__isnull", "sanctions__target_id", "reports__case"]
)
def test_people_are_not_filtered_by_sanctions_or_reports(lookup: str, pages: Client) -> None:
    assert pages.get(url("user"), {lookup: "1"}).status_code == 400


@pytest.mark.parametrize("browser", ["work", "pages"])
@pytest.mark.parametrize("model", THEIRS)
def test_a_row_is_not_opened_by_a_person(
    model: Any, browser: str, request: Any, writer: User, moderator: User
) -> None:
    client = request.getfixturevalue(browser)
    sanction(moderator, make_target("post", writer))
    name = model._meta.model_name
    for field in ("user", "issued_by", "actor", "reports", "address_key", "target_id"):
        assert client.get(url(name), {"_to_field": field}).status_code == 400
        # The page of a case does not ask for a field.
        expected = 302 if model is ModerationCase else 400
        assert client.get(url(name, "change", writer.pk), {"_to_field": field}).status_code == expected
    assert client.get(url(name), {"_to_field": "id"}).status_code == 200


def test_reports_blocks_and_conversations_have_no_page() -> None:
    names = {model.__name__ for model in admin.site._registry}
    assert not names & {"Report", "Block", "Conversation", "Participant", "Message"}


def snapshot_of(*browsers: Client) -> list[tuple[str, int, str]]:
    """What each browser reads of what is reported and done, without what differs between two requests."""
    lists = [reverse(f"admin:{name}_changelist") for name in ("board_post", "board_comment")]
    lists += [url(model._meta.model_name) for model in THEIRS]
    lists += [url("moderationcase") + "?state=all", url("sanction") + "?living=no"]
    details = [
        url(model._meta.model_name, "change", row.pk) for model in THEIRS for row in model.objects.all()
    ]
    details += [url("sanction", "lift", given.pk) for given in Sanction.objects.all()]
    answers = [(path, browser.get(path)) for browser in browsers for path in [INDEX, *lists, *details]]
    return [
        (
            path,
            answer.status_code,
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()),
        )
        for path, answer in answers
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("act", ["", "uphold", "lift", "withdrawal"])
def test_the_pages_are_the_same_whoever_wrote_what_is_anonymous(
    kind: str, act: str, work: Client, pages: Client, writer: User, school: School
) -> None:
    reader, other = make_old(UserFactory(school=school)), UserFactory(school=school)
    row = make_target(kind, writer, reader=reader)
    case = report(reader, row, note="보기 싫어요").case
    decide(work, case, "uphold" if act == "uphold" else "sanction", kind="no_sign_in", term="7")
    given = Sanction.objects.get()
    if act == "lift":
        work.post(url("sanction", "lift", given.pk), follow=True)
    if act == "withdrawal":
        Sanction.objects.update(user=None)
    before = snapshot_of(work, pages)
    assert (url("sanction", "change", given.pk), 200) in {answer[:2] for answer in before}
    swap(row, other)
    if act != "withdrawal":
        Sanction.objects.update(user=other, address_key="other")
    assert snapshot_of(work, pages) == before


def swap(row: Any, author: User) -> None:
    """Make somebody else the author of something, as if they had written it."""
    if kind_of(row) == "message":
        type(row.sender).objects.filter(pk=row.sender_id).update(user=author)
    else:
        type(row).objects.filter(pk=row.pk).update(author=author)


def test_the_page_of_a_user_tells_nothing_of_sanctions(pages: Client, moderator: User, writer: User) -> None:
    def seen() -> list[str]:
        paths = (url("user", "change", writer.pk), url("user"), url("session"))
        return [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", read(pages, path)) for path in paths]

    post = make_target("post", writer)
    start_session(user=writer, device="Firefox", address="192.0.2.1")
    before = seen()
    for kind in Sanction.Kind.values:
        sanction(moderator, post, kind=kind)
    assert seen() == before


@pytest.mark.parametrize("model", [ModerationCase, Sanction])
def test_no_order_depends_on_the_author(model: Any, work: Client, moderator: User, reporter: User) -> None:
    for nickname in ("나나", "가가", "다다"):
        author = UserFactory(nickname=nickname, school=moderator.school)
        row = make_target("comment", author, is_anonymous=False)
        report(reporter, row)
        sanction(moderator, row)
    path = url(model._meta.model_name)
    listed = work.get(path)
    column, newest_first = listed.context["cl"].list_display.index("shown_author"), rows(listed)
    assert len(newest_first) == 3
    for order in (column, -column):
        assert rows(work.get(path, {"o": order})) == newest_first


def test_django_logs_nothing_of_what_moderators_do(
    work: Client, case: ModerationCase, moderator: User, writer: User
) -> None:
    decide(work, case, "uphold", kind="no_writing")
    decide(work, case, "sanction", kind="no_sign_in")
    for given in Sanction.objects.all():
        work.post(url("sanction", "lift", given.pk))
    assert Sanction.objects.filter(lifted_at=None).count() == 0
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("lookup", ["kind__regex", "kind__range", "kind__gt", "kind__in"])
def test_a_filter_is_used_as_its_links_use_it(lookup: str, work: Client) -> None:
    assert work.get(url("sanction"), {lookup: "("}).status_code == 400
