from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import DuplicateText, Frozen, IdempotencyKeyReused
from accounts.permissions import IsAuthor, IsNotAuthor, MayWrite
from accounts.serializers.writing import LikeSerializer
from accounts.views.floods import RefusesRepeatsMixin
from accounts.views.idempotency import IdempotentCreateMixin
from api.views import ModelViewSet
from api.walks import WalkPagination
from timetable.exceptions import NotAttended
from timetable.filters.reviews import ReviewFilterSet
from timetable.models import Review
from timetable.serializers.reviews import ReviewSerializer, ReviewUpdateSerializer, ReviewWriteSerializer
from timetable.services import reviews as services

EXAMPLE = {
    "course": 1,
    "semester": 1,
    "rating": 4,
    "homework": "some",
    "teamwork": "none",
    "grading": "normal",
    "attendance": "electronic",
    "exams": 2,
    "content": "설명이 차분하고 예제가 많습니다. 과제는 격주로 나와요.",
}


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("review a course", EXAMPLE, request_only=True)])
)
class ReviewViewSet(RefusesRepeatsMixin, IdempotentCreateMixin, ModelViewSet):
    """What students say of courses, newest first; never who.

    Writing one takes having had a lecture of the course in a timetable of that semester, once it has begun.
    One writes one a course and semester: see `courses/?reviewable=true`.
    """

    queryset = Review.objects.none()
    serializer_class = ReviewSerializer
    write_serializer_class = ReviewWriteSerializer
    write_serializer_classes = {"partial_update": ReviewUpdateSerializer}
    filterset_class = ReviewFilterSet
    pagination_class = WalkPagination
    orderings = {"newest": ("-id",), "likes": ("-like_count", "-id")}
    permissions_by_action = {
        "create": (MayWrite,),
        "partial_update": (MayWrite, IsAuthor),
        "destroy": (IsAuthor,),
        "like": (MayWrite, IsNotAuthor),
        "unlike": (MayWrite, IsNotAuthor),
    }
    raises = {
        "create": (NotAttended, IdempotencyKeyReused, DuplicateText),
        "partial_update": (Frozen,),
        "destroy": (Frozen,),
        "like": (Frozen,),
        "unlike": (Frozen,),
    }
    invalidates = {"create": {"semester": ("unique",)}}
    throttle_scopes = {"create": "review", "like": "like", "unlike": "like"}

    def get_queryset(self) -> QuerySet[Review]:
        reviews = Review.objects.visible_to(self.user).for_viewer(self.user)
        return reviews.listed_for(self.user) if self.action == "list" else reviews

    def get_walk(self, ordering: tuple[str, ...]) -> QuerySet | None:
        """Along the course, or all of one's school."""
        course = self.request.query_params.get("course")
        if course is not None:
            return Review.objects.filter(course_id=int(course))
        return Review.objects.filter(school=self.user.school_id) if self.user.school_id else None

    def perform_create(self, serializer: BaseSerializer) -> Review:
        fields = serializer.validated_data
        self.refuse_repeat("review", fields["content"])
        return services.create_review(user=self.user, **fields)

    def perform_update(self, serializer: Any) -> Review:
        return services.update_review(review=serializer.instance, changes=serializer.validated_data)

    def perform_destroy(self, instance: Review) -> None:
        services.delete_review(review=instance)

    @extend_schema(request=None, responses=LikeSerializer)
    @action(detail=True, methods=["put"])
    def like(self, request: Request, pk: int) -> Response:
        """Like it. Liking it again changes nothing."""
        return self.set_like(wanted=True)

    @extend_schema(responses={200: LikeSerializer})
    @like.mapping.delete
    def unlike(self, request: Request, pk: int) -> Response:
        """Take one's like back."""
        return self.set_like(wanted=False)

    def set_like(self, *, wanted: bool) -> Response:
        review = services.like_review(user=self.user, review=self.get_object(), wanted=wanted)
        return Response({"is_liked": wanted, "like_count": review.like_count})
