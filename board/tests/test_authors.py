"""The `author` object: what a payload says about who wrote something."""

import json

import pytest

from accounts.models import User
from accounts.services.pictures import set_picture
from accounts.tests.factories import UserFactory
from api.tests.helpers import make_picture
from board.models import Post
from board.tests.factories import PostFactory, make_comment

pytestmark = pytest.mark.django_db


def named(user):
    return {
        "id": str(user.pk),
        "kind": "named",
        "number": None,
        "display_name": user.nickname,
        "picture": None,
    }


def label(kind, display_name, number=None):
    return {"id": None, "kind": kind, "number": number, "display_name": display_name, "picture": None}


ANONYMOUS = label("anonymous", "Anonymous")
POST_AUTHOR = label("post_author", "Author", 0)
WITHDRAWN = label("withdrawn", "(unknown)")


def author_of(api, content):
    """The author of a post, by id and in its list, or of a comment, by id and in its thread: the same."""
    if isinstance(content, Post):
        rows = api.get("/api/v1/posts/").json()["results"]
        path = f"/api/v1/posts/{content.pk}/"
    else:
        rows = api.get(f"/api/v1/posts/{content.post_id}/comments/").json()["results"]
        path = f"/api/v1/comments/{content.pk}/"
    (listed,) = [row["author"] for row in rows if row["id"] == content.pk]
    by_id = api.get(path).json()["author"]
    assert listed == by_id
    return by_id


def withdraw(user):
    User.objects.filter(pk=user.pk).delete()


def test_a_named_post_and_comment_name_their_author(api, post, other):
    assert author_of(api, post) == named(other)
    assert author_of(api, make_comment(post, author=other)) == named(other)


def test_a_picture_is_shown_with_the_name_alone(api, post, anonymous_post, other):
    User.objects.filter(pk=other.pk).update(picture="pictures/a.jpg")
    assert author_of(api, post)["picture"].endswith("/pictures/a.jpg")
    assert author_of(api, anonymous_post)["picture"] is None
    assert author_of(api, make_comment(post, author=other, is_anonymous=True))["picture"] is None


def test_anonymous_posts_and_comments_have_labels(api, anonymous_post, other, user):
    assert author_of(api, anonymous_post) == ANONYMOUS
    first = make_comment(anonymous_post, author=user, is_anonymous=True)
    second = make_comment(anonymous_post, is_anonymous=True)
    assert author_of(api, first) == label("anonymous", "Anonymous 1", 1)
    assert author_of(api, second) == label("anonymous", "Anonymous 2", 2)
    own = make_comment(anonymous_post, author=other, is_anonymous=True)
    assert author_of(api, own) == POST_AUTHOR


def test_labels_are_in_the_readers_language(api, anonymous_post, other):
    korean = {"HTTP_ACCEPT_LANGUAGE": "ko"}
    numbered = make_comment(anonymous_post, is_anonymous=True)
    own = make_comment(anonymous_post, author=other, is_anonymous=True)
    by_id = [
        api.get(f"/api/v1/comments/{comment.pk}/", **korean).json()["author"] for comment in (numbered, own)
    ]
    assert [author["display_name"] for author in by_id] == ["익명1", "글쓴이"]
    assert api.get("/api/v1/posts/", **korean).json()["results"][0]["author"]["display_name"] == "익명"
    withdraw(other)
    named_post = PostFactory(board=anonymous_post.board)
    withdraw(named_post.author)
    shown = api.get(f"/api/v1/posts/{named_post.pk}/", **korean).json()["author"]["display_name"]
    assert shown == "(알수없음)"


def test_a_named_comment_of_an_anonymous_posts_author_carries_no_author_mark(api, anonymous_post, other):
    assert author_of(api, make_comment(anonymous_post, author=other)) == named(other)


def test_the_author_of_a_named_post_who_comments_anonymously_is_a_number(api, post, other):
    comment = make_comment(post, author=other, is_anonymous=True)
    assert author_of(api, comment) == label("anonymous", "Anonymous 1", 1)


def test_who_left_is_withdrawn_where_named_and_keeps_the_label_elsewhere(api, post, anonymous_post, other):
    comments = [
        make_comment(post, author=other),
        make_comment(anonymous_post, author=other, is_anonymous=True),
        make_comment(post, author=other, is_anonymous=True),
    ]
    withdraw(other)
    post.refresh_from_db()
    assert post.author_id is None
    assert author_of(api, post) == WITHDRAWN
    assert author_of(api, anonymous_post) == ANONYMOUS
    expected = [WITHDRAWN, POST_AUTHOR, label("anonymous", "Anonymous 1", 1)]
    assert [author_of(api, comment) for comment in comments] == expected
    row = api.get(f"/api/v1/posts/{post.pk}/").json()
    assert (row["is_mine"], row["edited_at"], row["comment_count"]) == (False, None, 2)


def test_what_nobody_owns_is_not_mine(client_of, post, manager):
    withdraw(post.author)
    comment = make_comment(post)
    withdraw(comment.author)
    api = client_of(manager)
    assert api.get(f"/api/v1/posts/{post.pk}/").json()["is_mine"] is False
    assert api.get(f"/api/v1/comments/{comment.pk}/").json()["is_mine"] is False
    assert api.delete(f"/api/v1/posts/{post.pk}/").status_code == 403


def test_is_mine_is_true_for_the_author_alone(clients, people, anonymous_post):
    own = make_comment(anonymous_post, author=people["author"], is_anonymous=True)
    for role in ("author", "user", "manager", "moderator", "staff"):
        api, mine = clients[role], role == "author"
        assert api.get(f"/api/v1/posts/{anonymous_post.pk}/").json()["is_mine"] is mine
        assert api.get(f"/api/v1/comments/{own.pk}/").json()["is_mine"] is mine
        (row,) = api.get(f"/api/v1/posts/{anonymous_post.pk}/comments/").json()["results"]
        assert row["is_mine"] is mine


def test_nothing_of_an_anonymous_author_is_in_any_payload(clients, people, anonymous_post):
    author = people["author"]
    User.objects.filter(pk=author.pk).update(nickname="들키면안됨", name="실명", picture="pictures/a.jpg")
    comment = make_comment(anonymous_post, author=author, is_anonymous=True)
    make_comment(anonymous_post, parent=comment, author=author, is_anonymous=True)
    for role in ("user", "manager", "moderator", "staff"):
        for path in (
            "posts/",
            f"posts/{anonymous_post.pk}/",
            f"posts/{anonymous_post.pk}/comments/",
            f"comments/{comment.pk}/",
            f"comments/{comment.pk}/replies/",
        ):
            text = json.dumps(clients[role].get(f"/api/v1/{path}").json(), ensure_ascii=False)
            for secret in (str(author.pk), author.pk.hex, author.username, "들키면안됨", "실명", "a.jpg"):
                assert secret not in text, (role, path)


def test_a_picture_stands_beside_ones_name_alone(api, user, board, client_of):
    named = PostFactory(board=board, author=user)
    anonymous_post = PostFactory(board=board, author=user, is_anonymous=True)
    make_comment(named, author=user)
    make_comment(named, author=user, is_anonymous=True)
    make_comment(anonymous_post, author=user, is_anonymous=True)
    set_picture(user=user, image=make_picture())
    picture = api.get("/api/v1/users/me/").json()["picture"]
    assert picture.startswith("http://testserver/media/pictures/")
    reader = client_of(UserFactory(school=user.school))

    def shown(path):
        body = reader.get(f"/api/v1/{path}").json()
        return [(row["author"]["kind"], row["author"]["picture"]) for row in body.get("results", [body])]

    assert shown(f"posts/{named.pk}/") == [("named", picture)]
    assert shown(f"posts/{anonymous_post.pk}/") == [("anonymous", None)]
    assert shown("posts/") == [("anonymous", None), ("named", picture)]
    assert shown(f"posts/{named.pk}/comments/") == [("named", picture), ("anonymous", None)]
    assert shown(f"posts/{anonymous_post.pk}/comments/") == [("post_author", None)]
    assert reader.get(f"/api/v1/users/{user.pk}/").json()["picture"] == picture
    User.objects.filter(pk=user.pk).delete()
    assert shown(f"posts/{named.pk}/") == [("withdrawn", None)]
