"""A moderator of another school is nobody here: what that office opens is the office's own school."""

import pytest

from accounts.models import User
from config.tests.test_permission_matrix import FOR_MODERATORS, MATRIX, call
from config.tests.world import ACTORS, make_world, undone

pytestmark = pytest.mark.django_db

# Lists are of their own school, which has nothing to decide; a row of this one does not exist for them.
OPENED = {
    ("case-list", "GET"): 200,
    ("audit-list", "GET"): 200,
    ("sanction-list", "GET"): 200,
    ("case-detail", "GET"): 404,
    ("case-uphold", "POST"): 404,
    ("case-dismiss", "POST"): 404,
    ("sanction-detail", "GET"): 404,
    ("sanction-detail", "DELETE"): 404,
    # The comment that the body names is looked up among what they may decide about.
    ("sanction-list", "POST"): 400,
}


def test_each_route_answers_them_as_anybody_of_another_school():
    world = make_world()
    User.objects.filter(pk=world.other_school.pk).update(is_moderator=True)
    of_others = ACTORS.index("other_school")
    assert {key for key, row in MATRIX.items() if row == FOR_MODERATORS} <= set(OPENED)
    for key, row in MATRIX.items():
        with undone():
            answer = call(world, *key, "other_school")
        assert answer.status_code == OPENED.get(key, row[of_others]), (key, answer.content[:500])
        if key in OPENED and answer.status_code == 200:
            assert answer.json()["results"] == []
