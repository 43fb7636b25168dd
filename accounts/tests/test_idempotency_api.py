"""`Idempotency-Key` where it is taken: a retry makes nothing twice and is answered as things are now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import IdempotencyRecord
from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once, codes

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"
BODY = {"title": "제목", "content": "내용"}


@pytest.fixture
def board(user):
    return user.school.boards.create(category="general", name="자유게시판")


@pytest.fixture
def post(user, board):
    author = UserFactory(school=user.school)
    return board.posts.create(school=user.school, author=author, is_anonymous=False, **BODY)


@pytest.fixture(params=["post", "comment"])
def request_of(request, board, post):
    """What creates something: a path and a body."""
    if request.param == "post":
        return POSTS, {"board": board.pk} | BODY
    return f"{POSTS}{post.pk}/comments/", {"content": "댓글"}


def send(client, path, body, key="a-key", method="post"):
    return getattr(client, method)(path, body, HTTP_IDEMPOTENCY_KEY=key)


def test_a_retry_is_answered_with_the_first_result(api, request_of):
    first, second = send(api, *request_of), send(api, *request_of)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert IdempotencyRecord.objects.count() == 1


def test_a_retry_makes_no_second_row(api, board, post):
    for _ in range(3):
        assert send(api, POSTS, {"board": board.pk} | BODY, "one").status_code == 201
        assert send(api, f"{POSTS}{post.pk}/comments/", {"content": "댓글"}, "two").status_code == 201
    assert (board.posts.count(), post.comments.count()) == (2, 1)
    post.refresh_from_db()
    assert (post.comment_count, post.alias_count) == (1, 1)


def test_without_a_key_each_request_makes_one(api, board):
    for content in ("내용", "다른 내용"):
        assert api.post(POSTS, {"board": board.pk, "title": "제목", "content": content}).status_code == 201
    assert board.posts.count() == 2


def test_the_order_of_the_fields_is_no_difference(api, board):
    body = {"board": board.pk} | BODY
    first = send(api, POSTS, body)
    assert send(api, POSTS, dict(reversed(body.items()))).json() == first.json()


def test_another_body_under_the_key_is_refused(api, request_of):
    path, body = request_of
    assert send(api, path, body).status_code == 201
    other = send(api, path, body | {"content": "다른 내용"})
    assert other.status_code == 409
    assert codes(other) == {(None, "idempotency_key_reused")}


def test_another_path_under_the_key_is_refused(api, board, post):
    second = board.posts.create(school=board.school, is_anonymous=False, **BODY)
    assert send(api, f"{POSTS}{post.pk}/comments/", {"content": "댓글"}).status_code == 201
    other = send(api, f"{POSTS}{second.pk}/comments/", {"content": "댓글"})
    assert other.status_code == 409
    assert codes(other) == {(None, "idempotency_key_reused")}
    assert not second.comments.exists()


def test_a_request_that_creates_nothing_does_not_use_the_key_up(api, request_of, post):
    assert send(api, f"{POSTS}{post.pk}/scrap/", None, method="put").status_code == 200
    assert send(api, *request_of).status_code == 201


def test_a_key_of_someone_else_is_another_key(api, client_of, user, request_of):
    first = send(api, *request_of)
    second = send(client_of(UserFactory(school=user.school)), *request_of)
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


def test_keys_differ_by_case(api, request_of):
    path, body = request_of
    first, second = send(api, path, body, "Key"), send(api, path, body | {"content": "다른 내용"}, "key")
    assert (first.status_code, second.status_code) == (201, 201)


def test_what_was_refused_as_bad_input_can_be_mended_under_the_key(api, request_of):
    path, body = request_of
    assert send(api, path, body | {"content": ""}).status_code == 400
    assert not IdempotencyRecord.objects.exists()
    assert send(api, path, body).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_what_was_refused_by_a_rule_of_the_board_can_be_mended_under_the_key(api, board, request_of):
    path, body = request_of
    board.anonymity = "never"
    board.save()
    assert send(api, path, body | {"is_anonymous": True}).status_code == 400
    assert not IdempotencyRecord.objects.exists()
    assert send(api, path, body).status_code == 201


def test_what_was_refused_for_who_one_is_can_be_sent_again_under_the_key(api, user, request_of):
    verified_at, user.school_verified_at = user.school_verified_at, None
    user.save()
    assert send(api, *request_of).status_code == 403
    assert not IdempotencyRecord.objects.exists()
    user.school_verified_at = verified_at
    user.save()
    assert send(api, *request_of).status_code == 201


def test_a_key_is_free_again_after_a_day(api, client_of, user, request_of, time_machine):
    first = send(api, *request_of)
    time_machine.move_to(timezone.now() + timedelta(hours=23, minutes=59))
    assert send(client_of(user), *request_of).json()["id"] == first.json()["id"]
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    again = send(client_of(user), *request_of)
    assert again.status_code == 201
    assert again.json()["id"] != first.json()["id"]
    assert send(client_of(user), *request_of).json()["id"] == again.json()["id"]


@pytest.mark.parametrize("key", ["", " ", "a b", "a\tb", "열쇠", "é", "x" * 256])
def test_a_malformed_key_is_refused(api, request_of, key):
    answer = send(api, *request_of, key=key)
    assert answer.status_code == 400
    assert codes(answer) == {("Idempotency-Key", "invalid")}


@pytest.mark.parametrize("key", ["x", "x" * 255, "!~;,'\"", "6f1c1c1e-8d8c-4a8e-9d6b-0f8f5a1d2c3b"])
def test_a_key_is_up_to_255_visible_characters(api, request_of, key):
    assert send(api, *request_of, key=key).status_code == 201


def test_a_body_nested_too_deeply_is_bad_input(api, board):
    deep = "[" * 400 + "]" * 400
    body = f'{{"board": {board.pk}, "title": "제목", "content": "내용", "extra": {deep}}}'
    answer = api.generic("POST", POSTS, body, "application/json", HTTP_IDEMPOTENCY_KEY="a-key")
    assert answer.status_code == 400
    assert codes(answer) == {(None, "bad_request")}


# --- The first result, as it is now ---
def test_a_retry_shows_what_has_changed_since(api, board):
    body = {"board": board.pk} | BODY
    made = send(api, POSTS, body).json()["id"]
    assert api.patch(f"{POSTS}{made}/", {"title": "새 제목"}).status_code == 200
    retried = send(api, POSTS, body)
    assert (retried.status_code, retried.json()["title"]) == (201, "새 제목")


def test_a_retry_of_what_would_be_refused_by_now_is_answered(api, board):
    body = {"board": board.pk, "is_anonymous": True} | BODY
    made = send(api, POSTS, body).json()["id"]
    board.anonymity = "never"
    board.save()
    retried = send(api, POSTS, body)
    assert (retried.status_code, retried.json()["id"]) == (201, made)


def test_a_retry_after_the_result_was_deleted_is_404_and_makes_nothing(api, board):
    body = {"board": board.pk} | BODY
    made = send(api, POSTS, body).json()["id"]
    assert api.delete(f"{POSTS}{made}/").status_code == 204
    assert send(api, POSTS, body).status_code == 404
    assert board.posts.count() == 1


def test_a_retry_after_the_comment_became_a_placeholder_is_404(api, post):
    path = f"{POSTS}{post.pk}/comments/"
    made = send(api, path, {"content": "댓글"}).json()["id"]
    assert api.post(path, {"content": "대댓글", "parent": made}).status_code == 201
    assert api.delete(f"/api/v1/comments/{made}/").status_code == 204
    assert send(api, path, {"content": "댓글"}).status_code == 404
    assert post.comments.count() == 2


def test_a_retry_after_the_board_was_deleted_is_404_like_what_it_made(api, board, request_of):
    assert send(api, *request_of).status_code == 201
    board.deleted_at = timezone.now()
    board.save()
    assert send(api, *request_of).status_code == 404
    assert IdempotencyRecord.objects.count() == 1


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_requests_with_one_key_at_once_make_one(client_of, user, board, post):
    clients = [client_of(user) for _ in range(8)]
    for path, body, rows in [
        (POSTS, {"board": board.pk} | BODY, board.posts),
        (f"{POSTS}{post.pk}/comments/", {"content": "댓글"}, post.comments),
    ]:
        before = rows.count()
        answers = at_once(*[lambda client=client: send(client, path, body, path) for client in clients])  # noqa: B023 (called before the loop goes on)
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert rows.count() == before + 1


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_of_requests_at_once_with_one_key_and_different_bodies_one_is_done(client_of, user, board):
    clients = [client_of(user) for _ in range(6)]
    answers = at_once(
        *[
            lambda client=client, n=n: send(
                client, POSTS, {"board": board.pk, "title": f"{n}", "content": "가"}
            )
            for n, client in enumerate(clients)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert board.posts.count() == 1
