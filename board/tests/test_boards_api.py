import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import SchoolFactory, UserFactory
from api.tests.helpers import codes
from board.models import Board
from board.models.boards import SILENCE
from board.services.boards import update_board
from board.tests.factories import BoardFactory
from board.tests.moderation import bind

pytestmark = pytest.mark.django_db

BOARDS = "/api/v1/boards/"
BODY = {"category": "club", "name": "밴드부"}


def test_who_opens_a_board_manages_it(api, user, school):
    answer = api.post(BOARDS, BODY | {"description": "노래합니다"})
    assert answer.status_code == 201
    row = answer.json()
    board = Board.objects.get()
    assert (board.manager, board.school) == (user, school)
    assert row.pop("created_at")
    assert row == {
        "id": board.pk,
        "school": {"id": school.pk, "name": school.name, "region": school.region},
        "category": "club",
        "category_display": "club",
        "name": "밴드부",
        "description": "노래합니다",
        "anonymity": "optional",
        "anonymity_display": "optional",
        "needs_verification": False,
        "in_hot": True,
        "notice": None,
        "last_post_at": None,
        "latest_post": None,
        "is_deleted": False,
        "is_pinned": False,
        "position": None,
        "can_write": True,
        "can_manage": True,
        "handover": None,
    }


def test_a_name_is_kept_as_it_is_typed_but_for_the_spaces_around_it(api):
    answer = api.post(BOARDS, BODY | {"name": "  밴드 Band  "})
    assert (answer.status_code, answer.json()["name"]) == (201, "밴드 Band")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "blank"),
        ("   ", "blank"),
        ("가" * 31, "max_length"),
        ("밴드\u200b부", "invisible_characters"),
        ("밴드\u3164부", "invisible_characters"),
        ("밴드\0부", "null_characters_not_allowed"),
        (None, "null"),
        (7, "invalid"),
        (["밴드부"], "invalid"),
    ],
)
def test_what_a_board_may_not_be_called(api, name, code):
    refused = api.post(BOARDS, BODY | {"name": name})
    assert refused.status_code == 400
    assert ("name", code) in codes(refused)


def test_thirty_letters_of_any_kind_are_a_name(api):
    """A compatibility form counts once as a letter and fifteen times in the folded key."""
    for letter in ("가", "ﷺ", "㈜", "😀"):
        assert api.post(BOARDS, BODY | {"name": letter * 30}).status_code == 201, letter


@pytest.mark.parametrize("name", ["밴드부", " 밴드부 ", "밴 드 부", "\u1107\u1162\u11ab드부"])
def test_a_name_is_taken_however_it_is_spelt(api, school, name):
    BoardFactory(school=school, name="밴드부")
    answer = api.post(BOARDS, BODY | {"name": name})
    assert answer.status_code == 400
    assert codes(answer) == {("name", "unique")}


@pytest.mark.parametrize(("first", "second"), [("Band", "BAND"), ("Ｂａｎｄ", "band"), ("Straße", "STRASSE")])
def test_case_and_width_do_not_make_a_name_another(api, school, first, second):
    BoardFactory(school=school, name=first)
    assert codes(api.post(BOARDS, BODY | {"name": second})) == {("name", "unique")}


@pytest.mark.parametrize(("first", "second"), [("😀", "🍕"), ("cafe", "café"), ("밴드부", "밴드부1")])
def test_names_that_a_collation_might_confuse_are_two(api, school, first, second):
    BoardFactory(school=school, name=first)
    assert api.post(BOARDS, BODY | {"name": second}).status_code == 201


def test_another_school_may_use_the_name_and_a_deleted_board_frees_it(api, school):
    BoardFactory(school=SchoolFactory(), name="밴드부")
    first = BoardFactory(school=school, name="밴드부", deleted_at=timezone.now())
    BoardFactory(school=school, name="밴드부", deleted_at=timezone.now())
    assert first.name_key is None
    assert api.post(BOARDS, BODY).status_code == 201


# --- Changing ---
def test_its_manager_changes_a_board(client_of, board, manager):
    change = {
        "name": "새 이름",
        "category": "career",
        "description": "",
        "anonymity": "never",
        "needs_verification": True,
        "in_hot": False,
    }
    answer = client_of(manager).patch(f"{BOARDS}{board.pk}/", change)
    assert answer.status_code == 200
    assert answer.json() | change == answer.json()
    board.refresh_from_db()
    assert board.name_key == "새이름"


def test_a_board_keeps_its_own_name_and_takes_no_other_boards(client_of, board, manager, school):
    BoardFactory(school=school, name="밴드부")
    api = client_of(manager)
    assert api.patch(f"{BOARDS}{board.pk}/", {"name": board.name}).status_code == 200
    assert api.patch(f"{BOARDS}{board.pk}/", {}).status_code == 200
    refused = api.patch(f"{BOARDS}{board.pk}/", {"name": "밴 드부"})
    assert (refused.status_code, codes(refused)) == (400, {("name", "unique")})
    board.refresh_from_db()
    assert board.name != "밴 드부"


def test_what_is_not_the_managers_to_set_stays(client_of, board, manager, user):
    answer = client_of(manager).patch(
        f"{BOARDS}{board.pk}/",
        {"school": 1, "manager": str(user.pk), "deleted_at": "2026-01-01T00:00:00Z", "is_deleted": True},
    )
    assert answer.status_code == 200
    before = vars(board).copy()
    board.refresh_from_db()
    for attr in ("school_id", "manager_id", "deleted_at"):
        assert getattr(board, attr) == before[attr]


def test_there_is_no_put(client_of, board, manager):
    assert client_of(manager).put(f"{BOARDS}{board.pk}/", BODY).status_code == 405


# --- What a board says about the asker ---
def test_can_write_and_can_manage_are_about_the_asker(clients, board):
    def marks(role):
        row = clients[role].get(f"{BOARDS}{board.pk}/").json()
        return row["can_write"], row["can_manage"]

    assert marks("user") == (True, False)
    assert marks("unverified") == (False, False)
    assert marks("manager") == (True, True)
    assert marks("moderator") == (True, False)
    assert marks("staff") == (True, True)


def test_a_board_whose_manager_left_is_nobodys(api, board, manager):
    User.objects.filter(pk=manager.pk).delete()
    row = api.get(f"{BOARDS}{board.pk}/")
    assert (row.status_code, row.json()["can_manage"]) == (200, False)
    assert codes(api.patch(f"{BOARDS}{board.pk}/", {"name": "새 이름"})) == {(None, "not_manager")}


def test_last_post_at_is_when_somebody_last_wrote(api, board, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    assert api.get(f"{BOARDS}{board.pk}/").json()["last_post_at"] is None
    made = api.post("/api/v1/posts/", {"board": board.pk, "title": "제목", "content": "내용"}).json()
    assert api.get(f"{BOARDS}{board.pk}/").json()["last_post_at"] == made["created_at"]


# --- Deleting ---
def test_a_manager_deletes_a_board_after_14_days_of_silence(client_of, board, manager, time_machine):
    began = board.created_at
    time_machine.move_to(began + SILENCE / 2, tick=False)
    api = client_of(manager)
    assert (
        api.post("/api/v1/posts/", {"board": board.pk, "title": "제목", "content": "내용"}).status_code == 201
    )
    until = began + SILENCE / 2 + SILENCE

    time_machine.move_to(until - (until - began) / 10_000, tick=False)
    refused = client_of(manager).delete(f"{BOARDS}{board.pk}/")
    assert refused.status_code == 409
    (error,) = refused.json()["errors"]
    assert (error["code"], error["attr"]) == ("board_active", None)
    assert error["meta"] == {"until": timezone.localtime(until).isoformat()}
    assert error["meta"]["until"].endswith("+09:00")

    time_machine.move_to(until, tick=False)
    assert client_of(manager).delete(f"{BOARDS}{board.pk}/").status_code == 204
    assert client_of(manager).get(f"{BOARDS}{board.pk}/").status_code == 404
    board.refresh_from_db()
    assert (board.is_deleted, board.name_key) == (True, None)


def test_a_board_without_posts_is_silent_from_its_beginning(client_of, board, manager, time_machine):
    assert client_of(manager).delete(f"{BOARDS}{board.pk}/").status_code == 409
    time_machine.move_to(board.created_at + SILENCE, tick=False)
    assert client_of(manager).delete(f"{BOARDS}{board.pk}/").status_code == 204


def test_staff_delete_at_once_and_again(clients, board):
    assert clients["staff"].delete(f"{BOARDS}{board.pk}/").status_code == 204
    board.refresh_from_db()
    deleted_at = board.deleted_at
    assert clients["staff"].delete(f"{BOARDS}{board.pk}/").status_code == 204
    board.refresh_from_db()
    assert board.deleted_at == deleted_at


def test_the_posts_of_a_deleted_board_stay_out_of_sight(clients, post, board):
    clients["staff"].delete(f"{BOARDS}{board.pk}/")
    post.refresh_from_db()
    assert post.deleted_at is None
    assert clients["author"].get(f"/api/v1/posts/{post.pk}/").status_code == 404


# --- Filters ---
@pytest.fixture
def boards(school, board, user):
    made = {
        "band": BoardFactory(school=school, name="밴드 Band", category="club", description="노래"),
        "cs": BoardFactory(school=school, name="컴퓨터공학", category="department", description="코딩"),
        "jobs": BoardFactory(school=school, name="취업", category="career", description="밴드 말고 일"),
        "board": board,
        "gone": BoardFactory(school=school, name="밴드 폐지", deleted_at=timezone.now()),
    }
    user.board_pins.create(board=made["jobs"], position=4)
    user.board_pins.create(board=made["band"], position=7)
    user.board_pins.create(board=made["gone"], position=1)
    someone = UserFactory(school=school)
    someone.board_pins.create(board=made["cs"], position=0)
    someone.offered_boards.add(made["jobs"])
    user.offered_boards.add(made["band"], made["gone"])
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["board", "band", "cs", "jobs"]),
        ({"category": "club"}, ["band"]),
        ({"category": "department"}, ["cs"]),
        ({"name": "밴드 band"}, ["band"]),
        ({"name": "밴드BAND"}, ["band"]),
        ({"name": "밴드"}, []),
        ({"search": "밴드"}, ["band", "jobs"]),
        ({"search": "BAND"}, ["band"]),
        ({"search": "코딩"}, ["cs"]),
        ({"search": "%"}, []),
        ({"search": "_"}, []),
        ({"search": "\\"}, []),
        ({"pinned": "true"}, ["jobs", "band"]),
        ({"pinned": "false"}, ["board", "cs"]),
        ({"pinned": "true", "category": "club"}, ["band"]),
        ({"offered": "true"}, ["band"]),
        ({"offered": "false"}, ["board", "cs", "jobs"]),
    ],
    ids=str,
)
def test_boards_are_filtered(api, boards, query, expected):
    rows = api.get(BOARDS, query).json()["results"]
    assert [row["id"] for row in rows] == [boards[name].pk for name in expected]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"category": "clubs"}, "invalid_choice"),
        ({"category": ""}, "blank"),
        ({"name": ""}, "blank"),
        ({"search": "  "}, "blank"),
        ({"search": "가" * 101}, "max_length"),
        ({"pinned": "yes"}, "invalid"),
        ({"pinned": "True"}, "invalid"),
        ({"pinned": "1"}, "invalid"),
        ({"offered": "me"}, "invalid"),
        ({"school": "x"}, "invalid"),
        ({"school": "-1"}, "invalid"),
        ({"pined": "true"}, "unknown_parameter"),
        ({"ordering": "name"}, "unknown_parameter"),
        ({"manager": "x"}, "unknown_parameter"),
    ],
    ids=str,
)
def test_a_filter_that_is_not_understood_is_refused(api, query, code):
    answer = api.get(BOARDS, query)
    assert answer.status_code == 400
    assert codes(answer) == {(next(iter(query)), code)}


# --- Strict types ---
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("description", 7, "invalid"),
        ("description", None, "null"),
        ("description", "가" * 201, "max_length"),
        ("category", "clubs", "invalid_choice"),
        ("category", 1, "invalid_choice"),
        ("category", ["club"], "invalid_choice"),
        ("anonymity", "sometimes", "invalid_choice"),
        ("anonymity", True, "invalid_choice"),
        ("needs_verification", "yes", "invalid"),
        ("needs_verification", "true", "invalid"),
        ("needs_verification", 1, "invalid"),
        ("needs_verification", None, "null"),
        ("in_hot", 0, "invalid"),
    ],
)
def test_a_board_is_made_of_the_right_types(api, field, value, code):
    answer = api.post(BOARDS, BODY | {field: value})
    assert answer.status_code == 400
    assert codes(answer) == {(field, code)}


def test_a_board_needs_a_name_and_a_category(api):
    assert codes(api.post(BOARDS, {})) == {("name", "required"), ("category", "required")}


def test_changing_a_board_writes_nothing_that_others_wrote_meanwhile(board):
    stale = Board.objects.get(pk=board.pk)
    Board.objects.filter(pk=board.pk).update(last_post_at=timezone.now(), description="새 설명")
    update_board(user=stale.manager, board=stale, changes={"name": "새 이름"})
    board.refresh_from_db()
    assert (board.name, board.description) == ("새 이름", "새 설명")
    assert board.last_post_at is not None


def test_who_is_sanctioned_can_not_write_and_is_told_so(api, user, board):
    assert api.get(f"{BOARDS}{board.pk}/").json()["can_write"] is True
    bind(user, "no_writing")
    assert api.get(f"{BOARDS}{board.pk}/").json()["can_write"] is False
    assert [row["can_write"] for row in api.get(BOARDS).json()["results"]] == [False]
