"""Whether a question counts as answered must not tell who wrote the answer."""

import pytest

from accounts.tests.factories import UserFactory
from board.tests.factories import PostFactory, make_comment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("question_is_anonymous", [True, False], ids=["anonymous", "named"])
@pytest.mark.parametrize("answer_is_anonymous", [True, False], ids=["anonymously", "by name"])
@pytest.mark.parametrize("by_author", [True, False], ids=["by its author", "by another"])
def test_only_an_answer_that_is_openly_ones_own_leaves_a_question_open(
    client_of, question_is_anonymous, answer_is_anonymous, by_author
):
    question = PostFactory(is_question=True, is_anonymous=question_is_anonymous)
    answerer = question.author if by_author else UserFactory(school=question.school)
    make_comment(question, author=answerer, is_anonymous=answer_is_anonymous)
    openly_own = by_author and question_is_anonymous == answer_is_anonymous
    client, path = client_of(question.author), f"/api/v1/posts/{question.pk}/"
    assert client.patch(path, {"title": "새 제목"}).status_code == (200 if openly_own else 409)
    assert client.delete(path).status_code == (204 if openly_own else 409)
