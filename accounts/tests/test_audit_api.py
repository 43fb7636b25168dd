"""The audit log, as a school's moderators read it."""

import pytest

from accounts.models import AuditLog
from accounts.services.audit import record_act
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

AUDIT = "/api/v1/moderation/audit/"


@pytest.fixture
def api(client_of, moderator):
    return client_of(moderator)


def record(school, act="hide", kind="post", target_id=7, actor=None, reason="spam"):
    return record_act(
        actor=actor or UserFactory(school=school),
        act=AuditLog.Act(act),
        kind=kind,
        target_id=target_id,
        school_id=school and school.pk,
        reason=reason,
    )


def ids(answer):
    return [row["id"] for row in answer.json()["results"]]


def test_an_entry_says_who_did_what_to_what_and_why(api, school):
    entry = record(school)
    (row,) = api.get(AUDIT).json()["results"]
    assert row.pop("created_at") is not None
    assert row == {
        "id": entry.pk,
        "actor": {"id": str(entry.actor.pk), "nickname": entry.actor.nickname},
        "school": {"id": entry.school.pk, "name": entry.school.name},
        "act": "hide",
        "act_display": "hide",
        "target_kind": "post",
        "target_id": "7",
        "reason": "spam",
    }
    entry.actor.delete()
    assert api.get(AUDIT).json()["results"][0]["actor"] is None


def test_it_is_for_moderators_and_staff(client_of, anonymous, api, user, school):
    mine, theirs = record(school), record(UserFactory().school)
    without = record(None, kind="user", actor=StaffFactory())
    assert anonymous.get(AUDIT).status_code == 401
    answer = client_of(user).get(AUDIT)
    assert (answer.status_code, codes(answer)) == (403, {(None, "not_moderator")})
    assert ids(api.get(AUDIT)) == [mine.pk]
    assert ids(client_of(UserFactory(school=theirs.school, is_moderator=True)).get(AUDIT)) == [theirs.pk]
    staff = client_of(StaffFactory())
    assert ids(staff.get(AUDIT)) == [without.pk, theirs.pk, mine.pk]
    assert ids(staff.get(f"{AUDIT}?school={school.pk}")) == [mine.pk]
    assert codes(api.get(f"{AUDIT}?school={theirs.school_id}")) == {("school", "does_not_exist")}


def test_it_is_filtered_newest_first(api, school):
    hidden, lifted = record(school), record(school, act="lift", kind="sanction")
    named = record(school, act="sanction", kind="user", target_id=school.users.first().pk)
    for query, expected in [
        ("", [named, lifted, hidden]),
        ("act=hide", [hidden]),
        ("act=lift", [lifted]),
        ("kind=user", [named]),
        ("kind=sanction", [lifted]),
        ("kind=post&act=lift", []),
    ]:
        assert ids(api.get(f"{AUDIT}?{query}")) == [entry.pk for entry in expected], query
    for query in ("act=x", "kind=x", "actor=1", "target_id=7", "search=x"):
        assert api.get(f"{AUDIT}?{query}").status_code == 400, query


def test_nothing_is_written_there(api, school):
    record(school)
    assert api.post(AUDIT, {}).status_code == 405
    assert api.delete(AUDIT).status_code == 405


def test_one_entry_and_thirty_cost_the_same(api, school, count_queries):
    record(school)
    one = count_queries(lambda: api.get(f"{AUDIT}?page_size=100"))
    for _ in range(29):
        record(school)
    thirty = count_queries(lambda: api.get(f"{AUDIT}?page_size=100"))
    assert len(ids(api.get(f"{AUDIT}?page_size=100"))) == 30
    assert thirty == one <= 2
