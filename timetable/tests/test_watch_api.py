import pytest
from django.http import Http404

from accounts.models import Sanction
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import at_once, codes
from timetable.models import Lecture, LectureWatch
from timetable.services.lectures import watch
from timetable.tests.factories import SemesterFactory, make_lecture

pytestmark = pytest.mark.django_db

LECTURES = "/api/v1/lectures/"


@pytest.fixture
def lecture(user):
    return make_lecture(SemesterFactory(school=user.school))


def url(lecture):
    return f"{LECTURES}{lecture.pk}/watch/"


def is_watched(api, lecture):
    return api.get(f"{LECTURES}{lecture.pk}/").json()["is_watched"]


def test_watching_twice_is_watching_once(api, user, lecture):
    for _ in range(2):
        answer = api.put(url(lecture))
        assert (answer.status_code, answer.json()) == (200, {"is_watched": True})
    assert list(LectureWatch.objects.values_list("user", "lecture")) == [(user.pk, lecture.pk)]
    assert is_watched(api, lecture) is True


def test_unwatching_twice_is_no_error(api, lecture):
    api.put(url(lecture))
    for _ in range(2):
        answer = api.delete(url(lecture))
        assert (answer.status_code, answer.json()) == (200, {"is_watched": False})
    assert not LectureWatch.objects.exists()
    assert is_watched(api, lecture) is False


def test_what_others_watch_is_theirs(api, client_of, user, lecture):
    other = client_of(UserFactory(school=user.school))
    api.put(url(lecture))
    assert is_watched(other, lecture) is False
    other.put(url(lecture))
    other.delete(url(lecture))
    assert is_watched(api, lecture) is True


def test_only_that_lecture_is_watched(api, lecture):
    second = make_lecture(lecture.semester)
    api.put(url(lecture))
    assert is_watched(api, second) is False


def test_an_unverified_user_watches(client_of, user, lecture):
    api = client_of(UserFactory(school=user.school, school_verified_at=None))
    assert api.put(url(lecture)).status_code == 200
    assert api.delete(url(lecture)).status_code == 200


def test_a_sanctioned_user_watches(api, user, lecture):
    moderator = UserFactory(school=user.school, is_moderator=True)
    sanction_user(user=moderator, sanctioned=user, kind=Sanction.Kind.NO_WRITING, until=None, reason="spam")
    assert api.put(url(lecture)).status_code == 200
    assert api.delete(url(lecture)).status_code == 200


def test_staff_watch_any_schools(client_of, lecture):
    staff = client_of(StaffFactory())
    assert staff.put(url(lecture)).json() == {"is_watched": True}
    assert is_watched(staff, lecture) is True


@pytest.mark.parametrize("method", ["put", "delete"])
def test_another_schools_lecture_does_not_exist(client_of, user, lecture, method):
    stranger = UserFactory(school=SchoolFactory())
    LectureWatch.objects.create(user=user, lecture=lecture)
    assert getattr(client_of(stranger), method)(url(lecture)).status_code == 404
    assert LectureWatch.objects.get().user == user


@pytest.mark.parametrize("method", ["put", "delete"])
def test_one_has_to_be_signed_in(anonymous, lecture, method):
    assert getattr(anonymous, method)(url(lecture)).status_code == 401


@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_lecture_that_is_not_there_is_not_watched(api, method):
    assert getattr(api, method)(f"{LECTURES}987654321/watch/").status_code == 404


def test_watching_takes_no_parameters(api, lecture):
    assert codes(api.put(f"{url(lecture)}?semester=1")) == {("semester", "unknown_parameter")}


def test_a_lecture_deleted_meanwhile_is_a_404(user, lecture):
    gone = Lecture.objects.get(pk=lecture.pk)
    lecture.delete()
    with pytest.raises(Http404):
        watch(user=user, lecture=gone, wanted=True)


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_two_at_once_watch_once(user, lecture):
    at_once(*[lambda: watch(user=user, lecture=lecture, wanted=True)] * 4)
    assert LectureWatch.objects.count() == 1
