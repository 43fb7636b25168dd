from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    """What you say: boards, posts, comments, likes and scraps."""

    name = "board"
    verbose_name = _("Board")

    def ready(self) -> None:
        from api.targets import Target, register
        from board.models import Board, Comment, Post

        register(Target("board", made_by=lambda user: Board.objects.filter(manager=user)))
        register(Target("post", made_by=lambda user: Post.objects.filter(author=user)))
        register(Target("comment", made_by=lambda user: Comment.objects.filter(author=user)))
