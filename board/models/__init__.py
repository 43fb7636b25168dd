from board.models.boards import Board, PinnedBoard
from board.models.comments import Comment, CommentLike
from board.models.conversations import Conversation, Message, Participant
from board.models.media import PostMedia
from board.models.posts import Post, PostLike, Scrap
from board.models.search import PostGram

__all__ = [
    "Board",
    "Comment",
    "CommentLike",
    "Conversation",
    "Message",
    "Participant",
    "PinnedBoard",
    "Post",
    "PostGram",
    "PostLike",
    "PostMedia",
    "Scrap",
]
