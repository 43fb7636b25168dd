"""Many who earn and spend at one moment: ledgers stay exact, and nobody sees an error of ours."""

import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from conftest import Client
from timetable.models import PointEntry
from timetable.services.points import balance_of
from timetable.tests.exam_notes import (
    NOTES,
    assert_ledgers_are_exact,
    attend,
    body_of,
    earn,
    tell,
    unlock_url,
)
from timetable.tests.factories import SemesterFactory, make_lecture
from timetable.tests.helpers import status_codes

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def semester(user):
    return SemesterFactory(school=user.school)


@pytest.fixture
def lecture(semester):
    return make_lecture(semester)


@pytest.fixture
def notes(user, lecture):
    """Six notes of as many courses that somebody else wrote."""
    author = UserFactory(school=user.school)
    return [tell(author, make_lecture(lecture.semester)) for _ in range(6)]


def opening(api, note):
    """A call that opens a note."""
    return lambda: api.post(unlock_url(note))


def test_points_for_four_open_four_of_six_notes_each_paid_once(api, user, lecture, notes):
    """Each is opened three times at once, and the first points come with the account."""
    earn(user, lecture, 23)
    answers = at_once(*[opening(api, note) for note in notes * 3])
    assert set(status_codes(answers)) == {200, 409}
    paid = PointEntry.objects.filter(user=user, reason="unlock")
    assert paid.count() == 4
    assert balance_of(user) == 3
    assert status_codes([api.get(f"{NOTES}{note.pk}/") for note in notes]) == [200] * 6
    assert_ledgers_are_exact()


def test_somebody_without_an_account_who_opens_notes_at_once_is_told_so(api, user, notes):
    answers = at_once(*[opening(api, note) for note in notes * 2])
    assert status_codes(answers) == [409] * 12
    assert balance_of(user) == 0


def test_notes_written_at_once_earn_once_a_course(api, user, lecture):
    """The first points of somebody: whoever comes first makes the account."""
    lectures = [lecture, make_lecture(lecture.semester)]
    for each in lectures:
        attend(user, each)
    bodies = [
        body_of(lectures[n % 2], strategy=f"{n}번 문제부터 풀면 시간이 모자라지 않습니다.") for n in range(8)
    ]
    answers = at_once(
        *[
            lambda body=body, key=key: api.post(NOTES, body, HTTP_IDEMPOTENCY_KEY=key)
            for key, body in zip("abcdefgh", bodies, strict=True)
        ]
    )
    assert status_codes(answers) == [201] * 8
    assert balance_of(user) == 40
    assert_ledgers_are_exact()


def test_earning_amid_spending_loses_nothing(api, user, lecture, notes):
    earn(user, lecture, 5)
    attend(user, lecture)
    bodies = [body_of(lecture, strategy=f"{n}번 문제를 먼저 푸는 것이 좋습니다. 꼭.") for n in range(3)]
    answers = at_once(
        *[opening(api, note) for note in notes],
        *[lambda body=body: api.post(NOTES, body) for body in bodies],
    )
    assert status_codes(answers[6:]) == [201] * 3
    opened = sum(answer.status_code == 200 for answer in answers[:6])
    assert 1 <= opened <= 5
    assert balance_of(user) == 25 - 5 * opened
    assert_ledgers_are_exact()


def test_many_who_open_one_note_at_once_all_pay(lecture, notes):
    users = UserFactory.create_batch(8, school=lecture.semester.school)
    for each in users:
        earn(each, lecture, 5)
    clients = [Client(each) for each in users]
    answers = at_once(*[opening(client, notes[0]) for client in clients])
    assert status_codes(answers) == [200] * 8
    assert [balance_of(each) for each in users] == [0] * 8
    assert_ledgers_are_exact()
