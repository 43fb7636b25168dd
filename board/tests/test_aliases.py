"""The numbers that anonymous commenters have in a post."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from board.models import Comment
from board.services.comments import delete_comment
from board.tests.factories import BoardFactory, PostFactory, make_comment
from conftest import Client

pytestmark = pytest.mark.django_db


def comment(post, author, **fields):
    return make_comment(post, author=author, is_anonymous=True, **fields).alias_number


def test_the_first_anonymous_comment_gives_a_number_which_one_keeps(anonymous_post, user, manager):
    assert [comment(anonymous_post, author) for author in (user, manager, user, manager)] == [1, 2, 1, 2]


def test_a_reply_has_the_number_of_the_comments(anonymous_post, user):
    first = make_comment(anonymous_post, author=user, is_anonymous=True)
    assert comment(anonymous_post, user, parent=first) == 1


def test_a_named_comment_takes_no_number(anonymous_post, user, manager):
    assert make_comment(anonymous_post, author=user).alias_number is None
    assert comment(anonymous_post, manager) == 1
    assert comment(anonymous_post, user) == 2


def test_a_refused_comment_leaves_no_gap(client_of, post, user, manager):
    refused = client_of(user).post(f"/api/v1/posts/{post.pk}/comments/", {"content": "가", "parent": 987654})
    assert refused.status_code == 400
    assert comment(post, manager) == 1


def test_a_number_outlives_its_comments_and_is_given_to_nobody_else(anonymous_post, user, manager):
    first = make_comment(anonymous_post, author=user, is_anonymous=True)
    delete_comment(comment=first)
    assert comment(anonymous_post, manager) == 2
    assert comment(anonymous_post, user) == 1


def test_the_number_of_someone_who_left_stays_theirs(anonymous_post, user, manager):
    left = make_comment(anonymous_post, author=user, is_anonymous=True)
    User.objects.filter(pk=user.pk).delete()
    assert comment(anonymous_post, manager) == 2
    left.refresh_from_db()
    assert (left.author_id, left.alias_number) == (None, 1)


def test_the_author_of_an_anonymous_post_is_number_0(anonymous_post, other, user):
    assert comment(anonymous_post, other) == 0
    assert comment(anonymous_post, user) == 1


def test_who_comments_on_the_post_of_someone_who_left_is_not_its_author(anonymous_post, other, user):
    User.objects.filter(pk=other.pk).delete()
    anonymous_post.refresh_from_db()
    assert comment(anonymous_post, user) == 1


def test_the_author_of_a_named_post_gets_a_number_like_anyone(post, other, user):
    assert comment(post, user) == 1
    assert comment(post, other) == 2


def test_each_post_counts_for_itself(board, user, manager):
    first, second = PostFactory(board=board), PostFactory(board=board)
    assert comment(first, manager) == 1
    assert comment(first, user) == 2
    assert comment(second, user) == 1


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_sixteen_first_comments_at_once_get_sixteen_numbers():
    post = PostFactory(board=BoardFactory(), is_anonymous=True)
    clients = [Client(user) for user in UserFactory.create_batch(16, school=post.school)]
    url = f"/api/v1/posts/{post.pk}/comments/"

    # Each comments twice, so that keeping a number is tried as well.
    answers = at_once(
        *[
            lambda client=client: [client.post(url, {"content": text, "is_anonymous": True}) for text in "12"]
            for client in clients
        ]
    )

    assert {answer.status_code for pair in answers for answer in pair} == {201}
    numbers = [[answer.json()["author"]["number"] for answer in pair] for pair in answers]
    assert all(first == second for first, second in numbers)
    assert sorted(first for first, _ in numbers) == list(range(1, 17))
    post.refresh_from_db()
    assert (post.alias_count, post.comment_count) == (16, 32)
    assert Comment.objects.filter(post=post).count() == 32
