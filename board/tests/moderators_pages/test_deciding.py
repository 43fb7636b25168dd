"""Deciding a case, and sanctioning from its page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLog, ModerationCase, Sanction, School, User
from accounts.services import cases
from accounts.tests.factories import UserFactory
from board.models import Comment
from board.services.posts import delete_post
from board.tests.moderation import (
    make_target,
    old_users,
    reload,
    report,
)
from board.tests.moderators_pages.helpers import (
    browser_of,
    decide,
    messages_of,
    page_of,
    read,
    staff_with,
    text_of,
    url,
)

pytestmark = pytest.mark.django_db


def test_upholding_hides_and_goes_back_to_the_list(
    work: Client, case: ModerationCase, moderator: User
) -> None:
    response = decide(work, case, "uphold", note="한 줄\r\n두 줄", reason="obscene")
    assert response.redirect_chain == [(url("moderationcase"), 302)]
    assert messages_of(response) == ["The decision is made."]
    case = reload(case)
    assert (case.state, case.note, case.decided_by) == ("upheld", "한 줄\n두 줄", moderator)
    comment = Comment.objects.get(pk=case.target_id)
    assert (comment.hidden_reason, comment.hidden_by) == ("obscene", moderator)
    assert AuditLog.objects.get().act == "uphold"
    assert not Sanction.objects.exists()


def test_dismissing_shows_again(
    work: Client, case: ModerationCase, settings: Any, school: School, moderator: User
) -> None:
    settings.REPORTS_TO_HIDE = 2
    row = Comment.objects.get(pk=case.target_id)
    report(*old_users(1, school), row)
    assert reload(row).hidden_at is not None
    decide(work, case, "dismiss")
    case = reload(case)
    assert (case.state, case.note, case.decided_by) == ("dismissed", "살펴보았습니다", moderator)
    assert reload(row).hidden_at is None
    assert AuditLog.objects.get().act == "dismiss"


@pytest.mark.parametrize("button", ["uphold", "dismiss"])
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"note": ""}, "note"),
        ({"note": " \r\n "}, "note"),
        ({"note": "가" * 501}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"reason": "because"}, "reason"),
        ({"kind": "death"}, "kind"),
        ({"term": "2"}, "term"),
        ({"term": ""}, "term"),
    ],
)
def test_a_wrong_decision_changes_nothing(
    button: str, fields: dict[str, str], wrong: str, work: Client, case: ModerationCase
) -> None:
    response = decide(work, case, button, **fields)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [wrong]
    assert reload(case).is_open
    assert not AuditLog.objects.exists()


def test_the_lines_of_a_note_count_as_they_are_stored(work: Client, case: ModerationCase) -> None:
    decide(work, case, "dismiss", note="가\r\n" * 249 + "가나")
    assert len(reload(case).note) == 500


def test_a_case_is_not_dismissed_with_a_sanction(work: Client, case: ModerationCase) -> None:
    response = decide(work, case, "dismiss", kind="no_writing")
    assert response.context["form"].errors == {"kind": ["A case is dismissed without a sanction."]}
    assert reload(case).is_open


def test_the_reason_most_reports_give_is_chosen_already(
    work: Client, case: ModerationCase, school: School
) -> None:
    for user in old_users(2, school):
        report(user, Comment.objects.get(pk=case.target_id), "fraud")
    assert '<option value="fraud" selected>' in read(work, page_of(case))
    decide(work, case, "uphold")
    assert '<option value="fraud" selected>' in read(work, page_of(case))


@pytest.mark.parametrize(("term", "days"), [("1", 1), ("3", 3), ("7", 7), ("30", 30), ("for_good", None)])
@pytest.mark.parametrize("kind", ["no_writing", "no_sign_in"])
def test_upholding_can_sanction(
    kind: str, term: str, days: int | None, work: Client, case: ModerationCase, writer: User
) -> None:
    decide(work, case, "uphold", kind=kind, term=term, reason="fraud")
    sanction = Sanction.objects.get()
    assert (sanction.user, sanction.kind, sanction.reason) == (writer, kind, "fraud")
    if days is None:
        assert sanction.until is None
    else:
        left = sanction.until - timezone.now()
        assert timedelta(days=days, minutes=-1) < left <= timedelta(days=days)


def test_a_case_decided_meanwhile_is_not_decided_again(
    work: Client, case: ModerationCase, school: School
) -> None:
    other = UserFactory(school=school, is_moderator=True)
    cases.dismiss(user=other, case=case, note="먼저")
    response = decide(work, case, "uphold", kind="no_writing")
    assert response.redirect_chain == [(page_of(case), 302)]
    assert messages_of(response) == ["Meanwhile this case was closed. What you decided was not applied."]
    case = reload(case)
    assert (case.state, case.note, case.decided_by) == ("dismissed", "먼저", other)
    assert not Sanction.objects.exists()


def test_only_a_post_with_a_token_decides(moderator: User, case: ModerationCase) -> None:
    strict = browser_of(moderator, enforce_csrf_checks=True)
    body = {"note": "x", "reason": "abuse", "kind": "", "term": "1", "dismiss": "x"}
    assert strict.post(page_of(case), body).status_code == 403
    assert strict.get(page_of(case), body).status_code == 200
    assert reload(case).is_open


@pytest.mark.parametrize("body", [{}, {"_save": "x"}, {"state": "dismissed", "note": "x"}])
def test_a_post_without_one_of_the_buttons_is_refused(
    body: dict[str, str], work: Client, case: ModerationCase
) -> None:
    assert work.post(page_of(case), body).status_code == 403
    assert reload(case).is_open


def test_a_decided_case_offers_a_sanction_alone(work: Client, case: ModerationCase, writer: User) -> None:
    assert 'name="sanction"' not in read(work, page_of(case))
    decide(work, case, "uphold")
    page = read(work, page_of(case))
    assert 'name="uphold"' not in page
    assert 'name="sanction"' in page
    body = {"reason": "abuse", "kind": "no_sign_in", "term": "3", "sanction": "x"}
    response = work.post(page_of(case), body, follow=True)
    assert messages_of(response) == ["Whoever wrote this is sanctioned."]
    sanction = Sanction.objects.get()
    assert (sanction.user, sanction.kind, sanction.target_kind) == (writer, "no_sign_in", "comment")
    assert url("sanction", "change", sanction.pk) in read(work, page_of(case))


@pytest.mark.parametrize("wrong", ["reason", "kind", "term"])
def test_a_wrong_sanction_is_not_given(wrong: str, work: Client, case: ModerationCase) -> None:
    body = {"reason": "abuse", "kind": "no_sign_in", "term": "3", "sanction": "x"} | {wrong: ""}
    assert list(work.post(page_of(case), body).context["form"].errors) == [wrong]
    assert not Sanction.objects.exists()


def test_a_moot_case_offers_a_sanction_too(work: Client, writer: User, reporter: User) -> None:
    post = make_target("post", writer)
    case = report(reporter, post).case
    delete_post(post=post)
    assert "deleted" in text_of(read(work, page_of(case)))
    body = {"reason": "abuse", "kind": "no_writing", "term": "for_good", "sanction": "x"}
    work.post(page_of(case), body)
    assert Sanction.objects.get().user == writer


def test_what_staff_do_on_a_case_is_what_they_have_permissions_for(case: ModerationCase) -> None:
    reader = staff_with("view_moderationcase")
    assert reader.get(page_of(case)).context["form"] is None
    decider = staff_with("view_moderationcase", "change_moderationcase")
    assert list(decider.get(page_of(case)).context["form"].fields) == ["note", "reason"]
    assert decide(reader, case, "uphold").status_code == 403
    assert decide(reader, case, "dismiss").status_code == 403
    assert decide(decider, case, "sanction", kind="no_writing").status_code == 403
    assert decide(decider, case, "uphold", kind="no_writing").status_code == 200
    assert reload(case).state == "upheld"
    assert not Sanction.objects.exists()
    assert reader.get(page_of(case)).context["form"] is None
    sanctioner = staff_with("view_moderationcase", "add_sanction")
    assert decide(sanctioner, case, "sanction", kind="no_writing").status_code == 200
    given = url("sanction", "change", Sanction.objects.get().pk)
    assert given not in read(sanctioner, page_of(case))
    assert given in read(staff_with("view_moderationcase", "view_sanction"), page_of(case))
