from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import DuplicateText, Frozen, IdempotencyKeyReused
from accounts.permissions import MayWrite
from accounts.views.floods import RefusesRepeatsMixin
from accounts.views.idempotency import IdempotentCreateMixin
from api.views import ModelViewSet
from api.walks import WalkPagination
from board.exceptions import QuestionAnswered
from board.filters.posts import PostFilterSet
from board.models import Post
from board.permissions import MayRead
from board.serializers.posts import (
    PostDetailSerializer,
    PostSerializer,
    PostUpdateSerializer,
    PostWriteSerializer,
    ScrapSerializer,
)
from board.services import likes
from board.services import posts as services
from board.views.content import ContentViewSet

POST_EXAMPLE = {
    "board": 1,
    "title": "오늘 학식 메뉴 아시는 분?",
    "content": "돈까스라는 소문이 있던데요.",
    "is_anonymous": True,
}


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("write a post", POST_EXAMPLE, request_only=True)])
)
class PostViewSet(RefusesRepeatsMixin, IdempotentCreateMixin, ContentViewSet, ModelViewSet):
    """The posts of one's school, newest first.

    `hot=true` has what is HOT, the latest to become so first. `best=true` has the BEST: the newest half-year
    first, in it the most liked. `ordering=hot` puts what is new and liked first, of all posts.
    """

    queryset = Post.objects.none()
    serializer_class = PostDetailSerializer
    write_serializer_class = PostWriteSerializer
    write_serializer_classes = ContentViewSet.write_serializer_classes | {
        "partial_update": PostUpdateSerializer
    }
    filterset_class = PostFilterSet
    pagination_class = WalkPagination
    orderings = {
        "newest": ("-id",),
        "hot": ("-hot_rank", "-id"),
        "likes": ("-like_count", "-id"),
    }
    # Filters that bring an order of their own, unless `ordering` is given.
    feeds: ClassVar[dict[str, tuple[str, ...]]] = {
        "best": ("-best_half", "-like_count", "-id"),
        "hot": ("-hot_at", "-id"),
    }
    permissions_by_action = ContentViewSet.permissions_by_action | {"create": (MayWrite, MayRead)}
    raises = ContentViewSet.raises | {
        "create": (IdempotencyKeyReused, DuplicateText),
        "partial_update": (Frozen, QuestionAnswered),
        "destroy": (Frozen, QuestionAnswered),
        "scrap": (Frozen,),
        "unscrap": (Frozen,),
    }
    throttle_scopes = ContentViewSet.throttle_scopes | {"create": "post", "list": "search"}
    invalidates = {
        "list": {"search": ("min_length",), "school": ("required",)},
        "create": {
            "is_anonymous": ("anonymity_not_allowed",),
            "media": ("duplicate", "does_not_exist"),
        },
        "partial_update": {"media": ("duplicate", "does_not_exist")},
    }

    def get_queryset(self) -> QuerySet[Post]:
        posts = Post.objects.visible_to(self.user).for_viewer(self.user)
        if self.action == "list":
            return posts.listed_for(self.user).defer("content")
        return posts.with_decision().prefetch_related("media")

    def get_ordering(self) -> tuple[str, ...]:
        asked = self.request.query_params
        feeds = [order for name, order in self.feeds.items() if asked.get(name) == "true"]
        return feeds[0] if feeds and self.ordering_param not in asked else super().get_ordering()

    def get_walk(self, ordering: tuple[str, ...]) -> QuerySet | None:
        asked = self.request.query_params
        within = {"board": asked.get("board"), "school": self.user.school_id or asked.get("school")}
        names = [name.lstrip("-") for name in ordering]
        for field, pk in within.items():
            if pk and any(list(index.fields) == [field, *names] for index in Post._meta.indexes):
                return Post.objects.filter(**{field: pk})
        return None

    def get_throttles(self) -> list[Any]:
        """Only searching a list counts, and not reading it."""
        if self.action == "list" and "search" not in self.request.query_params:
            return []
        return super().get_throttles()

    def get_serializer_class(self) -> type[BaseSerializer]:
        return PostSerializer if self.action == "list" else PostDetailSerializer

    def perform_create(self, serializer: BaseSerializer) -> Post:
        fields = serializer.validated_data
        self.refuse_repeat("post", fields["title"], fields["content"])
        return services.create_post(user=self.user, **fields)

    def perform_update(self, serializer: Any) -> Post:
        return services.update_post(post=serializer.instance, changes=serializer.validated_data)

    def perform_destroy(self, instance: Post) -> None:
        services.delete_post(post=instance)

    @extend_schema(request=None, responses=ScrapSerializer)
    @action(detail=True, methods=["put"])
    def scrap(self, request: Request, pk: int) -> Response:
        """Keep a post. Keeping it again changes nothing."""
        return self.set_scrap(wanted=True)

    @extend_schema(responses={200: ScrapSerializer})
    @scrap.mapping.delete
    def unscrap(self, request: Request, pk: int) -> Response:
        """Keep a post no longer."""
        return self.set_scrap(wanted=False)

    def set_scrap(self, *, wanted: bool) -> Response:
        post = likes.scrap(user=self.user, post=self.get_object(), wanted=wanted)
        return Response({"is_scrapped": wanted, "scrap_count": post.scrap_count})
