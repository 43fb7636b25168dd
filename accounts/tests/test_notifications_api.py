"""Reading, marking, switching off and pruning. What one is told of is tested where it comes from."""

from datetime import timedelta
from io import StringIO
from typing import ClassVar

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Notification, NotificationMute, School
from accounts.services.notifications import notify
from accounts.tests.factories import SchoolFactory, UserFactory
from api import notifications as registry
from api.notifications import NotificationKind, Telling

pytestmark = pytest.mark.django_db

PATH = "/api/v1/notifications/"


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    """A kind of its own: schools whose names begin with a star can be seen."""

    class StarKind(NotificationKind):
        kind = "star"
        label = "stars"
        target_kinds: ClassVar = ("school",)

        def causes(self, user, target_kind, target, first, last):
            return type(user.school).objects.filter(pk=target, name__startswith="★")

        def tell(self, rows, user):
            return {row.pk: Telling(text=f"{row.target_id}") for row in rows}

    monkeypatch.setitem(registry._kinds, "star", StarKind())


def tell(user, cause=1, school=None):
    school = school or SchoolFactory(name=f"★{cause} {School.objects.count()}")
    notify(user=user, kind="star", target_kind="school", target_id=school.pk, cause=cause)
    return school


def unread(api):
    return api.get(f"{PATH}unread-count/").json()["unread_count"]


def test_the_newest_news_stands_first(api, user):
    first, second = tell(user, 1), tell(user, 2)
    tell(user, 3, school=first)
    rows = api.get(PATH).json()["results"]
    assert [row["target"]["id"] for row in rows] == [first.pk, second.pk]


def test_pages_have_each_once(api, user):
    schools = [tell(user, number) for number in range(1, 6)]
    Notification.objects.update(at=timezone.now())
    seen, url = [], f"{PATH}?page_size=2"
    while url:
        page = api.get(url).json()
        seen += [row["target"]["id"] for row in page["results"]]
        url = page["next"]
    assert sorted(seen) == [school.pk for school in schools]


def test_what_one_may_not_see_is_not_told_and_not_counted(api, user):
    school = tell(user)
    assert unread(api) == 1
    type(school).objects.filter(pk=school.pk).update(name="별 없음")
    assert api.get(PATH).json()["results"] == []
    assert unread(api) == 0
    tell(user, 2, school=SchoolFactory(name="숨은 학교"))
    assert Notification.objects.count() == 1


def test_ids_tell_nothing_of_how_many_others_are_told(api, user):
    for number in range(1, 5):
        tell(user, number)
    ids = [row["id"] for row in api.get(PATH).json()["results"]]
    assert min(abs(one - other) for one in ids for other in ids if one != other) > 1_000
    assert max(ids) < 2**53


def test_marking_twice_is_marking_once(api, user):
    tell(user)
    pk = Notification.objects.get().pk
    first = api.put(f"{PATH}{pk}/read/")
    at = Notification.objects.get().read_at
    second = api.put(f"{PATH}{pk}/read/")
    assert (first.status_code, first.content) == (200, second.content)
    assert Notification.objects.get().read_at == at


def test_all_are_marked_as_read(api, user):
    other = UserFactory(school=user.school)
    for person in (user, user, other):
        tell(person, 1 + Notification.objects.count())
    answer = api.put(f"{PATH}read/")
    assert (answer.status_code, answer.json()) == (200, {"unread_count": 0})
    assert Notification.objects.unread().get().user == other
    assert api.put(f"{PATH}read/").json() == {"unread_count": 0}


def test_what_arrived_after_the_page_was_loaded_stays_unread(api, user):
    tell(user, 1)
    seen = api.get(PATH).json()["results"][0]["at"]
    tell(user, 2)
    assert api.put(f"{PATH}read/", {"until": seen}).json() == {"unread_count": 1}


def test_what_cannot_be_seen_is_not_marked(api, user):
    school = tell(user)
    type(school).objects.filter(pk=school.pk).update(name="별 없음")
    api.put(f"{PATH}read/")
    type(school).objects.filter(pk=school.pk).update(name="★")
    assert unread(api) == 1


@pytest.mark.parametrize("until", ["gestern", 5, None, "0001-01-01T00:00:00+14:00", ["2026-01-01"], {}])
def test_a_moment_that_is_none_is_refused(api, until):
    answer = api.put(f"{PATH}read/", {"until": until})
    assert answer.status_code == 400, answer.content


def test_all_kinds_are_on_until_switched_off(api, user):
    kinds = api.get(f"{PATH}settings/").json()
    assert set(kinds) == set(registry.kinds())
    assert set(kinds.values()) == {True}
    answer = api.patch(f"{PATH}settings/", {"star": False})
    assert answer.json() == kinds | {"star": False}
    assert api.get(f"{PATH}settings/").json() == answer.json()
    assert NotificationMute.objects.count() == 1
    tell(user)
    assert not Notification.objects.exists()
    assert api.patch(f"{PATH}settings/", {"star": True, "comment": True}).json() == kinds
    tell(user)
    assert unread(api) == 1


def test_switching_off_twice_is_once_and_concerns_nobody_else(api, user, client_of):
    for _ in range(2):
        assert api.patch(f"{PATH}settings/", {"star": False}).json()["star"] is False
    other = UserFactory(school=user.school)
    assert client_of(other).get(f"{PATH}settings/").json()["star"] is True
    tell(other)
    assert unread(client_of(other)) == 1


@pytest.mark.parametrize("value", ["no", 0, None, []])
def test_a_switch_is_a_boolean(api, value):
    assert api.patch(f"{PATH}settings/", {"star": value}).status_code == 400


def test_who_is_gone_is_told_nothing_and_leaves_nothing(user):
    tell(user)
    NotificationMute.objects.create(user=user, kind="comment")
    gone = UserFactory()
    type(gone).objects.filter(pk=gone.pk).delete()
    tell(gone, 2)
    tell(None, 3)
    user.delete()
    assert not Notification.objects.exists()
    assert not NotificationMute.objects.exists()


def test_they_are_pruned_after_90_days(user):
    for number, days in enumerate((1, 89, 91), 1):
        tell(user, number)
        Notification.objects.filter(last_cause=number).update(at=timezone.now() - timedelta(days=days))
    out = StringIO()
    call_command("prune", stdout=out)
    assert "1 notifications deleted" in out.getvalue()
    assert sorted(Notification.objects.values_list("last_cause", flat=True)) == [1, 2]


def test_counting_the_unread_takes_one_query_where_there_are_none(api, user, count_queries):
    """Beside signing in. Where there are some, their kinds are looked up, and then they are counted."""
    assert count_queries(lambda: unread(api)) == 2
    tell(user)
    assert count_queries(lambda: unread(api)) == 3


def test_what_is_left_of_a_kind_that_is_gone_is_not_shown(api, user):
    tell(user)
    Notification.objects.update(kind="carrier_pigeon")
    assert unread(api) == 0
    assert api.get(PATH).json()["results"] == []
