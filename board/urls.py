from rest_framework.routers import DefaultRouter

from board.views.boards import BoardViewSet
from board.views.comments import CommentViewSet, PostCommentViewSet, ReplyViewSet
from board.views.conversations import ConversationViewSet
from board.views.media import MediaViewSet
from board.views.messages import MessageViewSet
from board.views.posts import PostViewSet

router = DefaultRouter(use_regex_path=False)
router.register("boards", BoardViewSet, basename="board")
router.register("posts", PostViewSet, basename="post")
router.register("posts/<int:post_id>/comments", PostCommentViewSet, basename="post-comment")
router.register("comments", CommentViewSet, basename="comment")
router.register("comments/<int:comment_id>/replies", ReplyViewSet, basename="reply")
router.register("media", MediaViewSet, basename="media")
router.register("conversations", ConversationViewSet, basename="conversation")
router.register("messages", MessageViewSet, basename="message")
