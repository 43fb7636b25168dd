import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Board
from board.services.hiding import hide, restore
from board.services.posts import delete_post
from board.tests.factories import BoardFactory, PostFactory

pytestmark = pytest.mark.django_db


def url_of(board):
    return f"/api/v1/boards/{board.pk}/notice/"


def shown(api, board):
    return api.get(f"/api/v1/boards/{board.pk}/").json()["notice"]


@pytest.fixture
def managing(client_of, manager):
    return client_of(manager)


def test_a_named_post_stands_above_the_list_until_it_is_taken_off(api, managing, board, post):
    for _ in range(2):
        answer = managing.put(url_of(board), {"post": post.pk})
        assert answer.status_code == 200
        assert answer.json()["notice"] == {"id": post.pk, "title": post.title}
    assert shown(api, board) == {"id": post.pk, "title": post.title}
    second = PostFactory(board=board)
    assert managing.put(url_of(board), {"post": second.pk}).json()["notice"]["id"] == second.pk
    for _ in range(2):
        assert managing.delete(url_of(board)).status_code == 204
    assert shown(api, board) is None
    assert api.get(f"/api/v1/posts/{second.pk}/").status_code == 200


def test_an_anonymous_post_a_hidden_one_and_one_of_another_board_are_no_notice(
    managing, manager, board, post, anonymous_post, school
):
    elsewhere = PostFactory(board=BoardFactory(school=school))
    hide(user=manager, content=post, reason="spam")
    for refused in (anonymous_post, post, elsewhere):
        answer = managing.put(url_of(board), {"post": refused.pk})
        assert answer.status_code == 409
        assert codes(answer) == {(None, "notice_not_allowed")}
    board.refresh_from_db()
    assert board.notice is None


def test_a_deleted_post_is_no_notice(managing, board, post):
    delete_post(post=post)
    answer = managing.put(url_of(board), {"post": post.pk})
    assert (answer.status_code, codes(answer)) == (400, {("post", "does_not_exist")})


@pytest.mark.parametrize("value", [True, "1", None, 1.5, [1]])
def test_a_notice_is_named_by_a_whole_number(managing, board, post, value):
    answer = managing.put(url_of(board), {"post": value})
    assert answer.status_code == 400
    assert {attr for attr, _code in codes(answer)} == {"post"}


def test_a_notice_that_is_hidden_is_not_shown_until_it_is_again(api, managing, manager, board, post):
    managing.put(url_of(board), {"post": post.pk})
    hide(user=manager, content=post, reason="spam")
    assert shown(api, board) is None
    assert shown(managing, board) is None
    assert api.get("/api/v1/boards/").json()["results"][0]["notice"] is None
    restore(user=manager, content=post)
    assert shown(api, board)["id"] == post.pk


def test_a_notice_goes_with_its_post(api, managing, client_of, board, post):
    managing.put(url_of(board), {"post": post.pk})
    assert client_of(post.author).delete(f"/api/v1/posts/{post.pk}/").status_code == 204
    board.refresh_from_db()
    assert board.notice is None
    assert shown(api, board) is None


def test_the_notice_of_a_closed_board_is_for_those_who_may_read_it(client_of, managing, board, post, school):
    managing.put(url_of(board), {"post": post.pk})
    Board.objects.filter(pk=board.pk).update(needs_verification=True)
    assert shown(client_of(UserFactory(school=school, school_verified_at=None)), board) is None
    assert shown(managing, board)["id"] == post.pk


def test_a_new_title_is_shown_in_the_notice(api, client_of, managing, board, post):
    managing.put(url_of(board), {"post": post.pk})
    client_of(post.author).patch(f"/api/v1/posts/{post.pk}/", {"title": "새 제목"})
    assert shown(api, board)["title"] == "새 제목"
