"""Blocking surfaces, and lifting blocks. What a block then keeps away is for the apps to test."""

import pytest

from accounts.models import Block, User
from accounts.tests.factories import SchoolFactory, UserFactory
from api.tests.helpers import codes
from conftest import Client

pytestmark = pytest.mark.django_db

BLOCKS = "/api/v1/blocks/"
MISSING = 987_654_321
NO_USER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def other(user):
    return UserFactory(school=user.school)


@pytest.fixture
def board(user):
    return user.school.boards.create(category="general", name="자유게시판")


def make_post(board, author, **fields):
    return board.posts.create(
        school=board.school, author=author, title="제목", content="내용", **{"is_anonymous": False} | fields
    )


def make_comment(post, author, number=None):
    """Named; with a number, under that label."""
    return post.comments.create(
        author=author, content="댓글", is_anonymous=number is not None, alias_number=number
    )


def make_conversation(client, post):
    answer = client.post("/api/v1/messages/", {"post": post.pk, "content": f"쪽지 {post.pk}"})
    return answer.json()["conversation"]


@pytest.fixture
def rows(board, other, user):
    """Everything of `other` that a block can be made through, by name."""
    anonymous, threads = make_post(board, other, is_anonymous=True), make_post(board, other)
    return {
        "user": {"user": str(other.pk)},
        "post": {"post": make_post(board, other).pk},
        "comment": {"comment": make_comment(threads, other).pk},
        "anonymous post": {"post": anonymous.pk},
        "its author's comment": {"comment": make_comment(anonymous, other, 0).pk},
        "anonymous comment": {"comment": make_comment(threads, other, 3).pk},
        "conversation": {"conversation": make_conversation(Client(user), anonymous)},
    }


def block(client, body, status=201):
    answer = client.post(BLOCKS, body)
    assert answer.status_code == status, answer.content
    return answer.json()


def listed(client):
    return client.get(BLOCKS).json()["results"]


# --- Blocking ---
@pytest.mark.parametrize(
    ("through", "surface", "kind", "number"),
    [
        ("user", "user", "named", None),
        ("post", "user", "named", None),
        ("comment", "user", "named", None),
        ("anonymous post", "label", "post_author", 0),
        ("its author's comment", "label", "post_author", 0),
        ("anonymous comment", "label", "anonymous", 3),
        ("conversation", "conversation", None, None),
    ],
)
def test_a_block_names_what_was_seen_and_no_more(api, other, rows, through, surface, kind, number):
    made = block(api, rows[through])
    assert listed(api) == [made]
    saved = Block.objects.get()
    assert made == {
        "id": saved.pk,
        "surface": surface,
        "author": made["author"],
        "post": saved.target_id if surface == "label" else None,
        "conversation": rows[through].get("conversation"),
        "created_at": made["created_at"],
    }
    if surface == "conversation":
        assert made["author"] is None
        return
    assert (made["author"]["kind"], made["author"]["number"]) == (kind, number)
    assert made["author"]["id"] == (str(other.pk) if surface == "user" else None)
    assert (saved.user == other) == (surface == "user")


def test_a_label_stands_in_its_post(api, board, other, rows):
    made = block(api, rows["anonymous comment"])
    assert made["post"] == other.comments.get(alias_number=3).post_id
    assert block(api, rows["anonymous post"])["post"] == rows["anonymous post"]["post"]


def test_blocking_again_is_the_same_row(api, rows):
    for group in (
        ("user", "post", "comment"),
        ("anonymous post", "its author's comment"),
        ("anonymous comment",),
        ("conversation",),
    ):
        answers = [block(api, rows[through]) for through in (*group, *group)]
        assert all(answer == answers[0] for answer in answers)
    assert Block.objects.count() == 4


def test_another_surface_of_the_same_person_is_another_row_and_the_same_answer(api, client_of, user, rows):
    """As if it were of somebody else: who blocked both can't learn that they are one."""
    fresh = block(client_of(UserFactory(school=user.school)), rows["anonymous comment"])
    block(api, rows["user"])
    block(api, rows["anonymous post"])
    made = block(api, rows["anonymous comment"])
    own = ("id", "created_at")
    assert {**made, **dict.fromkeys(own)} == {**fresh, **dict.fromkeys(own)}
    assert len(listed(api)) == 3


def test_one_number_in_two_posts_is_two_labels(api, board, other):
    comments = [make_comment(make_post(board, None), other, 1) for _ in range(2)]
    assert len({block(api, {"comment": comment.pk})["id"] for comment in comments}) == 2


def test_a_label_answers_the_same_whoever_stands_behind_it(api, board, other, rows):
    comment = rows["anonymous comment"]
    before = block(api, comment)
    block(api, rows["user"])
    for author in (UserFactory(school=board.school), UserFactory(is_active=False), None):
        board.posts.update(author=author)
        other.comments.model.objects.update(author=author)
        assert block(api, comment) == before


def test_nobody_blocks_themselves(api, user, board, rows):
    post = make_post(board, None)
    for own in (
        {"user": str(user.pk)},
        {"post": make_post(board, user).pk},
        {"post": make_post(board, user, is_anonymous=True).pk},
        {"comment": make_comment(post, user).pk},
        {"comment": make_comment(post, user, 1).pk},
    ):
        answer = api.post(BLOCKS, own)
        assert answer.status_code == 403
        assert codes(answer) == {(None, "own_content")}
    assert not Block.objects.exists()


def test_what_names_somebody_who_withdrew_can_not_be_blocked(api, other, rows):
    User.objects.filter(pk=other.pk).delete()
    for through in ("post", "comment"):
        answer = api.post(BLOCKS, rows[through])
        assert answer.status_code == 400
        assert codes(answer) == {(through, "withdrawn")}
    for through in ("anonymous post", "its author's comment", "anonymous comment", "conversation"):
        block(api, rows[through])


@pytest.mark.parametrize("kind", ["user", "post", "comment", "conversation"])
def test_what_one_can_not_see_does_not_exist(api, client_of, board, other, kind):
    elsewhere = UserFactory(school=SchoolFactory())
    theirs = make_post(elsewhere.school.boards.create(category="general", name="남의 게시판"), elsewhere)
    hidden = make_post(board, other, hidden_at=other.created_at)
    deleted = make_post(board, other, deleted_at=other.created_at)
    conversation = make_conversation(client_of(UserFactory(school=other.school)), make_post(board, other))
    cleared = make_conversation(api, make_post(board, other))
    api.delete(f"/api/v1/conversations/{cleared}/")
    unseen = {
        "user": [str(elsewhere.pk), str(UserFactory(school=other.school, is_active=False).pk)],
        "post": [theirs.pk, hidden.pk, deleted.pk],
        "comment": [make_comment(post, other).pk for post in (theirs, hidden, deleted)],
        "conversation": [conversation, cleared],
    }
    missing = api.post(BLOCKS, {kind: NO_USER if kind == "user" else MISSING})
    assert missing.status_code == 400
    assert codes(missing) == {(kind, "does_not_exist")}
    answers = [api.post(BLOCKS, {kind: pk}) for pk in unseen[kind]]
    assert {(answer.status_code, answer.content) for answer in answers} == {(400, missing.content)}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("user", "one_of")),
        ({"user": 7}, ("user", "invalid")),
        ({"user": True}, ("user", "invalid")),
        ({"user": "7"}, ("user", "invalid")),
        ({"user": None}, ("user", "null")),
        ({"post": None}, ("post", "null")),
        ({"comment": "1"}, ("comment", "incorrect_type")),
        ({"conversation": [1]}, ("conversation", "incorrect_type")),
    ],
)
def test_one_says_whom_to_block_in_one_way(api, body, error):
    answer = api.post(BLOCKS, body)
    assert answer.status_code == 400
    assert codes(answer) == {error}


def test_two_ways_to_say_it_are_refused(api, rows):
    for second in ("post", "conversation"):
        answer = api.post(BLOCKS, rows["user"] | rows[second])
        assert answer.status_code == 400
        assert codes(answer) == {("user", "one_of")}
    assert not Block.objects.exists()


def test_everybody_signed_in_may_block(api, anonymous, user, rows):
    assert anonymous.post(BLOCKS, rows["user"]).status_code == 401
    assert anonymous.get(BLOCKS).status_code == 401
    user.school_verified_at = None
    user.save()
    for body in rows.values():
        block(api, body)
    assert len(listed(api)) == 4


def test_a_board_for_verified_users_is_closed_to_a_block_too(api, user, board, rows):
    user.school_verified_at = None
    user.save()
    board.needs_verification = True
    board.save()
    for through in ("post", "comment"):
        answer = api.post(BLOCKS, rows[through])
        assert codes(answer) == {(through, "does_not_exist")}


# --- The list, and lifting ---
def test_the_list_is_of_ones_own_newest_first(api, client_of, other, rows):
    made = [block(api, rows[through])["id"] for through in ("user", "anonymous post", "conversation")]
    theirs = client_of(other)
    assert listed(theirs) == []
    assert [row["id"] for row in listed(api)] == made[::-1]


def test_a_block_of_others_can_not_be_lifted_and_is_not_there(api, client_of, other, rows):
    made = block(api, rows["user"])["id"]
    stranger = client_of(other)
    missing = stranger.delete(f"{BLOCKS}{MISSING}/")
    answer = stranger.delete(f"{BLOCKS}{made}/")
    assert answer.status_code == missing.status_code == 404
    assert answer.content == missing.content
    assert len(listed(api)) == 1


def test_lifting_a_block_leaves_the_others_of_the_same_person(api, rows):
    made = {
        through: block(api, rows[through])["id"] for through in ("user", "anonymous post", "conversation")
    }
    assert api.delete(f"{BLOCKS}{made['user']}/").status_code == 204
    assert api.delete(f"{BLOCKS}{made['user']}/").status_code == 404
    assert [row["id"] for row in listed(api)] == [made["conversation"], made["anonymous post"]]


def test_a_block_is_made_and_lifted_and_never_changed(api, rows):
    path = f"{BLOCKS}{block(api, rows['user'])['id']}/"
    for method in ("get", "put", "patch"):
        assert getattr(api, method)(path).status_code == 405


def test_who_withdraws_takes_the_block_of_the_name_along_and_no_label(api, user, other, rows):
    for through in ("user", "anonymous post", "conversation"):
        block(api, rows[through])
    User.objects.filter(pk=other.pk).delete()
    assert [row["surface"] for row in listed(api)] == ["conversation", "label"]


def test_one_block_and_thirty_cost_the_same(api, user, rows, count_queries):
    block(api, rows["user"])
    one = count_queries(lambda: api.get(BLOCKS))
    for through in ("anonymous post", "conversation"):
        block(api, rows[through])
    for blocked in UserFactory.create_batch(28, school=user.school):
        block(api, {"user": str(blocked.pk)})
    assert len(api.get(BLOCKS, {"page_size": 100}).json()["results"]) == 31
    assert count_queries(lambda: api.get(BLOCKS)) == one <= 2
