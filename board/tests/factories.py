import factory

from accounts.tests.factories import SchoolFactory, UserFactory
from board.models import Board, Comment, Post
from board.services.comments import create_comment
from board.services.search import add_grams, grams_of_post


class BoardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Board

    school = factory.SubFactory(SchoolFactory)
    category = Board.Category.GENERAL
    name = factory.Sequence(lambda n: f"게시판{n}")


class PostFactory(factory.django.DjangoModelFactory):
    """A named post; give `board` or `school`."""

    class Meta:
        model = Post
        skip_postgeneration_save = True

    board = factory.SubFactory(BoardFactory)
    school = factory.LazyAttribute(lambda post: post.board.school)
    author = factory.SubFactory(UserFactory, school=factory.SelfAttribute("..board.school"))
    title = factory.Sequence(lambda n: f"제목 {n}")
    content = "내용"
    is_anonymous = False

    @factory.post_generation
    def _grams(post, create: bool, extracted: object, **kwargs: object) -> None:  # noqa: N805
        """As the service does, so that it can be found."""
        if create:
            add_grams(post, grams_of_post(post))


def make_comment(post: Post, **fields: object) -> Comment:
    """A comment made by the service itself, so that numbers and counters are right; named by default."""
    user = fields.pop("author", None) or UserFactory(school=post.school)
    return create_comment(user=user, post=post, **{"content": "댓글", "is_anonymous": False} | fields)
