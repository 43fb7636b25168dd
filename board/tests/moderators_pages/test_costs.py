"""A page costs the same however many rows it has."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import ModerationCase, Sanction, School, User
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import UserFactory
from board.models import Comment
from board.tests.moderation import (
    KINDS,
    make_old,
    make_target,
    report,
)
from board.tests.moderators_pages.helpers import (
    page_of,
    sanction,
    url,
)

pytestmark = pytest.mark.django_db


def make_case(moderator: User) -> None:
    """With everything that its list shows, of each kind."""
    for kind in KINDS:
        author, reader = (make_old(UserFactory(school=moderator.school)) for _ in range(2))
        row = make_target(kind, author, reader=reader)
        report(reader, row, note="보기 싫어요")


NAMED = {"is_anonymous": False}


def make_sanction(moderator: User) -> None:
    author = UserFactory(school=moderator.school)
    written = [make_target(kind, author, **named) for kind in ("post", "comment") for named in ({}, NAMED)]
    for row in written:
        sanction(moderator, row)
    terms = {"kind": Sanction.Kind.NO_WRITING, "until": None, "reason": "spam"}
    sanction_user(user=moderator, sanctioned=author, **terms)


LISTS = {"moderationcase": (make_case, 13), "sanction": (make_sanction, 12), "auditlog": (make_sanction, 9)}


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("browser", ["work", "pages"])
def test_a_list_costs_the_same_for_few_rows_and_for_many(
    model: str, browser: str, request: Any, moderator: User, count_queries: Callable[..., int]
) -> None:
    client = request.getfixturevalue(browser)
    make, most = LISTS[model]

    def look() -> None:
        assert client.get(url(model)).status_code == 200

    make(moderator)
    look()
    few = count_queries(look)
    for _ in range(10):
        make(moderator)
    assert count_queries(look) == few <= most


def test_the_page_of_a_case_costs_the_same_for_1_report_and_for_30(
    work: Client, case: ModerationCase, school: School, moderator: User, count_queries: Callable[..., int]
) -> None:
    def look() -> None:
        assert work.get(page_of(case)).status_code == 200

    row = Comment.objects.get(pk=case.target_id)
    sanction(moderator, row)
    look()
    few = count_queries(look)
    for user in UserFactory.create_batch(29, school=school):
        report(user, row, note="저도요")
        sanction(moderator, row)
    assert count_queries(look) == few <= 16
