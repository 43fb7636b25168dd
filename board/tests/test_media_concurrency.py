"""Pictures that several requests want at one moment."""

import pytest

from accounts.models import Sanction
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from board.models import Post, PostMedia
from board.tests.factories import BoardFactory
from board.tests.media import MEDIA, ids, path_of, posted, upload, uploaded, write
from conftest import Client

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def board(user):
    return BoardFactory(school=user.school)


def test_of_two_posts_that_take_one_picture_one_gets_it(api, board):
    """On two boards: on one they would wait for its row before they look for the picture."""
    other = BoardFactory(school=board.school)
    for number in range(6):
        pictures = uploaded(api, 2)
        answers = at_once(
            lambda pictures=pictures, number=number: write(api, board, pictures, title=f"가{number}"),
            lambda pictures=pictures, number=number: write(api, other, pictures[::-1], title=f"나{number}"),
        )
        assert sorted(answer.status_code for answer in answers) == [201, 400]
    assert Post.objects.count() == 6
    assert {post.media_count for post in Post.objects.all()} == {2}
    assert PostMedia.objects.filter(post=None).count() == 0


def test_a_picture_is_taken_or_deleted(api, board):
    for number in range(6):
        (pk,) = uploaded(api)
        taken, deleted = at_once(
            lambda pk=pk, number=number: write(api, board, [pk], title=str(number)),
            lambda pk=pk: api.delete(f"{MEDIA}{pk}/"),
        )
        assert (taken.status_code, deleted.status_code) in {(201, 404), (400, 204), (201, 204)}
    for post in Post.objects.all():
        assert post.media_count == post.media.count()


def test_changes_of_one_posts_pictures_come_one_after_the_other(api, board, stored):
    row = posted(api, board, 4)
    first, second, third, fourth = ids(row)
    answers = at_once(
        lambda: api.patch(path_of(row), {"media": [second, first, fourth]}),
        lambda: api.delete(f"{MEDIA}{third}/"),
        lambda: api.delete(f"{MEDIA}{fourth}/"),
        lambda: api.patch(f"{MEDIA}{first}/", {"caption": "바다"}),
    )
    assert {answer.status_code for answer in answers} <= {200, 204, 400, 404}
    post = Post.objects.get()
    assert post.media_count == post.media.count()
    assert stored() == {name for media in post.media.all() for name in media.files}


def test_who_is_sanctioned_meanwhile_uploads_nothing(user, board, stored):
    """The sanction waits for the upload's row, or is over and seen there."""
    moderator = UserFactory(school=user.school, is_moderator=True)
    answers = []
    for _ in range(6):
        client = Client(person := UserFactory(school=user.school))
        answers += at_once(
            lambda client=client: upload(client).status_code,
            lambda person=person: sanction_user(
                user=moderator, sanctioned=person, kind=Sanction.Kind.NO_WRITING, until=None, reason="spam"
            ),
        )
    assert {answer for answer in answers if isinstance(answer, int)} <= {201, 403}
    assert stored() == {name for media in PostMedia.objects.all() for name in media.files}
