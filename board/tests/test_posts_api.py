from datetime import datetime

import pytest
from django.utils import timezone

from accounts.models import User
from api.tests.helpers import codes
from board.models import Board, Comment, Post
from board.services.comments import delete_comment
from board.services.hiding import hide
from board.services.posts import update_post
from board.tests.factories import BoardFactory, PostFactory, make_comment

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"
BODY = {"title": "제목", "content": "내용"}


def url_of(post):
    return f"{POSTS}{post.pk}/"


def write(api, board, **fields):
    return api.post(POSTS, {"board": board.pk} | BODY | fields)


# --- Writing ---
def test_a_new_post_is_answered_as_it_is_read(api, board):
    made = write(api, board, is_question=True)
    assert made.status_code == 201
    row = made.json()
    assert row == api.get(f"{POSTS}{row['id']}/").json()
    assert datetime.fromisoformat(row.pop("created_at")).utcoffset().total_seconds() == 9 * 3600
    assert row == {
        "id": Post.objects.get().pk,
        "board": {"id": board.pk, "name": board.name, "category": board.category},
        "author": {
            "id": None,
            "kind": "anonymous",
            "number": None,
            "display_name": "Anonymous",
            "picture": None,
        },
        "title": "제목",
        "excerpt": "내용",
        "content": "내용",
        "media": [],
        "thumbnail_url": None,
        "media_count": 0,
        "is_anonymous": True,
        "is_question": True,
        "like_count": 0,
        "comment_count": 0,
        "scrap_count": 0,
        "hot_at": None,
        "state": "living",
        "is_mine": True,
        "is_liked": False,
        "is_scrapped": False,
        "edited_at": None,
        "hidden": None,
    }


def test_a_post_belongs_to_its_writer_and_to_the_school_of_its_board(client_of, people, board):
    write(client_of(people["staff"]), board)
    post = Post.objects.get()
    assert (post.author, post.school_id) == (people["staff"], board.school_id)


@pytest.mark.parametrize(
    ("anonymity", "wish", "expected"),
    [
        ("optional", None, True),
        ("optional", True, True),
        ("optional", False, False),
        ("always", None, True),
        ("always", True, True),
        ("always", False, "refused"),
        ("never", None, False),
        ("never", False, False),
        ("never", True, "refused"),
    ],
)
def test_the_board_says_whether_one_writes_anonymously(api, school, anonymity, wish, expected):
    board = BoardFactory(school=school, anonymity=anonymity)
    commented = PostFactory(board=board)
    body = {} if wish is None else {"is_anonymous": wish}
    for answer in (
        write(api, board, **body),
        api.post(f"{url_of(commented)}comments/", {"content": "댓글"} | body),
    ):
        if expected == "refused":
            assert answer.status_code == 400
            assert codes(answer) == {("is_anonymous", "anonymity_not_allowed")}
        else:
            assert answer.status_code == 201
            assert answer.json()["is_anonymous"] is expected
            assert (answer.json()["author"]["id"] is None) == expected


def test_a_later_rule_of_the_board_changes_nothing_that_is_written(api, board):
    made = write(api, board).json()
    Board.objects.filter(pk=board.pk).update(anonymity="never")
    assert api.patch(f"{POSTS}{made['id']}/", {"title": "새 제목"}).status_code == 200
    assert api.get(f"{POSTS}{made['id']}/").json()["is_anonymous"] is True


def test_text_is_kept_as_it_was_written(api, board):
    content = "<b>&amp;</b> {{ 7 }}\r\n다음 줄\r셋째  줄\t😀"
    row = write(api, board, title="<script>", content=content).json()
    assert row["title"] == "<script>"
    assert row["content"] == "<b>&amp;</b> {{ 7 }}\n다음 줄\n셋째  줄\t😀"


def test_an_excerpt_has_200_characters_and_a_list_no_more(api, board):
    content = "가나다라😀" * 50
    made = write(api, board, content=content).json()
    assert (made["content"], made["excerpt"]) == (content, content[:200])
    (row,) = api.get(POSTS).json()["results"]
    assert row["excerpt"] == content[:200]
    assert "content" not in row
    assert set(row) | {"content", "media", "hidden"} == set(made)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "", "blank"),
        ("title", "   ", "blank"),
        ("title", "가" * 101, "max_length"),
        ("title", 7, "invalid"),
        ("title", None, "null"),
        ("title", True, "invalid"),
        ("title", "가\0", "null_characters_not_allowed"),
        ("content", "", "blank"),
        ("content", "\n\n", "blank"),
        ("content", "가" * 10_001, "max_length"),
        ("content", 7, "invalid"),
        ("content", ["글"], "invalid"),
        ("content", {"글": 1}, "invalid"),
        ("is_anonymous", "yes", "invalid"),
        ("is_anonymous", "true", "invalid"),
        ("is_anonymous", 1, "invalid"),
        ("is_anonymous", None, "null"),
        ("is_question", 0, "invalid"),
        ("is_question", "on", "invalid"),
        ("board", "1", "incorrect_type"),
        ("board", True, "incorrect_type"),
        ("board", 1.5, "incorrect_type"),
        ("board", [1], "incorrect_type"),
        ("board", None, "null"),
        ("board", 0, "does_not_exist"),
        ("board", -1, "does_not_exist"),
    ],
)
def test_a_post_is_made_of_the_right_types(api, board, field, value, code):
    answer = api.post(POSTS, {"board": board.pk} | BODY | {field: value})
    assert answer.status_code == 400
    assert codes(answer) == {(field, code)}
    assert not Post.objects.exists()


def test_true_is_no_id_even_where_1_is_one(api, school):
    BoardFactory(pk=1, school=school)
    assert codes(api.post(POSTS, {"board": True} | BODY)) == {("board", "incorrect_type")}
    assert codes(api.post(POSTS, {"board": "1"} | BODY)) == {("board", "incorrect_type")}
    assert api.post(POSTS, {"board": 1} | BODY).status_code == 201


def test_the_longest_post_there_can_be(api, board):
    assert write(api, board, title="가" * 100, content="😀" * 10_000).status_code == 201


def test_a_post_needs_board_title_and_content(api):
    expected = {(name, "required") for name in ("board", "title", "content")}
    assert codes(api.post(POSTS, {})) == expected
    assert api.post(POSTS, []).status_code == 400


def test_what_only_the_server_sets_can_not_be_given(api, other, board):
    row = write(
        api,
        board,
        id=7,
        author=str(other.pk),
        like_count=100,
        hot_at="2026-01-01T00:00:00Z",
        hidden_at="2026-01-01T00:00:00Z",
        created_at="2020-01-01T00:00:00Z",
        alias_count=3,
    ).json()
    post = Post.objects.get()
    assert (row["is_mine"], row["like_count"], row["created_at"][:4] != "2020") == (True, 0, True)
    assert (post.hot_at, post.hidden_at, post.alias_count) == (None, None, 0)


# --- Changing ---
@pytest.fixture
def mine(user, board):
    return PostFactory(board=board, author=user)


def test_the_author_changes_title_and_text(api, mine):
    answer = api.patch(url_of(mine), {"title": "새 제목"})
    assert answer.status_code == 200
    row = answer.json()
    assert (row["title"], row["content"]) == ("새 제목", mine.content)
    assert row["edited_at"] is not None
    assert row == api.get(url_of(mine)).json()


def test_edited_at_says_when_something_really_changed(api, mine, time_machine):
    assert api.patch(url_of(mine), {"title": mine.title, "content": mine.content}).json()["edited_at"] is None
    assert api.patch(url_of(mine), {}).json()["edited_at"] is None
    first = api.patch(url_of(mine), {"content": "새 내용"}).json()["edited_at"]
    assert first is not None
    assert api.patch(url_of(mine), {"content": "새 내용"}).json()["edited_at"] == first
    assert api.patch(url_of(mine), {"content": "더 새 내용"}).json()["edited_at"] > first


def test_likes_and_comments_are_no_edits(api, client_of, other, mine):
    client_of(other).put(f"{url_of(mine)}like/")
    make_comment(mine)
    hide(user=mine.board.manager, content=make_comment(mine), reason="spam")
    assert api.get(url_of(mine)).json()["edited_at"] is None


def test_board_anonymity_and_question_never_change(api, mine, school):
    elsewhere = BoardFactory(school=school)
    before = Post.objects.values().get(pk=mine.pk)
    answer = api.patch(url_of(mine), {"board": elsewhere.pk, "is_anonymous": True, "is_question": True})
    assert answer.status_code == 200
    assert Post.objects.values().get(pk=mine.pk) == before


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "", "blank"),
        ("title", None, "null"),
        ("title", 7, "invalid"),
        ("content", "가" * 10_001, "max_length"),
        ("content", False, "invalid"),
    ],
)
def test_a_change_is_made_of_the_right_types(api, mine, field, value, code):
    assert codes(api.patch(url_of(mine), {field: value})) == {(field, code)}


def test_an_edit_writes_nothing_that_others_wrote_meanwhile(mine):
    stale = Post.objects.get(pk=mine.pk)
    Post.objects.filter(pk=mine.pk).update(like_count=7, comment_count=3, content="다른 창에서")
    update_post(post=stale, changes={"title": "새 제목"})
    mine.refresh_from_db()
    assert (mine.title, mine.content, mine.like_count, mine.comment_count) == ("새 제목", "다른 창에서", 7, 3)


def test_hidden_content_is_frozen(api, client_of, other, mine):
    hide(user=mine.board.manager, content=mine, reason="abuse")
    assert api.get(url_of(mine)).json()["state"] == "hidden"
    for method, path in [
        ("patch", ""),
        ("delete", ""),
        ("put", "scrap/"),
        ("delete", "scrap/"),
        ("post", "comments/"),
    ]:
        answer = getattr(api, method)(f"{url_of(mine)}{path}", {"content": "글"})
        assert answer.status_code == 409, path
        assert codes(answer) == {(None, "frozen")}
    manager = client_of(mine.board.manager)
    assert codes(manager.put(f"{url_of(mine)}like/")) == {(None, "frozen")}
    assert codes(manager.post(f"{url_of(mine)}comments/", {"content": "글"})) == {(None, "frozen")}


# --- Deleting ---
def test_a_deleted_post_is_gone_and_its_row_stays(api, mine):
    comment = make_comment(mine)
    assert api.delete(url_of(mine)).status_code == 204
    for path in (url_of(mine), f"{url_of(mine)}comments/", f"/api/v1/comments/{comment.pk}/"):
        assert api.get(path).status_code == 404
    assert api.delete(url_of(mine)).status_code == 404
    assert api.get(POSTS).json()["results"] == []
    assert Post.objects.get().deleted_at is not None
    assert Comment.objects.get().deleted_at is None


# --- Questions ---
@pytest.fixture
def question(user, board):
    return PostFactory(board=board, author=user, is_question=True)


def assert_open(api, question):
    assert api.patch(url_of(question), {"content": f"{timezone.now()}"}).status_code == 200
    assert api.delete(url_of(question)).status_code == 204


def assert_closed(api, question):
    for answer in (api.patch(url_of(question), {"content": "새 내용"}), api.delete(url_of(question))):
        assert answer.status_code == 409
        assert codes(answer) == {(None, "question_answered")}
    question.refresh_from_db()
    assert (question.content, question.deleted_at, question.edited_at) == ("내용", None, None)


def test_a_question_without_answers_is_the_authors(api, question):
    assert_open(api, question)


def test_a_question_that_someone_answered_stays_as_it_is(api, question):
    make_comment(question)
    assert_closed(api, question)


def test_a_deleted_answer_is_none(api, question):
    delete_comment(comment=make_comment(question))
    assert_open(api, question)


def test_an_answer_of_someone_who_left_is_one(api, question):
    answer = make_comment(question)
    User.objects.filter(pk=answer.author_id).delete()
    assert_closed(api, question)


def test_a_reply_is_an_answer(api, user, question):
    make_comment(question, parent=make_comment(question, author=user))
    assert_closed(api, question)


def test_what_is_no_question_may_be_changed_whoever_answered(api, mine):
    make_comment(mine)
    assert_open(api, mine)
