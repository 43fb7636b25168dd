import pytest

from accounts.tests.factories import UserFactory
from board.models import Post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fields", [{}, {"is_moderator": True}, {"school_verified_at": None}], ids=str)
def test_a_feed_joins_no_boards(fields):
    """Given the join, MariaDB begins at the boards and sorts all posts of the school: 3 s at 300,000."""
    user = UserFactory(**fields)
    feed = Post.objects.visible_to(user).listed_for(user).for_viewer(user).order_by("-id")
    assert 'JOIN "board_board"' not in str(feed.query).replace("`", '"')
