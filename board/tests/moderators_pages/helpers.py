"""What the tests of the moderators' pages share."""

import re
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import AuditLog, EmailDomain, ModerationCase, Reason, Sanction, School, Session, User
from accounts.services.sanctions import sanction_through
from accounts.services.sessions import start_session
from accounts.tests.factories import StaffFactory, UserFactory
from board.models import Board, Comment, Post
from board.tests.moderation import about, make_old, make_target, report

INDEX = "/admin/"
LOGIN = reverse("admin:login")
THEIRS = (ModerationCase, Sanction, AuditLog)


def browser_of(user: User, **options: Any) -> Client:
    browser = Client(headers={"accept-language": "en"}, **options)
    browser.force_login(user)
    return browser


def staff_with(*permissions: str) -> Client:
    staff = StaffFactory()
    staff.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return browser_of(staff)


def url(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:accounts_{model}_{page}", args=args)


def page_of(case: ModerationCase) -> str:
    return url("moderationcase", "change", case.pk)


def rows(response: Any) -> list[Any]:
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def read(browser: Client, path: str, **query: Any) -> str:
    response = browser.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in (response.context or {}).get("messages", ())]


def traces(user: User) -> tuple[str, ...]:
    return (str(user.pk), user.pk.hex, user.username, user.nickname, user.email, user.name)


def bar(user: User, **fields: Any) -> Sanction:
    return Sanction.objects.create(
        **{
            "user": user,
            "school": user.school,
            "kind": Sanction.Kind.NO_SIGN_IN,
            "reason": Reason.ABUSE,
            "target_kind": Sanction.USER,
            "target_id": str(user.pk),
        }
        | fields
    )


def decide(browser: Client, case: ModerationCase, button: str, **fields: Any) -> Any:
    body = {"note": "살펴보았습니다", "reason": "abuse", "kind": "", "term": "1", button: "x"} | fields
    return browser.post(page_of(case), body, follow=True)


def sanction(moderator: User, row: Any, **terms: Any) -> Sanction:
    terms = {"kind": Sanction.Kind.NO_WRITING, "until": None, "reason": "abuse"} | terms
    return sanction_through(user=moderator, **about(row), **terms)


def make_everything(school: School) -> dict[Any, Any]:
    """A row of each model that has pages, of this school where it belongs to one."""
    author, actor = UserFactory(school=school), UserFactory(school=school, is_moderator=True)
    comment = make_target("comment", author)
    case = report(make_old(UserFactory(school=school)), comment).case
    sanction = sanction_through(
        user=actor, **about(comment), kind=Sanction.Kind.NO_WRITING, until=None, reason="spam"
    )
    return {
        Board: comment.post.board,
        Post: comment.post,
        Comment: comment,
        User: author,
        School: school,
        EmailDomain: EmailDomain.objects.get_or_create(domain="example.ac.kr")[0],
        Session: start_session(user=author, device="Firefox", address="192.0.2.1"),
        Group: Group.objects.get_or_create(name="group")[0],
        ModerationCase: case,
        Sanction: sanction,
        AuditLog: AuditLog.objects.get(target_id=str(comment.pk), act=AuditLog.Act.SANCTION),
    }


def text_of(page: str) -> str:
    """What of a page of a case is read: the sections, without markup."""
    sections = page[page.index("What was reported") : page.index('<form method="post" novalidate')]
    return re.sub(r"<[^>]+>", " ", sections)
