"""`manage.py end_sessions`, and what `prune` does to sessions."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Session
from accounts.services.sessions import start_session
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def run(*args):
    out = StringIO()
    call_command("end_sessions", *args, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def people(user):
    """Each with a session: the user, somebody of their school, of another one, and an operator."""
    people = [user, UserFactory(school=user.school), UserFactory(), StaffFactory()]
    for person in people:
        start_session(user=person)
    return people


def left():
    return set(Session.objects.living().values_list("user", flat=True))


def test_all(people):
    assert run("--all") == "4 sessions ended"
    assert left() == set()
    assert set(Session.objects.values_list("revoked_reason", flat=True)) == {"by_operator"}
    assert run("--all") == "0 sessions ended"


def test_all_includes_the_admins_own():
    operator, browser = StaffFactory(is_superuser=True), Browser()
    browser.force_login(operator)
    assert browser.get("/admin/").status_code == 200
    run("--all")
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("attr", ["username", "email"])
def test_of_one_user(people, attr):
    first, *others = people
    assert run("--user", getattr(first, attr)) == "1 sessions ended"
    assert left() == {other.pk for other in others}


def test_of_a_school(people):
    assert run("--school", people[0].school.name) == "2 sessions ended"
    assert left() == {people[2].pk, people[3].pk}


def test_their_tokens_are_dead_at_once(api):
    run("--all")
    assert codes(api.get("/api/v1/users/me/")) == {(None, "session_ended")}


@pytest.mark.parametrize(
    "args", [(), ("--user", "nobody"), ("--school", "없는대학교"), ("--user", ""), ("--all", "--user", "x")]
)
def test_nobody_is_signed_out_by_mistake(people, args):
    with pytest.raises(CommandError):
        run(*args)
    assert len(left()) == 4


def test_sessions_are_pruned_90_days_after_they_ended_or_expired(user):
    now = timezone.now()
    kept = {
        start_session(user=user, device=name)
        for name in ("living", "just ended", "just expired", "old, refreshed, ended today")
    }
    gone = {start_session(user=user, device=name) for name in ("ended", "expired")}

    def change(device, **fields):
        assert Session.objects.filter(device=device).update(**fields) == 1

    change("just ended", revoked_at=now - 89 * DAY)
    change("just expired", rotated_at=now - 119 * DAY)
    change("old, refreshed, ended today", created_at=now - 400 * DAY, revoked_at=now)
    change("ended", revoked_at=now - 91 * DAY)
    change("expired", rotated_at=now - 121 * DAY)
    out = StringIO()
    call_command("prune", stdout=out)
    assert set(Session.objects.all()) == kept
    assert f"{len(gone)} sessions deleted" in out.getvalue()
