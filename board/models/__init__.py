from board.models.boards import Board, PinnedBoard
from board.models.comments import Comment, CommentLike
from board.models.posts import Post, PostLike, Scrap

__all__ = ["Board", "Comment", "CommentLike", "PinnedBoard", "Post", "PostLike", "Scrap"]
