"""The audit log."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditLog, ModerationCase, School, User
from board.tests.moderation import (
    make_target,
    report,
)
from board.tests.moderators_pages.helpers import THEIRS, decide, make_everything, read, rows, url

pytestmark = pytest.mark.django_db


def test_the_audit_log_names_who_acted_by_the_nickname(
    work: Client, moderator: User, case: ModerationCase
) -> None:
    decide(work, case, "uphold", note="이유가 있습니다")
    entry = AuditLog.objects.get()
    for path in (url("auditlog"), url("auditlog", "change", entry.pk)):
        page = read(work, path).replace(f"<strong>{moderator.username}</strong>", "")
        for text in ("지기", "uphold", "comment", str(case.target_id), "이유가 있습니다"):
            assert text in page
        assert moderator.username not in page
        assert str(moderator.pk) not in page


def test_the_audit_log_is_filtered_by_act_and_kind(
    work: Client, case: ModerationCase, writer: User, reporter: User
) -> None:
    decide(work, case, "dismiss")
    decide(work, report(reporter, make_target("post", writer)).case, "uphold")
    uphold, dismiss = AuditLog.objects.all()
    path = url("auditlog")
    assert rows(work.get(path, {"act__exact": "uphold"})) == [uphold]
    assert rows(work.get(path, {"target_kind": "comment"})) == [dismiss]
    assert rows(work.get(path, {"q": str(case.target_id), "target_kind": "comment"})) == [dismiss]


@pytest.mark.parametrize("model", THEIRS)
def test_the_history_of_a_row_is_what_was_done_about_its_target(
    model: Any, work: Client, school: School
) -> None:
    make_everything(school)
    row = make_everything(school)[model]
    found = rows(work.get(url(model._meta.model_name, "history", row.pk), follow=True))
    assert [(entry.target_kind, entry.target_id) for entry in found] == [("comment", str(row.target_id))]
