import pytest

from api.tests.helpers import codes
from board.models import Comment
from board.services.comments import delete_comment, update_comment
from board.services.hiding import hide
from board.tests.factories import make_comment

pytestmark = pytest.mark.django_db

COMMENTS = "/api/v1/comments/"


def url_of(comment):
    return f"{COMMENTS}{comment.pk}/"


@pytest.fixture
def mine(user, post):
    return make_comment(post, author=user)


# --- Writing ---
def test_a_new_comment_is_answered_as_it_stands_in_its_thread(api, user, post):
    made = api.post(f"/api/v1/posts/{post.pk}/comments/", {"content": "댓글", "is_anonymous": False})
    assert made.status_code == 201
    row = made.json()
    assert api.get(f"/api/v1/posts/{post.pk}/comments/").json()["results"] == [row]
    assert row.pop("created_at")
    assert row == {
        "id": Comment.objects.get().pk,
        "parent": None,
        "depth": 0,
        "author": {
            "id": str(user.pk),
            "kind": "named",
            "number": None,
            "display_name": user.nickname,
            "picture": None,
        },
        "content": "댓글",
        "is_anonymous": False,
        "like_count": 0,
        "reply_count": 0,
        "state": "living",
        "is_mine": True,
        "is_liked": False,
        "edited_at": None,
        "replies": [],
        "replies_next": None,
    }


def test_a_post_counts_its_comments_and_a_comment_its_replies(api, post, mine):
    for number, parent in enumerate((mine.pk, mine.pk, None)):
        body = {"content": f"댓글 {number}", "parent": parent}
        assert api.post(f"/api/v1/posts/{post.pk}/comments/", body).status_code == 201
    assert api.get(f"/api/v1/posts/{post.pk}/").json()["comment_count"] == 4
    assert api.get(url_of(mine)).json()["reply_count"] == 2
    assert api.delete(url_of(mine)).status_code == 204
    assert api.get("/api/v1/posts/").json()["results"][0]["comment_count"] == 3


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("content", "", "blank"),
        ("content", " \n ", "blank"),
        ("content", "가" * 1001, "max_length"),
        ("content", 7, "invalid"),
        ("content", None, "null"),
        ("content", ["글"], "invalid"),
        ("content", "가\0", "null_characters_not_allowed"),
        ("is_anonymous", "yes", "invalid"),
        ("is_anonymous", 1, "invalid"),
        ("is_anonymous", None, "null"),
        ("parent", "1", "incorrect_type"),
        ("parent", True, "incorrect_type"),
        ("parent", [1], "incorrect_type"),
        ("parent", 0, "does_not_exist"),
        ("parent", 2**63, "does_not_exist"),
    ],
)
def test_a_comment_is_made_of_the_right_types(api, post, field, value, code):
    answer = api.post(f"/api/v1/posts/{post.pk}/comments/", {"content": "댓글"} | {field: value})
    assert answer.status_code == 400
    assert codes(answer) == {(field, code)}
    post.refresh_from_db()
    assert (post.comment_count, Comment.objects.count()) == (0, 0)


def test_what_only_the_server_sets_can_not_be_given(api, post, other):
    body = {
        "content": "댓글",
        "author": str(other.pk),
        "depth": 5,
        "alias_number": 0,
        "root": 1,
        "like_count": 9,
    }
    row = api.post(f"/api/v1/posts/{post.pk}/comments/", body).json()
    assert (row["is_mine"], row["depth"], row["author"]["number"], row["like_count"]) == (True, 0, 1, 0)


def test_who_sees_a_hidden_comment_can_not_reply_to_it(clients, people, post):
    comment = make_comment(post, author=people["author"])
    hide(user=people["manager"], content=comment, reason="abuse")
    for role in ("author", "manager"):
        answer = clients[role].post(
            f"/api/v1/posts/{post.pk}/comments/", {"content": "댓글", "parent": comment.pk}
        )
        assert (answer.status_code, codes(answer)) == (409, {(None, "frozen")})


# --- Changing and deleting ---
def test_a_comment_by_id_names_its_post(api, post, mine):
    row = api.get(url_of(mine)).json()
    assert row["post"] == {"id": post.pk, "title": post.title}
    assert "replies" not in row


def test_the_author_changes_the_text(api, mine):
    answer = api.patch(url_of(mine), {"content": "새 댓글\r\n둘째 줄"})
    assert answer.status_code == 200
    assert answer.json()["content"] == "새 댓글\n둘째 줄"
    assert answer.json()["edited_at"] is not None
    assert answer.json() == api.get(url_of(mine)).json()


def test_edited_at_says_when_something_really_changed(api, mine):
    assert api.patch(url_of(mine), {}).json()["edited_at"] is None
    assert api.patch(url_of(mine), {"content": mine.content}).json()["edited_at"] is None
    first = api.patch(url_of(mine), {"content": "새 댓글"}).json()["edited_at"]
    assert api.patch(url_of(mine), {"content": "새 댓글"}).json()["edited_at"] == first


def test_the_rest_of_a_comment_never_changes(api, post, mine):
    parent = make_comment(post)
    before = Comment.objects.values().get(pk=mine.pk)
    change = {"parent": parent.pk, "is_anonymous": True, "post": 1, "depth": 3, "alias_number": 0}
    assert api.patch(url_of(mine), change).status_code == 200
    assert Comment.objects.values().get(pk=mine.pk) == before


@pytest.mark.parametrize(
    ("value", "code"), [("", "blank"), (None, "null"), (7, "invalid"), (True, "invalid")]
)
def test_a_changed_text_is_one(api, mine, value, code):
    assert codes(api.patch(url_of(mine), {"content": value})) == {("content", code)}


def test_an_edit_writes_nothing_that_others_wrote_meanwhile(mine):
    stale = Comment.objects.get(pk=mine.pk)
    Comment.objects.filter(pk=mine.pk).update(like_count=4, reply_count=2)
    update_comment(comment=stale, changes={"content": "새 댓글"})
    mine.refresh_from_db()
    assert (mine.content, mine.like_count, mine.reply_count) == ("새 댓글", 4, 2)


def test_a_hidden_comment_is_frozen(api, client_of, mine, manager, post):
    hide(user=manager, content=mine, reason="abuse")
    for answer in (
        api.patch(url_of(mine), {"content": "새 댓글"}),
        api.delete(url_of(mine)),
        client_of(manager).put(f"{url_of(mine)}like/"),
    ):
        assert (answer.status_code, codes(answer)) == (409, {(None, "frozen")})
    post.refresh_from_db()
    assert post.comment_count == 1


def test_a_deleted_comment_can_not_be_deleted_again(api, mine, post):
    assert api.delete(url_of(mine)).status_code == 204
    assert api.delete(url_of(mine)).status_code == 404
    post.refresh_from_db()
    assert post.comment_count == 0


# --- One's own ---
def test_ones_own_comments_are_listed_newest_first(api, client_of, user, other, post, anonymous_post):
    first = make_comment(post, author=user, content="하나")
    make_comment(post, author=other)
    reply = make_comment(post, author=user, parent=first)
    anonymous = make_comment(anonymous_post, author=user, is_anonymous=True)
    delete_comment(comment=make_comment(post, author=user))
    rows = api.get(COMMENTS).json()["results"]
    assert [row["id"] for row in rows] == [anonymous.pk, reply.pk, first.pk]
    assert rows[0]["post"] == {"id": anonymous_post.pk, "title": anonymous_post.title}
    assert rows[2] == api.get(url_of(first)).json()
    assert [row["is_mine"] for row in client_of(other).get(COMMENTS).json()["results"]] == [True]


def test_ones_own_hidden_comment_is_in_ones_list(api, mine, manager):
    hide(user=manager, content=mine, reason="abuse")
    (row,) = api.get(COMMENTS).json()["results"]
    assert (row["state"], row["content"]) == ("hidden", mine.content)


def test_comments_are_made_below_their_post_alone(api):
    assert api.post(COMMENTS, {"content": "댓글"}).status_code == 405
