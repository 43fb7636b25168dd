"""Handing a board over: the manager offers it, and whom they offered it to answers."""

import pytest
from django.http import Http404
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts.models import User
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import at_once, codes
from board.exceptions import NoOffer, NotManager
from board.models import Board
from board.services import handover
from board.services.boards import delete_board, update_board
from board.tests.factories import BoardFactory
from conftest import Client

pytestmark = pytest.mark.django_db

BOARDS = "/api/v1/boards/"
ANSWERS = ("accept", "decline")


def url_of(board, step=""):
    return f"{BOARDS}{board.pk}/handover/{step and step + '/'}"


def offer(client, board, to):
    return client.post(url_of(board), {"user": str(to.pk)})


def people_of(board):
    board.refresh_from_db()
    return board.manager, board.offered_to


@pytest.fixture
def offered(board, user):
    """The board, offered to `user`."""
    board.offered_to = user
    board.save()
    return board


# --- Offering ---
def test_an_offer_is_answered_with_the_board_and_changes_no_manager(client_of, manager, board, user):
    client = client_of(manager)
    answer = offer(client, board, user)
    assert answer.status_code == 200
    assert answer.json()["handover"] == {
        "to": {"id": str(user.pk), "nickname": user.nickname},
        "is_mine": False,
    }
    assert answer.json() == client.get(f"{BOARDS}{board.pk}/").json()
    assert people_of(board) == (manager, user)


def test_a_new_offer_replaces_the_last(client_of, manager, offered, user, other):
    assert offer(client_of(manager), offered, other).status_code == 200
    assert people_of(offered) == (manager, other)
    assert codes(client_of(user).post(url_of(offered, "accept"))) == {(None, "no_offer")}


def test_staff_offer_any_board_also_one_that_nobody_manages(client_of, board, user):
    Board.objects.update(manager=None)
    assert offer(client_of(StaffFactory()), board, user).status_code == 200
    assert people_of(board) == (None, user)


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [
        ("user", 403, "not_manager"),
        ("moderator", 403, "not_manager"),
        ("unverified", 403, "verification_required"),
        ("other school", 404, "not_found"),
    ],
)
def test_a_board_is_its_managers_to_offer(clients, board, other, role, status, code):
    for body in ({"user": str(other.pk)}, {}):
        answer = clients[role].post(url_of(board), body)
        assert (answer.status_code, codes(answer)) == (status, {(None, code)})
    assert people_of(board)[1] is None


def test_a_manager_who_is_not_verified_offers_nothing(client_of, manager, board, user):
    User.objects.filter(pk=manager.pk).update(school_verified_at=None)
    assert codes(offer(client_of(manager), board, user)) == {(None, "verification_required")}


def test_staff_too_offer_a_board_within_its_school_alone(client_of, manager, board):
    """Nobody, somebody of another school, somebody who left: one and the same answer."""
    strangers = [User(), UserFactory(), UserFactory(school=board.school, is_active=False), StaffFactory()]
    for client in (client_of(manager), client_of(StaffFactory())):
        answers = [offer(client, board, stranger) for stranger in strangers]
        assert {answer.status_code for answer in answers} == {400}
        assert len({answer.content for answer in answers}) == 1
        assert codes(answers[0]) == {("user", "does_not_exist")}


def test_nobody_is_offered_what_they_manage(client_of, manager, board):
    for client in (client_of(manager), client_of(StaffFactory())):
        answer = offer(client, board, manager)
        assert (answer.status_code, codes(answer)) == (400, {("user", "already_manager")})


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "required"), ({"user": None}, "null"), ({"user": "x"}, "invalid"), ({"user": []}, "invalid")],
)
def test_an_offer_names_a_user(client_of, manager, board, body, code):
    answer = client_of(manager).post(url_of(board), body)
    assert (answer.status_code, codes(answer)) == (400, {("user", code)})


def test_whether_the_receiver_may_write_is_not_told(client_of, manager, board, school):
    unverified = UserFactory(school=school, school_verified_at=None)
    assert offer(client_of(manager), board, unverified).status_code == 200
    answer = client_of(unverified).post(url_of(board, "accept"))
    assert (answer.status_code, codes(answer)) == (403, {(None, "verification_required")})
    assert people_of(board) == (manager, unverified)
    assert client_of(unverified).post(url_of(board, "decline")).status_code == 204


# --- Taking back ---
def test_an_offer_is_taken_back_and_again(client_of, manager, offered, api):
    for _ in range(2):
        assert client_of(manager).delete(url_of(offered)).status_code == 204
    assert people_of(offered) == (manager, None)
    for step in ANSWERS:
        assert codes(api.post(url_of(offered, step))) == {(None, "no_offer")}


@pytest.mark.parametrize(
    ("role", "status"), [("user", 403), ("moderator", 403), ("other school", 404), ("staff", 204)]
)
def test_an_offer_is_its_managers_to_take_back(clients, manager, offered, user, role, status):
    assert clients[role].delete(url_of(offered)).status_code == status
    assert people_of(offered) == (manager, None if status == 204 else user)


# --- Answering ---
def test_who_accepts_manages_the_board(client_of, api, manager, offered, user):
    answer = api.post(url_of(offered, "accept"))
    assert answer.status_code == 200
    assert (answer.json()["can_manage"], answer.json()["handover"]) == (True, None)
    assert answer.json() == api.get(f"{BOARDS}{offered.pk}/").json()
    assert people_of(offered) == (user, None)
    assert api.patch(f"{BOARDS}{offered.pk}/", {"description": "새 설명"}).status_code == 200
    refused = client_of(manager).patch(f"{BOARDS}{offered.pk}/", {"description": "옛 설명"})
    assert codes(refused) == {(None, "not_manager")}


def test_who_declines_leaves_it_as_it_was(api, manager, offered):
    answer = api.post(url_of(offered, "decline"))
    assert (answer.status_code, answer.content) == (204, b"")
    assert people_of(offered) == (manager, None)


@pytest.mark.parametrize("step", ANSWERS)
def test_an_answer_is_given_once(api, offered, step):
    assert api.post(url_of(offered, step)).status_code < 300
    for again in ANSWERS:
        answer = api.post(url_of(offered, again))
        assert (answer.status_code, codes(answer)) == (409, {(None, "no_offer")})


@pytest.mark.parametrize("step", ANSWERS)
def test_nobody_answers_for_another_or_learns_that_there_is_an_offer(clients, manager, board, user, step):
    """The same with an offer to somebody else as without one; the manager's own role does not help."""
    roles = ("author", "manager", "moderator", "staff", "other school")
    without = {role: clients[role].post(url_of(board, step)) for role in roles}
    board.offered_to = user
    board.save()
    for role in roles:
        answer = clients[role].post(url_of(board, step))
        assert (answer.status_code, answer.content) == (without[role].status_code, without[role].content)
        expected = (404, "not_found") if role == "other school" else (409, "no_offer")
        assert (answer.status_code, codes(answer)) == (expected[0], {(None, expected[1])})
    assert people_of(board) == (manager, user)


# --- Who sees it ---
def test_an_offer_is_seen_by_who_manages_the_board_and_who_can_accept_it(clients, board, user):
    def handovers(role):
        (row,) = clients[role].get(BOARDS).json()["results"]
        assert row["handover"] == clients[role].get(f"{BOARDS}{board.pk}/").json()["handover"]
        return row["handover"]

    assert {role: handovers(role) for role in clients if role != "other school"} == dict.fromkeys(
        ("author", "user", "manager", "moderator", "staff", "unverified")
    )
    board.offered_to = user
    board.save()
    to = {"id": str(user.pk), "nickname": user.nickname}
    assert {role: handovers(role) for role in clients if role != "other school"} == {
        "user": {"to": to, "is_mine": True},
        "manager": {"to": to, "is_mine": False},
        "staff": {"to": to, "is_mine": False},
        "author": None,
        "moderator": None,
        "unverified": None,
    }


@pytest.mark.parametrize("query", ["", "?offered=true"])
def test_one_offer_and_thirty_cost_the_same_queries(client_of, user, count_queries, query):
    def add(count):
        for board in BoardFactory.create_batch(count, school=user.school):
            board.manager = UserFactory(school=user.school)
            board.offered_to = user
            board.save()

    client = client_of(user)
    add(1)
    client.get(f"{BOARDS}{query}")
    one = count_queries(lambda: client.get(f"{BOARDS}{query}"))
    add(29)
    assert (
        len(
            client.get(f"{BOARDS}{query}&page_size=100" if query else f"{BOARDS}?page_size=100").json()[
                "results"
            ]
        )
        == 30
    )
    assert count_queries(lambda: client.get(f"{BOARDS}{query}")) == one


# --- How an offer ends otherwise ---
def test_an_offer_ends_with_the_manager_who_made_it(api, offered, other):
    update_board(user=StaffFactory(), board=offered, changes={"manager": other})
    assert people_of(offered) == (other, None)
    assert codes(api.post(url_of(offered, "accept"))) == {(None, "no_offer")}


def test_other_changes_of_a_board_leave_its_offer(client_of, manager, offered, user):
    assert client_of(manager).patch(f"{BOARDS}{offered.pk}/", {"description": "새 설명"}).status_code == 200
    assert people_of(offered) == (manager, user)


def test_an_operator_who_changes_the_manager_ends_the_offer(pages, offered, other):
    fields = ("school", "category", "name", "description", "anonymity")
    form = {name: getattr(offered, f"{name}_id" if name == "school" else name) for name in fields}
    page = f"/admin/board/board/{offered.pk}/change/"
    assert 'name="offered_to"' not in pages.get(page).content.decode()
    form |= {"in_hot": "on", "manager": str(other.pk), "offered_to": str(other.pk)}
    assert pages.post(page, form).status_code == 302
    assert people_of(offered) == (other, None)


def test_what_was_offered_by_someone_who_left_can_be_accepted(api, manager, offered, user):
    User.objects.filter(pk=manager.pk).delete()
    assert api.post(url_of(offered, "accept")).status_code == 200
    assert people_of(offered) == (user, None)


def test_an_offer_ends_when_its_receiver_leaves(manager, offered, user):
    User.objects.filter(pk=user.pk).delete()
    assert people_of(offered) == (manager, None)


def test_a_deleted_board_is_handed_to_nobody(clients, offered, other):
    delete_board(user=StaffFactory(), board=offered)
    assert people_of(offered)[1] is None
    for role in ("user", "manager", "staff"):
        assert offer(clients[role], offered, other).status_code == 404
        assert clients[role].delete(url_of(offered)).status_code == 404
        for step in ANSWERS:
            assert clients[role].post(url_of(offered, step)).status_code == 404


# --- What changed since the request looked ---
def test_whoever_was_the_manager_a_moment_ago_offers_nothing(board, manager, user, other):
    Board.objects.update(manager=other, offered_to=user)
    with pytest.raises(NotManager):
        handover.offer_board(user=manager, board=board, to=user)
    with pytest.raises(NotManager):
        handover.take_offer_back(user=manager, board=board)
    assert people_of(board) == (other, user)


def test_an_offer_that_was_just_taken_back_is_not_accepted(offered, manager, user):
    Board.objects.update(offered_to=None)
    for answer in (handover.accept_board, handover.decline_board):
        with pytest.raises(NoOffer):
            answer(user=user, board=offered)
    assert people_of(offered) == (manager, None)


def test_a_board_that_was_just_deleted_is_404(offered, manager, user):
    Board.objects.update(deleted_at=timezone.now())
    for answer in (handover.accept_board, handover.decline_board):
        with pytest.raises(Http404):
            answer(user=user, board=offered)


def test_who_was_just_shut_out_is_offered_nothing(board, manager, user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(ValidationError):
        handover.offer_board(user=manager, board=board, to=user)
    assert people_of(board) == (manager, None)


def test_who_has_just_moved_manages_nothing_in_the_old_school(offered, manager, user):
    User.objects.filter(pk=user.pk).update(school=UserFactory().school)
    with pytest.raises(Http404):
        handover.accept_board(user=user, board=offered)
    assert people_of(offered) == (manager, user)


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_of_answers_and_taking_back_at_one_moment_one_counts(board, manager, user):
    mine, theirs = [Client(user) for _ in range(2)], Client(manager)
    for _ in range(8):
        Board.objects.update(manager=manager, offered_to=user)
        accepted, declined, taken_back = at_once(
            lambda: mine[0].post(url_of(board, "accept")).status_code,
            lambda: mine[1].post(url_of(board, "decline")).status_code,
            lambda: theirs.delete(url_of(board)).status_code,
        )
        # Taking back comes first, or finds nothing to take, or finds that the board is another's.
        assert (accepted, declined, taken_back) in {(200, 409, 403), (409, 204, 204), (409, 409, 204)}
        assert people_of(board) == (user if accepted == 200 else manager, None)


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_who_accepts_and_moves_at_one_moment_does_one_of_them(settings, board, manager, user):
    settings.REQUIRE_SCHOOL_VERIFICATION = False
    elsewhere = UserFactory().school
    for _ in range(8):
        receiver = UserFactory(school=board.school, school_verified_at=None)
        Board.objects.update(manager=manager, offered_to=receiver)
        clients = [Client(receiver) for _ in range(2)]
        at_once(
            lambda clients=clients: clients[0].post(url_of(board, "accept")),
            lambda clients=clients: clients[1].patch("/api/v1/users/me/", {"school": elsewhere.pk}),
        )
        board.refresh_from_db()
        assert board.manager.school == board.school
