"""The secret link to a timetable."""

import json
import re

import pytest

from accounts.models import User
from accounts.tests.factories import SchoolFactory
from timetable.models import Lecture
from timetable.services.sharing import share_timetable
from timetable.tests.factories import TimetableFactory, make_lecture
from timetable.tests.helpers import FRIDAY, MONDAY, TIMETABLES, TUESDAY, add, entries_of, ok, own, read

pytestmark = pytest.mark.django_db

SHARED = "/api/v1/shared-timetables/"


def share(client, timetable):
    return ok(client.put(f"{TIMETABLES}{timetable.pk}/share/"))["share_token"]


@pytest.fixture
def token(api, timetable):
    return share(api, timetable)


def paths(token):
    return f"{SHARED}{token}/", f"{SHARED}{token}/calendar.ics"


def test_who_has_the_link_sees_the_timetable_without_signing_in(api, anonymous, timetable, semester, token):
    lecture = make_lecture(semester, MONDAY, FRIDAY, credit=3)
    entry = add(api, timetable, lecture, memo="비밀 메모", colour="#ff0000")
    mine = add(api, timetable, own(TUESDAY, memo="비밀 메모"))
    lecture.changes.create(fields={"title": ["a", "b"]})
    answer = anonymous.get(f"{SHARED}{token}/")
    assert answer.status_code == 200
    shown = ("id", "lecture", "title", "times", "colour", "is_cancelled")
    assert answer.json() == {
        "name": timetable.name,
        "semester": {"id": semester.pk, "name": "2025-2"},
        "theme": "classic",
        "total_credit": 3.0,
        "entries": [{name: row[name] for name in shown} for row in (entry, mine)],
    }


def test_nothing_behind_the_link_names_the_owner_or_shows_a_memo(api, anonymous, user, timetable, token):
    User.objects.filter(pk=user.pk).update(name="제갈공명")
    user.refresh_from_db()
    add(api, timetable, own(MONDAY, memo="비밀 메모"))
    secrets = [user.pk.hex, str(user.pk), user.username, user.nickname, user.name, user.email, "비밀 메모"]
    for path in paths(token):
        answer = anonymous.get(path)
        text = answer.content.decode().replace("\r\n ", "") + json.dumps(dict(answer.headers))
        assert not [secret for secret in secrets if secret in text]


@pytest.mark.parametrize("visibility", ["private", "friends", "public"])
def test_the_link_shows_it_whatever_its_visibility(api, anonymous, timetable, token, visibility):
    ok(api.patch(f"{TIMETABLES}{timetable.pk}/", {"visibility": visibility}))
    assert [anonymous.get(path).status_code for path in paths(token)] == [200, 200]


def test_everybody_can_use_it_also_with_a_token_that_is_none(clients, token):
    for role, client in clients.items():
        assert [client.get(path).status_code for path in paths(token)] == [200, 200], role
    clients["user"].credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    assert [clients["user"].get(path).status_code for path in paths(token)] == [200, 200]


def test_a_link_is_secret_and_stays_the_same(api, timetable, token):
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert share(api, timetable) == token == read(api, timetable)["share_token"]
    assert share(api, TimetableFactory(user=timetable.user, semester=timetable.semester)) != token


def test_a_link_that_is_taken_back_leads_nowhere_and_sharing_again_makes_another(
    api, anonymous, timetable, token
):
    path = f"{TIMETABLES}{timetable.pk}/share/"
    assert [api.delete(path).status_code for _ in range(2)] == [204, 204]
    assert read(api, timetable)["share_token"] is None
    another = share(api, timetable)
    assert another != token
    assert [anonymous.get(path).status_code for path in paths(token)] == [404, 404]
    assert [anonymous.get(path).status_code for path in paths(another)] == [200, 200]


def test_what_is_not_shared_is_not_found(anonymous, timetable):
    for token in ("None", "null", "0", str(timetable.pk), "f" * 32, "a" * 500, "%00", "가"):
        for path in paths(token):
            answer = anonymous.get(path)
            assert answer.status_code == 404, token
            assert answer.json()["errors"][0]["code"] == "not_found"


def test_a_link_ends_with_its_timetable(api, anonymous, timetable, token):
    ok(api.delete(f"{TIMETABLES}{timetable.pk}/"))
    assert [anonymous.get(path).status_code for path in paths(token)] == [404, 404]


def test_a_link_of_who_has_left_the_school_leads_nowhere(clients, anonymous, user, people, timetable, token):
    of_staff = TimetableFactory(user=people["staff"], semester=timetable.semester)
    kept = share(clients["staff"], of_staff)
    User.objects.filter(pk=user.pk).update(school=SchoolFactory())
    assert [anonymous.get(path).status_code for path in paths(token)] == [404, 404]
    assert [anonymous.get(path).status_code for path in paths(kept)] == [200, 200]


def test_no_cache_keeps_what_the_link_shows(anonymous, token):
    for path in (*paths(token), *paths("f" * 32)):
        assert anonymous.get(path)["Cache-Control"] == "private, no-store"


def test_the_link_shows_the_timetable_as_it_is_now(api, anonymous, timetable, semester, token):
    lecture = make_lecture(semester, MONDAY)
    entry = add(api, timetable, lecture)
    Lecture.objects.filter(pk=lecture.pk).update(is_cancelled=True)
    (row,) = ok(anonymous.get(f"{SHARED}{token}/"))["entries"]
    assert row["is_cancelled"]
    ok(api.delete(f"{entries_of(timetable)}{entry['id']}/"))
    assert ok(anonymous.get(f"{SHARED}{token}/"))["entries"] == []


def test_the_link_is_for_reading(api, token):
    for method in ("post", "put", "patch", "delete"):
        assert [getattr(api, method)(path).status_code for path in paths(token)] == [405, 405]


def test_the_link_takes_no_parameter(anonymous, token):
    assert [anonymous.get(f"{path}?page=1").status_code for path in paths(token)] == [400, 400]


def test_one_entry_and_thirty_cost_the_same_queries(
    api, anonymous, timetable, semester, token, count_queries
):
    def fill():
        add(api, timetable, own(MONDAY), on_conflict="replace")
        lecture = make_lecture(semester)
        add(api, timetable, lecture)
        lecture.changes.create(fields={"title": ["a", "b"]})

    fill()
    one = [count_queries(lambda path=path: anonymous.get(path)) for path in paths(token)]
    for _ in range(29):
        fill()
    assert [count_queries(lambda path=path: anonymous.get(path)) for path in paths(token)] == one
    assert max(one) <= 5


def test_the_root_lists_both_paths(anonymous):
    routes = ok(anonymous.get("/api/v1/"))
    assert routes["shared-timetable-detail"].endswith("/shared-timetables/{token}/")
    assert routes["shared-timetable-calendar"].endswith("/shared-timetables/{token}/calendar.ics")


def test_the_link_is_written_in_one_way(anonymous, timetable):
    type(timetable).objects.filter(pk=timetable.pk).update(share_token="0a" * 16)
    assert anonymous.get(f"/api/v1/shared-timetables/{'0a' * 16}/").status_code == 200
    assert anonymous.get(f"/api/v1/shared-timetables/{'0A' * 16}/").status_code == 404


def test_the_link_of_somebody_who_may_not_sign_in_leads_nowhere(anonymous, timetable):
    token = share_timetable(timetable=timetable).share_token
    type(timetable.user).objects.filter(pk=timetable.user_id).update(is_active=False)
    assert anonymous.get(f"/api/v1/shared-timetables/{token}/").status_code == 404
