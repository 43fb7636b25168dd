"""Blocks and friends: what is dropped, what ends, and what the blocked one can tell: nothing."""

import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Board, Post
from conftest import Client
from timetable.models import Friendship
from timetable.tests.factories import SemesterFactory, TimetableFactory
from timetable.tests.friends import (
    BLOCKS,
    FRIENDS,
    INVITATIONS,
    REQUESTS,
    ask,
    befriend,
    block,
    friends_of,
    invitation_of,
    requests_of,
    told,
    unblock,
)
from timetable.tests.helpers import ok

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocker(user):
    return UserFactory(school=user.school)


@pytest.fixture
def open_one(user):
    """Somebody who blocks nobody, to compare with."""
    return UserFactory(school=user.school)


def like(row, of):
    """A payload about one person, as it would be about another."""
    ids = {"id": None, "accepted_at": None, "created_at": None, "display_name": None}
    return {**row, **{name: None for name in ids if name in row}, "user": row["user"]["id"] == str(of.pk)}


def everything_seen_by(user, *others):
    """What somebody reads about others, in any place, without what differs anyway."""
    client = Client(user)
    seen = {}
    for other in others:
        rows = [row for row in requests_of(user) if row["user"]["id"] == str(other.pk)]
        friends = ok(client.get(FRIENDS))["results"]
        friends = [row for row in friends if row["user"]["id"] == str(other.pk)]
        seen[other] = {
            "requests": [like(row, other) for row in rows],
            "friends": [like(row, other) for row in friends],
            "timetables": client.get(f"{FRIENDS}{other.pk}/timetables/").status_code,
            "told": len(told(user, "friend_request")) + len(told(user, "friend_accepted")),
        }
    return list(seen.values())


# --- Requests ---
def test_a_request_into_a_block_looks_like_any_and_never_arrives(user, blocker, open_one):
    lifted = block(blocker, user)
    answers = [ask(user, other) for other in (blocker, open_one)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert like(answers[0].json(), blocker) == like(answers[1].json(), open_one)
    dropped, kept = everything_seen_by(user, blocker, open_one)
    assert dropped == kept
    unblock(blocker, lifted)
    dropped, kept = everything_seen_by(user, blocker, open_one)
    assert dropped == kept
    assert dropped["requests"]
    assert requests_of(blocker) == told(blocker, "friend_request") == []
    pk = answers[0].json()["id"]
    for step in ("accept", "decline"):
        assert Client(blocker).post(f"{REQUESTS}{pk}/{step}/").status_code == 404
    assert Client(user).delete(f"{REQUESTS}{pk}/").status_code == 204


def test_asking_again_reaches_who_has_lifted_the_block_and_tells_nothing(user, blocker):
    lifted = block(blocker, user)
    first = ask(user, blocker)
    assert ask(user, blocker).content == first.content
    unblock(blocker, lifted)
    assert requests_of(blocker) == []
    assert ask(user, blocker).content == first.content
    assert [row["id"] for row in requests_of(blocker)] == [first.json()["id"]]
    assert len(told(blocker, "friend_request")) == 1


def test_who_lifted_the_block_and_asks_themselves_is_a_friend(user, blocker, open_one):
    """Both want it. To who was blocked it is a request that met their own."""
    lifted = block(blocker, user)
    for other in (blocker, open_one):
        ok(ask(user, other))
    assert codes(ask(blocker, user)) == {(None, "you_block_them")}
    unblock(blocker, lifted)
    assert friends_of(user) == []
    for other in (blocker, open_one):
        assert ok(ask(other, user))["accepted_at"]
    dropped, kept = everything_seen_by(user, blocker, open_one)
    assert dropped == kept
    assert friends_of(blocker) == [user.nickname]


def test_a_block_lets_a_request_of_the_blocked_one_wait_for_ever(user, blocker, open_one):
    for other in (blocker, open_one):
        ok(ask(user, other))
    before = requests_of(user)
    lifted = block(blocker, user)
    unblock(blocker, lifted)
    assert requests_of(user) == before
    assert requests_of(blocker) == told(blocker, "friend_request") == []


def test_a_block_takes_a_request_of_the_blockers_back(user, blocker):
    ok(ask(blocker, user))
    unblock(blocker, block(blocker, user))
    assert requests_of(user) == requests_of(blocker) == told(user, "friend_request") == []
    assert not Friendship.objects.exists()


def test_who_is_blocked_and_blocks_takes_their_own_request_back(user, blocker):
    block(blocker, user)
    ok(ask(user, blocker))
    unblock(user, block(user, blocker))
    assert requests_of(user) == requests_of(blocker) == []


# --- Friends ---
@pytest.mark.parametrize("who", ["one", "other"])
def test_a_block_by_either_ends_a_friendship_as_removing_does(user, blocker, open_one, who):
    befriend(user, blocker) if who == "one" else befriend(blocker, user)
    befriend(user, open_one)
    block(blocker, user)
    ok(Client(open_one).delete(f"{FRIENDS}{user.pk}/"))
    assert friends_of(user) == friends_of(blocker) == []
    blocked, removed = everything_seen_by(user, blocker, open_one)
    assert blocked == removed
    for other in (blocker, open_one):
        assert ask(user, other).status_code == 201
    blocked, removed = everything_seen_by(user, blocker, open_one)
    assert blocked == removed


@pytest.mark.parametrize("through", ["post", "comment"])
def test_a_block_through_what_stands_under_the_name_ends_it(user, blocker, through):
    befriend(user, blocker)
    board = Board.objects.create(school=user.school, category="general", name="자유게시판")
    row = make_post(board, user)
    if through == "comment":
        row = row.comments.create(author=user, content="댓글", is_anonymous=False)
    ok(Client(blocker).post(BLOCKS, {through: row.pk}))
    assert friends_of(user) == friends_of(blocker) == []


def test_a_block_of_a_label_or_a_conversation_ends_nothing(user, blocker):
    """It would tell who stands behind it."""
    befriend(user, blocker)
    waiting = UserFactory(school=user.school)
    ok(ask(waiting, blocker))
    board = Board.objects.create(school=user.school, category="general", name="자유게시판")
    client = Client(blocker)
    for author in (user, waiting):
        post = make_post(board, author, is_anonymous=True)
        comment = post.comments.create(author=author, content="댓글", is_anonymous=True, alias_number=0)
        begun = ok(client.post("/api/v1/messages/", {"post": post.pk, "content": f"쪽지 {post.pk}"}))
        for body in (
            {"conversation": begun["conversation"]},
            {"post": post.pk},
            {"comment": comment.pk},
        ):
            ok(client.post(BLOCKS, body))
    assert friends_of(blocker) == [user.nickname]
    assert [row["user"]["id"] for row in requests_of(blocker)] == [str(waiting.pk)]
    assert ask(blocker, waiting).json()["accepted_at"]


def make_post(board, author, **fields):
    return Post.objects.create(
        board=board,
        school=board.school,
        author=author,
        title="제목",
        content="내용",
        **{"is_anonymous": False} | fields,
    )


# --- Invitations ---
def test_an_invitation_used_into_a_block_looks_like_any_and_makes_no_friend(user, blocker, open_one):
    """It looks like a friendship with somebody who shows nothing, for ever."""
    semester = SemesterFactory(school=user.school)
    for other, visibility in ((blocker, "public"), (open_one, "private")):
        TimetableFactory(user=other, semester=semester, visibility=visibility, primary=True)
    links = {other: invitation_of(other) for other in (blocker, open_one)}
    lifted = block(blocker, user)
    answers = {other: Client(user).post(link) for other, link in links.items()}
    assert [answer.status_code for answer in answers.values()] == [200, 200]
    for _ in range(2):
        dropped, kept = everything_seen_by(user, blocker, open_one)
        assert dropped == kept
        assert len(dropped["friends"]) == 1
        client = Client(user)
        shown = [
            ok(client.get(f"{FRIENDS}{other.pk}/timetables/"))["results"] for other in (blocker, open_one)
        ]
        assert shown == [[], []]
        query = {"semester": semester.pk, "users": [str(blocker.pk), str(open_one.pk)]}
        people = ok(client.get(f"{FRIENDS}free-time/", query))["people"]
        assert [person["timetable"] for person in people] == [None] * 3
        for other in (blocker, open_one):
            assert codes(client.post(links[other])) == {(None, "already_friends")}
            assert codes(ask(user, other)) == {(None, "already_friends")}
        assert friends_of(blocker) == told(blocker, "friend_accepted") == []
        assert Client(blocker).get(f"{FRIENDS}{user.pk}/timetables/").status_code == 404
        if lifted:
            unblock(blocker, lifted)
            lifted = None
    assert friends_of(open_one) == [user.nickname]


def test_the_number_of_queries_does_not_tell_a_dropped_friend(user, blocker, open_one, count_queries):
    links = [invitation_of(other) for other in (blocker, open_one)]
    block(blocker, user)
    client, semester = Client(user), SemesterFactory(school=user.school)
    for link in links:
        ok(client.post(link))

    def asked(other, path):
        query = {"semester": semester.pk, "users": str(other.pk)} if "free" in path else {}
        return count_queries(lambda: ok(client.get(f"{FRIENDS}{path}", query)))

    for path in ("{}/timetables/", "free-time/"):
        numbers = {asked(other, path.format(other.pk)) for other in (blocker, open_one)}
        assert len(numbers) == 1


def test_who_lifted_the_block_and_asks_makes_a_dropped_friend_a_real_one(user, blocker):
    semester = SemesterFactory(school=user.school)
    TimetableFactory(user=blocker, semester=semester, visibility="friends")
    link = invitation_of(blocker)
    lifted = block(blocker, user)
    before = ok(Client(user).post(link))
    unblock(blocker, lifted)
    assert ok(ask(blocker, user))["accepted_at"]
    assert ok(Client(user).get(FRIENDS))["results"] == [before]
    assert friends_of(blocker) == [user.nickname]
    assert len(ok(Client(user).get(f"{FRIENDS}{blocker.pk}/timetables/"))["results"]) == 1
    assert told(user, "friend_accepted") == []


@pytest.mark.parametrize("who", ["blocker", "blocked"])
def test_a_dropped_friendship_ends_with_a_block_by_who_sees_it_alone(user, blocker, who):
    link = invitation_of(blocker)
    lifted = block(blocker, user)
    ok(Client(user).post(link))
    if who == "blocked":
        block(user, blocker)
        assert friends_of(user) == []
        return
    unblock(blocker, lifted)
    block(blocker, user)
    assert friends_of(user) == [blocker.nickname]
    ok(Client(user).delete(f"{FRIENDS}{blocker.pk}/"))
    assert friends_of(user) == []


def test_an_invitation_of_somebody_one_blocks_is_not_used(user, blocker):
    link = invitation_of(user)
    block(blocker, user)
    assert codes(Client(blocker).post(link)) == {(None, "you_block_them")}
    assert not Friendship.objects.exists()


def test_a_dropped_request_that_an_invitation_answers_is_dropped_still(user, blocker):
    link = invitation_of(blocker)
    lifted = block(blocker, user)
    ok(ask(user, blocker))
    ok(Client(user).post(link))
    assert friends_of(user) == [blocker.nickname]
    assert friends_of(blocker) == []
    ok(Client(user).delete(f"{FRIENDS}{blocker.pk}/"))
    unblock(blocker, lifted)
    ok(ask(user, blocker))
    ok(Client(user).post(link))
    assert friends_of(blocker) == [user.nickname]
    assert INVITATIONS in link
