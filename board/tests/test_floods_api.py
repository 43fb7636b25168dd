"""Floods: the same text twice, and more of anything than a person makes."""

import time
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from accounts.exceptions import DuplicateText
from accounts.models import IdempotencyRecord, User
from accounts.services.floods import TextClaim
from accounts.tests.factories import UserFactory
from api.slots import Slots
from api.tests.helpers import at_once, codes
from api.throttling import ActionThrottle
from board.models import Board, Post
from board.services import posts as post_services
from board.services.hiding import hide
from board.tests.factories import BoardFactory, PostFactory, make_comment
from conftest import Client

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"
BODY = {"title": "제목", "content": "내용"}


@pytest.fixture(params=["post", "comment"])
def request_of(request, board, post):
    """What creates something: a path and a body."""
    if request.param == "post":
        return POSTS, {"board": board.pk} | BODY
    return f"{POSTS}{post.pk}/comments/", {"content": "댓글"}


def send(client, path, body, key):
    return client.post(path, body, HTTP_IDEMPOTENCY_KEY=key)


def assert_refused(answer):
    assert answer.status_code == 409
    (error,) = answer.json()["errors"]
    assert (error["code"], error["attr"], error["meta"]) == ("duplicate_text", None, None)


# --- The same text again ---
def test_the_same_text_is_refused_for_a_minute(api, request_of, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    assert api.post(*request_of).status_code == 201
    for seconds in (0, 30, 59):
        time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
        assert_refused(api.post(*request_of))
    time_machine.move_to(start + timedelta(seconds=61), tick=False)
    assert api.post(*request_of).status_code == 201


def test_another_text_is_not_the_same(api, board, post):
    for title, content in [
        ("가", "나다"),
        ("가나", "다"),
        ("나다", "가"),
        ("가", "나 다"),
        ("A", "b"),
        ("a", "b"),
    ]:
        body = {"board": board.pk, "title": title, "content": content}
        assert api.post(POSTS, body).status_code == 201
    for content in ("가", "가.", "A", "a"):
        assert api.post(f"{POSTS}{post.pk}/comments/", {"content": content}).status_code == 201


def test_it_is_the_same_wherever_it_stands_and_however_it_is_signed(api, board, post, school):
    elsewhere = BoardFactory(school=school)
    assert api.post(POSTS, BODY | {"board": board.pk}).status_code == 201
    assert_refused(api.post(POSTS, BODY | {"board": elsewhere.pk, "is_anonymous": False}))
    assert api.post(f"{POSTS}{post.pk}/comments/", {"content": "댓글"}).status_code == 201
    assert_refused(api.post(f"{POSTS}{PostFactory(board=elsewhere).pk}/comments/", {"content": " 댓글\n"}))


def test_it_is_nobody_elses(api, client_of, other, request_of):
    assert api.post(*request_of).status_code == 201
    assert client_of(other).post(*request_of).status_code == 201


def test_deleting_it_does_not_let_it_be_sent_again(api, board):
    made = api.post(POSTS, BODY | {"board": board.pk}).json()
    assert api.delete(f"{POSTS}{made['id']}/").status_code == 204
    assert_refused(api.post(POSTS, BODY | {"board": board.pk}))


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_setting_switches_this_off_and_asks_no_cache(api, request_of, settings, monkeypatch, seconds):
    settings.DUPLICATE_TEXT_SECONDS = seconds
    monkeypatch.setattr("accounts.services.floods.cache", None)
    assert [api.post(*request_of).status_code for _ in "12"] == [201, 201]


def test_a_retry_is_answered_before_its_text_is_looked_at(api, request_of):
    first = send(api, *request_of, "a-key")
    again = send(api, *request_of, "a-key")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert_refused(send(api, *request_of, "b-key"))
    assert_refused(api.post(*request_of))


@pytest.mark.django_db(transaction=True)
def test_a_key_that_was_refused_for_its_text_can_be_used_again(api, request_of, time_machine):
    assert api.post(*request_of).status_code == 201
    assert_refused(send(api, *request_of, "a-key"))
    assert not IdempotencyRecord.objects.exists()
    cache.clear()
    assert send(api, *request_of, "a-key").status_code == 201


# --- What came to nothing is no text that was sent ---
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [None, "a-key"])
def test_what_a_rule_refused_can_be_sent_once_the_rule_allows_it(api, request_of, key):
    path, body = request_of
    headers = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}
    Board.objects.update(anonymity="never")
    assert api.post(path, body | {"is_anonymous": True}, **headers).status_code == 400
    Board.objects.update(anonymity="optional")
    assert api.post(path, body | {"is_anonymous": True}, **headers).status_code == 201


def test_a_comment_on_a_hidden_post_can_be_sent_once_it_is_shown(client_of, board, manager, post):
    hide(user=manager, content=post, reason="spam")
    client = client_of(manager)
    path = f"{POSTS}{post.pk}/comments/"
    assert codes(client.post(path, {"content": "댓글"})) == {(None, "frozen")}
    Post.objects.update(hidden_at=None, hidden_by=None, hidden_reason="")
    assert client.post(path, {"content": "댓글"}).status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [None, "a-key"])
def test_what_failed_on_our_side_can_be_sent_again(user, board, monkeypatch, key):
    headers = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}
    client = Client(user, raise_request_exception=False)
    with monkeypatch.context() as patch:
        patch.setattr(post_services, "create_post", lambda **fields: 1 / 0)
        assert client.post(POSTS, BODY | {"board": board.pk}, **headers).status_code == 500
    assert client.post(POSTS, BODY | {"board": board.pk}, **headers).status_code == 201


def test_a_refused_repeat_leaves_the_text_held(api, request_of):
    api.post(*request_of)
    for key in ("a", "b"):
        assert_refused(send(api, *request_of, key))
        assert_refused(api.post(*request_of))


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_tried_again_is_no_repeat_of_itself(api, board, monkeypatch):
    create, tries = post_services.create_post, []

    def fail_once(**fields):
        tries.append(fields)
        if len(tries) == 1:
            raise OperationalError(1213, "Deadlock found")
        return create(**fields)

    monkeypatch.setattr(post_services, "create_post", fail_once)
    assert send(api, POSTS, BODY | {"board": board.pk}, "a-key").status_code == 201
    assert (len(tries), board.posts.count()) == (2, 1)


def test_a_retry_takes_over_what_a_worker_left_when_it_died(user):
    def claim(key):
        return TextClaim.of(user=user, kind="post", texts=("가",), retry_key=key)

    claim("a-key").take()
    claim("a-key").take()
    for other in (claim("b-key"), claim(None)):
        other.release()
        with pytest.raises(DuplicateText):
            other.take()


def test_kinds_texts_and_people_have_claims_of_their_own(user):
    def key(user, kind, *texts):
        return TextClaim.of(user=user, kind=kind, texts=texts, retry_key=None).key

    someone = User()
    keys = [
        key(user, "post", "가", "나"),
        key(user, "post", "가나"),
        key(user, "post", "가", "나", ""),
        key(user, "comment", "가나"),
        key(user, "message", "가나"),
        key(someone, "message", "가나"),
    ]
    assert len(set(keys)) == len(keys)
    assert key(user, "post", "가", "나") == keys[0]


def test_the_cache_is_no_list_of_who_wrote_what(user, monkeypatch, settings):
    """A hash that anybody could make would let them try who sent a text."""
    claim = TextClaim.of(user=user, kind="post", texts=("제목", "내용"), retry_key="a-key")
    settings.SECRET_KEY = "another-" + settings.SECRET_KEY
    other = TextClaim.of(user=user, kind="post", texts=("제목", "내용"), retry_key="a-key")
    assert claim.key != other.key
    assert claim.token != other.token
    for part in (str(user.pk), user.pk.hex, "제목", "내용", "a-key"):
        assert part not in f"{claim}"


def test_of_claims_at_one_moment_one_is_taken(user):
    claims = [TextClaim.of(user=user, kind="post", texts=("가",), retry_key=None) for _ in range(16)]

    def take(claim):
        try:
            claim.take()
        except DuplicateText:
            return False
        return True

    assert sum(at_once(*[lambda claim=claim: take(claim) for claim in claims])) == 1


# --- More than a person makes ---
CALLS = {
    "post": [
        lambda client, post, comment, n: client.post(POSTS, BODY | {"board": post.board_id, "title": f"{n}"})
    ],
    "comment": [
        lambda client, post, comment, n: client.post(f"{POSTS}{post.pk}/comments/", {"content": f"{n}"})
    ],
    # Giving and taking back, of posts and comments, count together.
    "like": [
        lambda client, post, comment, n: client.put(f"{POSTS}{post.pk}/like/"),
        lambda client, post, comment, n: client.delete(f"{POSTS}{post.pk}/like/"),
        lambda client, post, comment, n: client.put(f"/api/v1/comments/{comment.pk}/like/"),
        lambda client, post, comment, n: client.delete(f"/api/v1/comments/{comment.pk}/like/"),
    ],
}


@pytest.fixture(params=CALLS)
def limited(request, monkeypatch, post):
    """`limited(client)` makes the next call of one scope, of which there may be four a minute."""
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, request.param, "4/min")
    comment, calls, made = make_comment(post), CALLS[request.param], []

    def call(client, **more):
        made.append(client)
        client.defaults.update(more)
        return calls[len(made) % len(calls)](client, post, comment, len(made))

    return call


def test_too_much_is_told_when_to_go_on(api, limited):
    assert [limited(api).status_code < 300 for _ in range(4)] == [True] * 4
    for _ in range(5):
        answer = limited(api)
        assert answer.status_code == 429
        assert codes(answer) == {(None, "throttled")}
        assert 0 < int(answer["Retry-After"]) <= 60


def test_a_limit_is_a_persons_and_no_addresss(api, client_of, user, other, manager, limited):
    for number in range(4):
        assert limited(api, REMOTE_ADDR=f"192.0.2.{number}").status_code < 300
    assert limited(client_of(user), REMOTE_ADDR="192.0.2.9").status_code == 429
    assert limited(client_of(manager), REMOTE_ADDR="192.0.2.9").status_code < 300


def test_a_stranger_is_told_to_sign_in(anonymous, api, limited):
    assert [limited(anonymous).status_code for _ in range(6)] == [401] * 6
    assert limited(api).status_code < 300


def test_a_limit_of_one_thing_is_none_of_another(api, limited, post, board):
    for _ in range(5):
        limited(api)
    assert api.put(f"{POSTS}{post.pk}/scrap/").status_code == 200
    assert api.get(POSTS).status_code == 200
    assert api.put(f"/api/v1/boards/{board.pk}/pin/").status_code == 200


def test_posts_comments_and_likes_are_counted_apart(api, monkeypatch, post):
    comment = make_comment(post)
    for scope in CALLS:
        monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, scope, "1/min")
    for round_, fine in [(0, True), (1, False)]:
        for scope, calls in CALLS.items():
            assert (calls[0](api, post, comment, round_).status_code < 300) == fine, scope


def test_each_call_is_free_again_its_own_period_later(api, limited, time_machine):
    start = timezone.now()

    def at(seconds):
        time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
        return limited(api)

    assert [at(second).status_code < 300 for second in (0, 10, 20, 50)] == [True] * 4
    assert (at(50)["Retry-After"], at(59.5)["Retry-After"]) == ("10", "1")
    assert [at(second).status_code < 300 for second in (61, 61, 71, 71)] == [True, False, True, False]
    assert at(71)["Retry-After"] == "9"


def test_calls_at_one_moment_are_all_counted(user, monkeypatch):
    """Sixteen that have all seen no call before them."""
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "like", "5/min")
    view = SimpleNamespace(throttle_scopes={"like": "like"}, action="like")
    seen, get_many = Barrier(16, timeout=20), LocMemCache.get_many

    def get_many_at_once(self, *args):
        found = get_many(self, *args)
        seen.wait()
        return found

    monkeypatch.setattr(LocMemCache, "get_many", get_many_at_once)
    calls = [lambda: ActionThrottle().allow_request(SimpleNamespace(user=user), view)] * 16
    assert sum(at_once(*calls)) == 5


def test_nobody_is_told_to_come_back_at_once():
    cache.set("likes:0", time.time() - 60)  # which the cache has not let go of yet
    assert Slots("likes", 1, 60).wait() == 1


def test_a_rate_of_nothing_lets_nothing_through(api, monkeypatch, post):
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "like", "0/min")
    answer = api.put(f"{POSTS}{post.pk}/like/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


# --- Several workers ---
@pytest.fixture(params=["memory", "table"])
def shared_cache(request, settings):
    """The process's memory, as one worker with threads has it, or a table that workers share."""
    if request.param == "table":
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
        }
        call_command("createcachetable")
    cache.clear()


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_of_the_same_posts_at_once_one_is_made(shared_cache, user, board):
    clients = [Client(user) for _ in range(8)]
    for title, keys in [
        ("no keys", [{}] * 8),
        ("keys", [{"HTTP_IDEMPOTENCY_KEY": f"{n}"} for n in range(8)]),
    ]:
        body = BODY | {"board": board.pk, "title": title}
        answers = at_once(
            *[
                lambda client=client, key=key, body=body: client.post(POSTS, body, **key)
                for client, key in zip(clients, keys, strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
        assert board.posts.filter(title=title).count() == 1


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_retries_at_once_are_one_post_and_no_repeat(shared_cache, user, board):
    clients = [Client(user) for _ in range(8)]
    for number in range(4):
        body = BODY | {"board": board.pk, "title": f"{number}"}
        answers = at_once(
            *[
                lambda client=client, body=body, n=number: send(client, POSTS, body, f"{n}")
                for client in clients
            ]
        )
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["id"] for answer in answers}) == 1
    assert board.posts.count() == 4


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_a_limit_holds_for_requests_at_once(shared_cache, user, board, monkeypatch):
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "post", "5/hour")
    clients = [Client(user) for _ in range(12)]
    answers = at_once(
        *[
            lambda client=client, n=n: client.post(POSTS, BODY | {"board": board.pk, "title": f"{n}"})
            for n, client in enumerate(clients)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [429] * 7


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_people_who_write_at_once_do_not_stop_each_other(shared_cache, board):
    clients = [Client(user) for user in UserFactory.create_batch(8, school=board.school)]

    def write(client):
        return [
            send(client, POSTS, BODY | {"board": board.pk, "title": f"{n}"}, f"{n}").status_code
            for n in range(6)
        ]

    assert at_once(*[lambda client=client: write(client) for client in clients]) == [[201] * 6] * 8


def test_the_cache_is_no_list_of_who_wrote_when(api, user, board, monkeypatch):
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "post", "5/hour")
    assert api.post(POSTS, {"board": board.pk, "title": "제목", "content": "내용"}).status_code == 201
    kept = " ".join(cache._cache)
    assert "throttle_post" in kept
    assert str(user.pk) not in kept
    assert user.pk.hex not in kept
