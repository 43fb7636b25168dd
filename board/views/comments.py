from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import DuplicateText, Frozen, IdempotencyKeyReused
from accounts.permissions import MayWrite
from accounts.views.floods import RefusesRepeatsMixin
from accounts.views.idempotency import IdempotentCreateMixin
from api.views import GenericViewSet, UpdateModelMixin
from board import threads
from board.models import Comment, Post
from board.permissions import MayRead
from board.serializers.comments import (
    CommentSerializer,
    CommentUpdateSerializer,
    CommentWriteSerializer,
    ThreadSerializer,
)
from board.services import comments as services
from board.views.content import ContentViewSet


class CommentViewSet(
    mixins.RetrieveModelMixin,
    UpdateModelMixin,
    mixins.DestroyModelMixin,
    mixins.ListModelMixin,
    ContentViewSet,
):
    """Single comments by id; the list is of one's own, newest first."""

    queryset = Comment.objects.none()
    serializer_class = CommentSerializer
    lookup_value_converter = "int"
    write_serializer_classes = ContentViewSet.write_serializer_classes | {
        "partial_update": CommentUpdateSerializer
    }
    orderings = {"newest": ("-id",)}

    def get_queryset(self) -> QuerySet[Comment]:
        user = self.user
        comments = Comment.objects.visible_to(user).for_viewer(user).with_decision()
        comments = comments.select_related("author", "post__board")
        return comments.listed_for(user) if self.action == "list" else comments

    def perform_update(self, serializer: Any) -> Comment:
        return services.update_comment(comment=serializer.instance, changes=serializer.validated_data)

    def perform_destroy(self, instance: Comment) -> None:
        services.delete_comment(comment=instance)


COMMENT_EXAMPLE = {"content": "저도 그렇게 들었어요!", "parent": None, "is_anonymous": True}


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("write a comment", COMMENT_EXAMPLE, request_only=True)])
)
class PostCommentViewSet(RefusesRepeatsMixin, IdempotentCreateMixin, mixins.ListModelMixin, GenericViewSet):
    """The comments of a post: top comments, oldest first, with their replies nested.

    Each top comment brings at most 50 comments from below it. Where replies are missing, `replies_next`
    is the page on which they go on.
    """

    queryset = Comment.objects.none()
    serializer_class = ThreadSerializer
    write_serializer_class = CommentWriteSerializer
    default_permissions = (MayRead,)
    permissions_by_action = {"create": (MayWrite, MayRead)}
    raises = {"create": (IdempotencyKeyReused, DuplicateText, Frozen)}
    throttle_scopes = {"create": "comment"}
    invalidates = {"create": {"is_anonymous": ("anonymity_not_allowed",)}}

    def get_post(self) -> Post:
        """The post in the path; 404 unless one may see it."""
        posts = Post.objects.visible_to(self.user).select_related("board")
        post = get_object_or_404(posts, pk=self.kwargs["post_id"])
        self.check_object_permissions(self.request, post)
        return post

    def get_queryset(self) -> QuerySet[Comment]:
        comments = Comment.objects.shown().filter(post_id=self.kwargs["post_id"])
        return comments.for_viewer(self.user)

    def get_read_queryset(self) -> QuerySet[Comment]:
        """What a retry may be answered with: no placeholder."""
        return self.get_queryset().filter(deleted_at=None)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.post_of_path = self.get_post()

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset.filter(root=None).with_id_of_descendant(threads.DESCENDANTS_PER_THREAD)

    def paginate_queryset(self, queryset: Any) -> Any:
        comments: Any = super().paginate_queryset(queryset)
        threads.attach_descendants(comments, self.user)
        return comments

    def perform_create(self, serializer: BaseSerializer) -> Comment:
        fields = serializer.validated_data
        self.refuse_repeat("comment", fields["content"])
        return services.create_comment(user=self.user, post=self.post_of_path, **fields)


class ReplyViewSet(mixins.ListModelMixin, GenericViewSet):
    """The replies to one comment, oldest first, each with what is below it."""

    queryset = Comment.objects.none()
    serializer_class = ThreadSerializer
    default_permissions = (MayRead,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.comment = self.get_comment()

    def get_comment(self) -> Comment:
        """The comment in the path. A placeholder's replies can be read, as they can in the thread."""
        posts = Post.objects.visible_to(self.user).select_related("board")
        comment = get_object_or_404(Comment.objects.shown(), pk=self.kwargs["comment_id"])
        comment.post = get_object_or_404(posts, pk=comment.post_id)
        self.check_object_permissions(self.request, comment)
        return comment

    def get_queryset(self) -> QuerySet[Comment]:
        return Comment.objects.shown().filter(parent=self.comment).for_viewer(self.user)

    def paginate_queryset(self, queryset: Any) -> Any:
        replies: Any = super().paginate_queryset(queryset)
        if replies:
            threads.attach_below(replies, self.user)
        return replies
