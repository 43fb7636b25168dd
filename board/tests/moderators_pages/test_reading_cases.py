"""The list of cases, and the page of one."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import ModerationCase, School, User
from accounts.services import cases
from accounts.tests.factories import UserFactory
from api import targets
from board.models import Comment, Post
from board.services.conversations import send_message
from board.services.posts import delete_post
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.moderation import (
    KINDS,
    make_target,
    old_users,
    reload,
    report,
)
from board.tests.moderators_pages.helpers import (
    browser_of,
    page_of,
    read,
    rows,
    text_of,
    traces,
    url,
)
from board.tests.test_admin import crawl

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_says_what_was_reported_how_often_and_why(
    kind: str, work: Client, writer: User, reporter: User, school: School
) -> None:
    row = make_target(kind, writer, reader=reporter)
    report(reporter, row, "abuse")
    if kind != "message":  # which one person alone can report
        report(UserFactory(school=school), row, "spam")
    (case,) = rows(work.get(url("moderationcase")))
    assert (case.target_kind, case.target_id) == (kind, row.pk)
    author = targets.reportable(kind).author(row)["display_name"]
    reasons = "abuse 1" if kind == "message" else "abuse 1, spam 1"
    page = read(work, url("moderationcase"))
    for text in (author, reasons, row.title if kind == "post" else row.content, "living"):
        assert escape(text) in page


def test_a_long_text_is_cut_in_the_list(work: Client, reporter: User, writer: User) -> None:
    report(
        reporter, make_comment(PostFactory(board__school=writer.school), author=writer, content="가" * 999)
    )
    page = read(work, url("moderationcase"))
    assert "가" * 50 in page
    assert "가" * 70 not in page


def test_the_open_cases_are_listed_unless_others_are_asked_for(
    work: Client, moderator: User, case: ModerationCase, writer: User, reporter: User
) -> None:
    posts = PostFactory.create_batch(3, board__school=writer.school, author__school=writer.school)
    upheld, dismissed, moot = [report(reporter, post).case for post in posts]
    cases.uphold(user=moderator, case=upheld, note="네")
    cases.dismiss(user=moderator, case=dismissed, note="아니요")
    delete_post(post=posts[2])
    path = url("moderationcase")
    assert rows(work.get(path)) == rows(work.get(path, {"state": "open"})) == [case]
    assert rows(work.get(path, {"state": "upheld"})) == [upheld]
    assert rows(work.get(path, {"state": "dismissed"})) == [dismissed]
    assert rows(work.get(path, {"state": "moot"})) == [moot]
    assert len(rows(work.get(path, {"state": "all"}))) == 4
    assert rows(work.get(path, {"state": "none such"})) == []


def test_cases_are_filtered_by_kind(work: Client, case: ModerationCase, writer: User, reporter: User) -> None:
    post = report(reporter, make_target("post", writer)).case
    path = url("moderationcase")
    assert rows(work.get(path, {"target_kind": "post"})) == [post]
    assert rows(work.get(path, {"target_kind": "comment"})) == [case]


@pytest.mark.parametrize("o", ["1", "2.-4", "-8", "3", "-5", "99", "x"])
def test_every_order_of_the_list_is_answered(o: str, work: Client, case: ModerationCase) -> None:
    assert rows(work.get(url("moderationcase"), {"o": o})) == [case]


def test_the_page_of_a_post_has_its_title_and_text(work: Client, writer: User, reporter: User) -> None:
    board = BoardFactory(school=writer.school, name="비밀게시판")
    post = PostFactory(board=board, author=writer, title="제목이다", content="한 줄\n<b>두 줄</b>")
    page = read(work, page_of(report(reporter, post).case))
    for text in ("비밀게시판", "제목이다", "한 줄<br>&lt;b&gt;두 줄&lt;/b&gt;"):
        assert text in page
    assert "text now" not in page.lower()


def test_the_page_has_what_the_author_changed_since_beside_what_was_reported(
    work: Client, writer: User, reporter: User
) -> None:
    post = make_target("post", writer)
    case = report(reporter, post).case
    Post.objects.update(title="바뀐 제목")
    page = read(work, page_of(case))
    assert "바뀐 제목" in page
    assert case.snapshot["title"] in page


def test_the_page_of_a_comment_has_its_post_and_what_it_answers(
    work: Client, writer: User, reporter: User
) -> None:
    post = PostFactory(board__school=writer.school, title="글의 제목", content="글의 내용")
    parent = make_comment(post, content="위의 댓글")
    comment = make_comment(post, author=writer, parent=parent, content="아래 댓글")
    page = read(work, page_of(report(reporter, comment).case))
    for text in ("글의 제목", "글의 내용", "위의 댓글", "아래 댓글"):
        assert text in page


def test_the_page_of_a_message_has_what_came_before(work: Client, writer: User, reporter: User) -> None:
    first = make_target("message", writer, reader=reporter)
    send_message(user=reporter, conversation=first.conversation, content="답장입니다")
    last = send_message(user=writer, conversation=first.conversation, content="마지막 쪽지")
    page = read(work, page_of(report(reporter, last).case))
    texts = re.findall(r"<label>([^<]+):</label><div class=\"readonly\">([^<]*)</div>", page)
    assert ("Text", "마지막 쪽지") in texts
    assert [text for text in texts if "side" in text[0]] == [
        ("The reported side", first.content),
        ("The other side", "답장입니다"),
    ]


def test_the_page_has_the_reports_and_their_notes_and_never_who_reported(
    work: Client, case: ModerationCase, reporter: User, school: School
) -> None:
    row = Comment.objects.get(pk=case.target_id)
    report(UserFactory(school=school), row, "spam", note="<i>광고</i>")
    page = read(work, page_of(case))
    for text in ("1 / 2", "abuse 1, spam 1", "보기 싫어요", "&lt;i&gt;광고&lt;/i&gt;"):
        assert text in page
    for path, text in crawl(work):
        assert not [trace for trace in traces(reporter) if trace in text], path


def test_the_page_has_the_state_of_the_target(
    work: Client, case: ModerationCase, settings: Any, school: School
) -> None:
    settings.REPORTS_TO_HIDE = 2
    assert "hidden" not in text_of(read(work, page_of(case)))
    report(*old_users(1, school), Comment.objects.get(pk=case.target_id))
    assert "hidden" in text_of(read(work, page_of(case)))


def test_the_page_of_a_decided_case_has_the_decision(
    work: Client, case: ModerationCase, moderator: User
) -> None:
    cases.uphold(user=moderator, case=case, note="규칙을 어겼습니다")
    page = text_of(read(work, page_of(case)))
    for text in ("upheld", "지기", "규칙을 어겼습니다"):
        assert text in page
    assert moderator.username not in page


def test_nobody_sees_a_case_about_what_they_wrote(writer: User, case: ModerationCase, work: Client) -> None:
    assert rows(work.get(url("moderationcase"))) == [case]
    User.objects.filter(pk=writer.pk).update(is_moderator=True)
    own = browser_of(writer)
    assert rows(own.get(url("moderationcase"))) == []
    for call in (own.get, own.post):
        assert call(page_of(case), {"dismiss": "", "note": "x", "reason": "spam"}).status_code == 302
    assert reload(case).is_open
