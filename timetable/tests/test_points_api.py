import pytest
from django.db import IntegrityError, transaction

from accounts.tests.factories import UserFactory
from timetable.models import PointAccount, PointEntry
from timetable.services.counters import reconcile_counters
from timetable.services.exam_notes import delete_note
from timetable.services.points import balance_of, earn_points
from timetable.tests.exam_notes import (
    NOTES,
    POINTS,
    assert_ledgers_are_exact,
    attend,
    earn,
    tell,
    unlock_url,
)
from timetable.tests.factories import SemesterFactory, make_lecture

pytestmark = pytest.mark.django_db
REVIEW = PointEntry.Reason.REVIEW


@pytest.fixture
def lecture(semester):
    return make_lecture(semester)


@pytest.fixture
def author(user):
    return UserFactory(school=user.school)


@pytest.fixture
def note(author, lecture):
    return tell(author, lecture)


def ledger(api):
    return [(row["reason"], row["amount"]) for row in api.get(POINTS).json()["results"]]


# --- Earning ---
def test_the_first_note_of_a_course_and_semester_earns_what_the_setting_says(api, user, lecture, settings):
    settings.POINTS_FOR_EXAM_NOTE = 7
    tell(user, lecture)
    tell(user, lecture, kind="final")
    assert api.get(POINTS).json()["balance"] == 7
    assert ledger(api) == [("exam_note", 7)]
    # Another semester is another thing to tell of; and so is another course.
    tell(user, make_lecture(SemesterFactory(school=user.school, year=2024), course=lecture.course))
    tell(user, make_lecture(lecture.semester))
    assert api.get(POINTS).json()["balance"] == 21


def test_a_note_deleted_and_written_again_earns_nothing_and_its_points_stay(api, user, lecture):
    delete_note(note=tell(user, lecture))
    assert api.get(POINTS).json()["balance"] == 20
    tell(user, lecture)
    assert ledger(api) == [("exam_note", 20)]


def test_a_review_and_a_note_of_one_course_earn_each(api, user, lecture, settings):
    settings.POINTS_FOR_REVIEW = 3
    with transaction.atomic():
        for _ in range(2):
            earn_points(user=user, reason=REVIEW, course=lecture.course, semester=lecture.semester)
    tell(user, lecture)
    assert ledger(api) == [("exam_note", 20), ("review", 3)]
    assert balance_of(user) == 23


def test_what_fails_earns_nothing(api, user, lecture):
    attend(user, lecture)
    with transaction.atomic():
        tell(user, lecture)
        transaction.set_rollback(True)
    assert api.get(POINTS).json() == {"balance": 0, "next": None, "previous": None, "results": []}


# --- Spending ---
def test_opening_a_note_takes_its_price_once(api, user, note, lecture, settings):
    settings.EXAM_NOTE_PRICE = 4
    earn(user, lecture, 10)
    assert api.get(f"{NOTES}{note.pk}/").json()["price"] == 4
    for _ in range(2):
        answer = api.post(unlock_url(note))
        assert answer.status_code == 200
        assert answer.json()["is_unlocked"]
        assert api.get(POINTS).json()["balance"] == 6
    first, second = api.get(POINTS).json()["results"]
    assert (first["reason"], first["amount"], first["exam_note"]) == ("unlock", -4, note.pk)
    assert first["course"]["id"] == note.course_id
    assert (second["amount"], second["exam_note"]) == (10, None)
    # A price that rises later asks nothing of who has paid.
    settings.EXAM_NOTE_PRICE = 1000
    assert api.post(unlock_url(note)).status_code == 200


@pytest.mark.parametrize("points", [None, 4])
def test_too_few_points_open_nothing(api, user, note, lecture, points):
    if points:
        earn(user, lecture, points)
    answer = api.post(unlock_url(note))
    assert answer.status_code == 409
    (error,) = answer.json()["errors"]
    assert error["code"] == "not_enough_points"
    assert error["meta"] == {"balance": points or 0, "price": 5}
    assert balance_of(user) == (points or 0)
    assert not api.get(f"{NOTES}{note.pk}/").json()["is_unlocked"]


def test_the_last_points_are_enough(api, user, note, lecture):
    earn(user, lecture, 5)
    assert api.post(unlock_url(note)).status_code == 200
    assert api.get(POINTS).json()["balance"] == 0


def test_at_a_price_of_nothing_everybody_opens_notes_for_good(api, note, settings):
    settings.EXAM_NOTE_PRICE = 0
    assert api.post(unlock_url(note)).status_code == 200
    settings.EXAM_NOTE_PRICE = 5
    assert api.get(f"{NOTES}{note.pk}/").json()["is_unlocked"]
    assert api.get(POINTS).json()["balance"] == 0


# --- The ledger ---
def test_the_database_itself_keeps_balances_above_zero_and_pays_once(user, note, lecture):
    tell(user, lecture)
    paid = PointEntry.objects.get(user=user)
    spent = {"user": user, "reason": "unlock", "amount": -5, "course": note.course, "note": note}
    PointEntry.objects.create(**spent)
    earned = {"reason": "exam_note", "course": paid.course, "semester": paid.semester}
    for write in (
        lambda: PointAccount.objects.filter(user=user).update(balance=-1),
        lambda: PointEntry.objects.create(user=user, amount=20, **earned),
        lambda: PointEntry.objects.create(**spent),
        lambda: PointEntry.objects.create(user=user, amount=20, reason="review", course=paid.course),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_a_ledger_is_ones_own_and_paged(clients, people, lecture, count_queries):
    for points in range(1, 4):
        earn(people["user"], lecture, points)
    earn(people["other"], lecture, 50)
    first = clients["user"].get(f"{POINTS}?page_size=2").json()
    assert first["balance"] == 6
    assert [row["amount"] for row in first["results"]] == [3, 2]
    second = clients["user"].get(first["next"]).json()
    assert (second["balance"], [row["amount"] for row in second["results"]]) == (6, [1])
    for role in ("moderator", "unverified", "sanctioned", "other school", "staff"):
        assert clients[role].get(POINTS).json()["results"] == []
        assert clients[role].get(POINTS).json()["balance"] == 0
    one = count_queries(lambda: clients["other"].get(POINTS))
    assert count_queries(lambda: clients["user"].get(POINTS)) == one


def test_reconciling_mends_a_balance_that_is_off(user, author, note, lecture):
    earn(user, lecture, 30)
    assert reconcile_counters()["pointaccount.balance"] == 0
    PointAccount.objects.filter(user=user).update(balance=31)
    assert reconcile_counters()["pointaccount.balance"] == 1
    assert_ledgers_are_exact()


def test_who_leaves_takes_their_points_along_and_leaves_the_note(api, author, note, user, lecture):
    earn(user, lecture, 5)
    api.post(unlock_url(note))
    author.delete()
    assert not PointEntry.objects.filter(reason="exam_note").exists()
    assert api.get(f"{NOTES}{note.pk}/").json()["is_unlocked"]
    user.delete()
    assert not PointEntry.objects.exists()
    assert not PointAccount.objects.exists()
