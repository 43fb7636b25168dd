"""What who watches a lecture is told when an import, or an operator, changes it."""

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from accounts.models import Notification
from accounts.tests.factories import SchoolFactory, UserFactory
from api.tasks import moment, moment_of
from timetable.models import Lecture, LectureChange
from timetable.services.catalogue import sync_catalogue
from timetable.services.lectures import begin_edit, finish_edit, watch
from timetable.services.notifications import tell_of_changes, tell_of_free_seats
from timetable.tests.catalogues import lecture, lectures, read_rows

pytestmark = pytest.mark.django_db

NEWS = "/api/v1/notifications/"


@pytest.fixture
def load(semester, django_capture_on_commit_callbacks):
    """`load(*rows)`: an import of these rows, and what follows from it."""

    def load(*rows, force=True):
        with django_capture_on_commit_callbacks(execute=True):
            sync_catalogue(semester=semester, reading=read_rows(*rows), force=force)

    return load


@pytest.fixture
def watched(user, load):
    """A lecture that `user` watches, with 12 of 40 seats taken."""
    load(lecture())
    row = Lecture.objects.get()
    watch(user=user, lecture=row, wanted=True)
    return row


def news(api, **headers):
    answer = api.get(NEWS, **headers)
    assert answer.status_code == 200
    rows = answer.json()["results"]
    assert api.get(f"{NEWS}unread-count/").json()["unread_count"] == len(rows)
    return [(row["kind"], row["text"]) for row in rows]


def test_a_lecture_one_watches_has_changed(api, watched, load):
    load(lecture(title="알고리즘", times="tue 09:00-10:15"))
    assert news(api) == [("lecture_changed", "알고리즘 (CSE1001-1) has changed: times, title.")]
    (row,) = api.get(NEWS, HTTP_ACCEPT_LANGUAGE="ko").json()["results"]
    assert row["text"] == "알고리즘 (CSE1001-1) 강의가 바뀌었어요: 시간, 제목."
    assert row["target"] == {
        "kind": "lecture",
        "id": watched.pk,
        "lecture": watched.pk,
    } | dict.fromkeys(row["target"].keys() - {"kind", "id", "lecture"})


def test_several_changes_are_one_piece_of_news(api, watched, load):
    load(lecture(title="알고리즘"))
    load(lecture(title="알고리즘", professor="이서연"))
    assert news(api) == [("lecture_changed", "알고리즘 (CSE1001-1) has changed: professor, title.")]
    api.put(f"{NEWS}read/")
    load(lecture(title="알고리즘", professor="이서연", campus="부산"))
    assert [text for _kind, text in news(api)] == ["알고리즘 (CSE1001-1) has changed: campus."]


def test_a_lecture_is_cancelled_and_takes_place_again(api, watched, load):
    load(lecture(section="2"))
    assert news(api) == [("lecture_changed", "자료구조 (CSE1001-1) is cancelled.")]
    load(*lectures(2))
    assert news(api) == [("lecture_changed", "자료구조 (CSE1001-1) is not cancelled any more.")]


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        ({"enrolled": "40"}, {"enrolled": "39"}, True),
        ({"enrolled": "41"}, {"enrolled": "41", "capacity": "42"}, True),
        ({"enrolled": "40"}, {"enrolled": "40"}, False),
        ({"enrolled": "39"}, {"enrolled": "38"}, False),
        ({"enrolled": "41"}, {"enrolled": "40"}, False),
        ({"enrolled": "40", "capacity": ""}, {"enrolled": "39"}, False),
        ({"enrolled": "40"}, {"enrolled": ""}, False),
    ],
)
def test_a_seat_is_free_where_there_was_none(api, watched, load, before, after, is_told):
    load(lecture(**before))
    load(lecture(**after))
    told = [text for kind, text in news(api) if kind == "seat_free"]
    assert bool(told) is is_told
    # Seats are no news to who attends.
    assert not LectureChange.objects.exists()


def test_a_free_seat_that_is_taken_is_no_news_any_more(api, watched, load):
    load(lecture(enrolled="40"))
    load(lecture(enrolled="39"))
    assert news(api) == [("seat_free", "자료구조 (CSE1001-1) has a free seat: 39 of 40 are taken.")]
    load(lecture(enrolled="40"))
    assert news(api) == []
    load(lecture(enrolled="38"))
    assert [text for _kind, text in news(api)] == [
        "자료구조 (CSE1001-1) has a free seat: 38 of 40 are taken."
    ]


def test_the_same_file_again_and_a_new_lecture_are_no_news(api, user, watched, load):
    load(lecture(title="알고리즘"))
    api.put(f"{NEWS}read/")
    load(lecture(title="알고리즘"), lecture(section="2"))
    assert api.get(f"{NEWS}unread-count/").json()["unread_count"] == 0
    assert Notification.objects.count() == 1


def test_only_who_watches_is_told(api, user, watched, load, client_of):
    other = UserFactory(school=user.school)
    load(lecture(title="알고리즘", enrolled="40"))
    load(lecture(title="알고리즘"))
    assert len(news(api)) == 2
    assert news(client_of(other)) == []


@pytest.mark.parametrize("leave", ["unwatch", "move"])
def test_who_watches_no_longer_hears_no_longer(api, user, watched, load, leave):
    load(lecture(title="알고리즘", enrolled="40"))
    load(lecture(title="알고리즘"))
    if leave == "unwatch":
        watch(user=user, lecture=watched, wanted=False)
    else:
        user.school = SchoolFactory()
        user.save()
    assert news(api) == []
    load(lecture(title="자료구조"))
    assert Notification.objects.count() == 2


def test_a_kind_that_is_switched_off_is_not_told(api, watched, load):
    api.patch(f"{NEWS}settings/", {"lecture_changed": False})
    load(lecture(title="알고리즘", enrolled="40"))
    load(lecture(title="운영체제"))
    assert [kind for kind, _text in news(api)] == ["seat_free"]


def test_what_is_told_twice_is_one_piece_of_news(api, user, watched, load):
    since = moment(watched.updated_at)
    load(lecture(title="알고리즘", enrolled="40"))
    load(lecture(title="알고리즘"))
    api.put(f"{NEWS}read/")
    for _ in range(2):
        tell_of_changes.call(since, watched.pk)
        tell_of_free_seats.call(since, watched.pk)
    assert not Notification.objects.unread().exists()


def test_an_import_queues_the_same_few_tasks_however_much_changes(queued, user, semester, load):
    load(*lectures(30, enrolled="40"))
    for row in Lecture.objects.all()[:20]:
        watch(user=user, lecture=row, wanted=True)
        watch(user=UserFactory(school=user.school), lecture=row, wanted=True)
    load(*lectures(30, title="알고리즘", enrolled="39"))
    assert DBTaskResult.objects.count() == 2
    for task in DBTaskResult.objects.all():
        _since, *ids = task.args_kwargs["args"]
        assert len(ids) == 20
    load(*lectures(30, title="알고리즘", enrolled="39"))
    assert DBTaskResult.objects.count() == 2


def test_an_import_of_what_nobody_watches_queues_nothing(queued, load):
    load(lecture())
    load(lecture(title="알고리즘"))
    assert not DBTaskResult.objects.exists()


def test_reading_the_news_of_thirty_lectures_takes_the_queries_of_one(
    api, user, semester, load, count_queries
):
    load(*lectures(30, enrolled="40"))
    for row in Lecture.objects.all():
        watch(user=user, lecture=row, wanted=True)
    changed = lectures(30, title="알고리즘", enrolled="39")
    load(changed[0], *lectures(30, enrolled="40")[1:])
    few = count_queries(lambda: api.get(NEWS))
    load(*changed)
    answer = {}
    many = count_queries(lambda: answer.update(api.get(f"{NEWS}?page_size=100").json()))
    assert len(answer["results"]) == 60
    assert many == few


def test_an_operators_change_is_news_too(api, watched, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        before = begin_edit(watched)
        Lecture.objects.filter(pk=watched.pk).update(title="알고리즘")
        finish_edit(watched, before)
    assert [text for _kind, text in news(api)] == ["알고리즘 (CSE1001-1) has changed: title."]


def test_a_moment_comes_back_from_its_number(watched):
    behind = watched.created_at - moment_of(moment(watched.created_at))
    assert 0 <= behind.total_seconds() < 2e-6
