from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import users as services
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import at_once, codes

pytestmark = pytest.mark.django_db

ME = "/api/v1/users/me/"


@pytest.fixture
def change(api):
    """`change(nickname="…")`: change oneself."""
    return lambda **changes: api.patch(ME, changes)


# --- Oneself --------------------------------------------------------------------------------------
def test_one_sees_all_of_oneself(api, user):
    me = api.get(ME).json()
    assert set(me) == {
        "id",
        "username",
        "email",
        "nickname",
        "name",
        "picture",
        "school",
        "admission_year",
        "is_verified",
        "school_verified_at",
        "nickname_changeable_at",
        "terms_version",
        "terms_agreed_at",
        "is_moderator",
        "is_staff",
        "sanctions",
        "created_at",
    }
    assert me["sanctions"] == []
    assert me["id"] == str(user.pk)
    assert me["email"] == user.email
    assert me["picture"] is None
    assert me["school"] == {"id": user.school_id, "name": user.school.name, "region": user.school.region}
    assert me["is_verified"] is True
    assert datetime.fromisoformat(me["school_verified_at"]).utcoffset() == timedelta(hours=9)


def test_oneself_is_for_those_who_are_signed_in(anonymous):
    assert anonymous.get(ME).status_code == 401
    assert anonymous.patch(ME, {"nickname": "민지"}).status_code == 401


def test_name_and_admission_year_can_change(change, user):
    answer = change(name=" 김민지 ", admission_year=2024)
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["admission_year"]) == ("김민지", 2024)
    user.refresh_from_db()
    assert (user.name, user.admission_year) == ("김민지", 2024)


def test_a_name_can_be_taken_back(change, user):
    change(name="김민지")
    assert change(name="").json()["name"] == ""


def test_no_change_changes_nothing(api, change):
    before = api.get(ME).json()
    assert change().json() == before


@pytest.mark.parametrize(
    ("attr", "value"),
    [
        ("nickname", 12345),
        ("nickname", None),
        ("nickname", ["민지"]),
        ("name", 7),
        ("name", "가" * 31),
        ("name", "김\u200b민지"),
        ("admission_year", "2024"),
        ("admission_year", 2024.5),
        ("admission_year", True),
        ("admission_year", 1944),
        ("school", "1"),
        ("school", None),
        ("school", 10**6),
    ],
)
def test_bad_input_changes_nothing(api, change, attr, value):
    before = api.get(ME).json()
    answer = api.patch(ME, {"name": "새 이름"} | {attr: value})
    assert answer.status_code == 400
    assert {name for name, _code in codes(answer)} == {attr}
    assert api.get(ME).json() == before


@pytest.mark.parametrize(
    "attr",
    ["username", "email", "is_staff", "is_moderator", "is_superuser", "school_verified_at", "password"],
)
def test_what_is_not_ones_own_to_change_stays(change, user, attr):
    before = getattr(user, attr)
    change(**{attr: "2026-03-02T09:00:00+09:00" if attr == "school_verified_at" else True})
    user.refresh_from_db()
    assert getattr(user, attr) == before


@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_oneself_is_changed_by_patch_alone(api, method):
    assert getattr(api, method)(ME, {}).status_code == 405


# --- Nickname -------------------------------------------------------------------------------------
def test_a_nickname_changes_once_in_thirty_days_and_the_first_time_is_free(change, user, time_machine):
    began = timezone.now()
    time_machine.move_to(began, tick=False)
    assert change(nickname="민지").json()["nickname"] == "민지"

    refused = change(nickname="수지")
    assert refused.status_code == 409
    assert codes(refused) == {(None, "nickname_changed_recently")}
    until = refused.json()["errors"][0]["meta"]["until"]
    assert datetime.fromisoformat(until) == began + timedelta(days=30)
    user.refresh_from_db()
    assert user.nickname == "민지"


def test_after_thirty_days_a_nickname_changes_again(client_of, user, time_machine):
    user.nickname_changed_at = timezone.now() - timedelta(days=30)
    user.save(update_fields=["nickname_changed_at"])
    answer = client_of(user).patch(ME, {"nickname": "수지"})
    assert answer.json()["nickname"] == "수지"
    assert datetime.fromisoformat(answer.json()["nickname_changeable_at"]) > timezone.now()


def test_the_same_nickname_again_is_no_change(change, user):
    change(nickname="민지")
    assert change(nickname="민지", name="김민지").status_code == 200


def test_a_former_nickname_is_free_and_the_new_one_is_taken(change, client_of, user):
    former = user.nickname
    change(nickname="Minji")
    other = client_of(UserFactory())
    assert codes(other.patch(ME, {"nickname": "ｍｉｎ ｊｉ"})) == {("nickname", "unique")}
    assert other.patch(ME, {"nickname": former}).status_code == 200


def test_ones_own_nickname_can_be_spelt_anew(change):
    change(nickname="Minji")
    User.objects.update(nickname_changed_at=None)
    assert change(nickname="minji").json()["nickname"] == "minji"


def test_a_refused_nickname_refuses_the_other_changes_too(change, user):
    UserFactory(nickname="민지")
    assert change(name="김민지", nickname="민지").status_code == 400
    user.refresh_from_db()
    assert user.name == ""


@pytest.mark.parametrize(
    ("nickname", "code"), [("익명 3", "reserved"), ("민\u3164지", "invisible_characters")]
)
def test_a_new_nickname_follows_the_rules_of_the_first(change, nickname, code):
    assert codes(change(nickname=nickname)) == {("nickname", code)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.server
def test_of_two_users_at_once_who_take_one_nickname_one_does(client_of, monkeypatch):
    both_looked = Barrier(2, timeout=20)
    refuse_taken = services.refuse_taken

    def look_and_wait(names, **kwargs):
        refuse_taken(names, **kwargs)  # passes the first time, so that both go on to save
        both_looked.wait()

    monkeypatch.setattr(services, "refuse_taken", look_and_wait)
    clients = [client_of(UserFactory()) for _user in range(2)]
    answers = at_once(*[lambda client=client: client.patch(ME, {"nickname": "민지"}) for client in clients])

    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert codes(max(answers, key=lambda answer: answer.status_code)) == {("nickname", "unique")}


# --- School ---------------------------------------------------------------------------------------
@pytest.fixture
def newcomer(client_of, settings):
    """A client of someone who has not verified the school, where that counts as verified."""
    settings.REQUIRE_SCHOOL_VERIFICATION = False
    return client_of(UserFactory(school_verified_at=None))


def test_a_school_chosen_by_mistake_can_change(newcomer):
    school = SchoolFactory(name="홍익대학교")
    answer = newcomer.patch(ME, {"school": school.pk})
    assert answer.status_code == 200
    assert answer.json()["school"]["name"] == "홍익대학교"


def test_a_verified_school_stays(change, user):
    assert codes(change(school=SchoolFactory().pk)) == {(None, "school_locked")}
    assert change(school=user.school_id).status_code == 200


def test_nobody_moves_to_a_closed_school(newcomer):
    answer = newcomer.patch(ME, {"school": SchoolFactory(is_active=False).pk})
    assert codes(answer) == {("school", "does_not_exist")}


def make_board(client):
    board = client.post("/api/v1/boards/", {"category": "general", "name": "잡담"})
    return f"/api/v1/boards/{board.json()['id']}/"


def make_post(client, board=None):
    board = int((board or make_board(client)).split("/")[-2])
    post = client.post("/api/v1/posts/", {"board": board, "title": "안녕", "content": "반가워요"})
    return f"/api/v1/posts/{post.json()['id']}/"


def make_comment(client, post=None):
    comment = client.post(f"{post or make_post(client)}comments/", {"content": "반가워요"})
    return f"/api/v1/comments/{comment.json()['id']}/"


@pytest.fixture
def neighbour(newcomer, client_of):
    """A client of another user of the newcomer's school."""
    school = newcomer.get(ME).json()["school"]["id"]
    return client_of(UserFactory(school_id=school, school=None))


def test_a_school_stays_once_a_board_was_made(newcomer):
    make_board(newcomer)
    assert codes(newcomer.patch(ME, {"school": SchoolFactory().pk})) == {(None, "school_locked")}


@pytest.mark.parametrize("deleted", [False, True], ids=["living", "deleted"])
def test_a_school_stays_once_a_post_was_made(newcomer, neighbour, deleted):
    post = make_post(newcomer, make_board(neighbour))
    if deleted:
        assert newcomer.delete(post).status_code == 204
    assert codes(newcomer.patch(ME, {"school": SchoolFactory().pk})) == {(None, "school_locked")}


@pytest.mark.parametrize("deleted", [False, True], ids=["living", "deleted"])
def test_a_school_stays_once_a_comment_was_made(newcomer, neighbour, deleted):
    comment = make_comment(newcomer, make_post(neighbour))
    if deleted:
        assert newcomer.delete(comment).status_code == 204
    assert codes(newcomer.patch(ME, {"school": SchoolFactory().pk})) == {(None, "school_locked")}


# --- Others ---------------------------------------------------------------------------------------
def test_of_others_one_sees_id_nickname_picture_and_school(api, user):
    other = UserFactory(school=user.school, name="김민지")
    assert api.get(f"/api/v1/users/{other.pk}/").json() == {
        "id": str(other.pk),
        "nickname": other.nickname,
        "picture": None,
        "school": {"id": other.school_id, "name": other.school.name, "region": other.school.region},
    }


def test_one_sees_oneself_as_others_do(api, user):
    assert set(api.get(f"/api/v1/users/{user.pk}/").json()) == {"id", "nickname", "picture", "school"}


UNSEEN = {
    "of another school": lambda school: UserFactory().pk,
    "inactive": lambda school: UserFactory(school=school, is_active=False).pk,
    "staff": lambda school: StaffFactory().pk,
    "never been": lambda school: "0f0e0d0c-0b0a-4908-8706-050403020100",
}


@pytest.mark.parametrize("make", UNSEEN.values(), ids=UNSEEN)
def test_someone_unseen_is_not_found(api, user, make):
    answer = api.get(f"/api/v1/users/{make(user.school)}/")
    assert answer.status_code == 404
    assert codes(answer) == {(None, "not_found")}


def test_all_who_are_unseen_are_not_found_alike(api, user):
    assert len({api.get(f"/api/v1/users/{make(user.school)}/").content for make in UNSEEN.values()}) == 1


def test_staff_see_the_living_of_every_school(client_of):
    staff = client_of(StaffFactory())
    assert staff.get(f"/api/v1/users/{UserFactory().pk}/").status_code == 200
    assert staff.get(f"/api/v1/users/{UserFactory(is_active=False).pk}/").status_code == 404


def test_nobody_lists_users(api):
    assert api.get("/api/v1/users/").status_code == 404


@pytest.mark.parametrize("pk", ["1", "minji", "0f0e0d0c"])
def test_an_id_that_is_no_uuid_is_not_found(api, pk):
    assert api.get(f"/api/v1/users/{pk}/").status_code == 404


def test_a_moderator_does_not_move_to_another_school(settings, client_of):
    settings.REQUIRE_SCHOOL_VERIFICATION = False
    moderator = UserFactory(is_moderator=True, school_verified_at=None)
    answer = client_of(moderator).patch(ME, {"school": SchoolFactory().pk})
    assert (answer.status_code, codes(answer)) == (409, {(None, "school_locked")})
