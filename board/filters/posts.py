from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.exceptions import VerificationRequired
from accounts.models import School
from api.filters import BooleanFilter, FilterSet, InstantFilter, SearchFilter, VisibleFilter
from board.models import Board, Comment
from board.models.content import boards_of


class PostFilterSet(FilterSet):
    school = VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")
    board = VisibleFilter(visible=Board.objects.visible_to, method="on_board", label="The board.")
    category = django_filters.ChoiceFilter(
        method="in_category", choices=Board.Category.choices, label="The board's category."
    )
    search = SearchFilter(fields=("title", "content"), label="Part of the title or the text.")
    hot = BooleanFilter(
        method="is_hot", label="HOT posts, the latest to become so first unless ordered; or all others."
    )
    best = BooleanFilter(
        method="is_best", label="The BEST, by half-years and likes unless ordered; or all others."
    )
    is_question = BooleanFilter(label="Questions, or all else.")
    mine = BooleanFilter(method="written_by_me", label="Posts one wrote, or all others.")
    commented = BooleanFilter(method="commented_by_me", label="Posts one commented on, or all others.")
    liked = BooleanFilter(field_name="is_liked", label="Posts one likes, or all others.")
    scrapped = BooleanFilter(field_name="is_scrapped", label="Posts one keeps, or all others.")
    created_after = InstantFilter(
        field_name="created_at", lookup_expr="gte", label="Written then or later (ISO 8601)."
    )
    created_before = InstantFilter(
        field_name="created_at", lookup_expr="lt", label="Written before then (ISO 8601)."
    )

    def on_board(self, posts: QuerySet, name: str, board: Board) -> QuerySet:
        if not board.readable_by(self.request.user):
            raise VerificationRequired
        return posts.filter(board=board)

    def in_category(self, posts: QuerySet, name: str, category: str) -> QuerySet:
        # The ids, and no join: see `boards_of`.
        boards = Board.objects.visible_to(self.request.user).filter(category=category)
        return posts.filter(board__in=list(boards.values_list("pk", flat=True)))

    def is_hot(self, posts: QuerySet, name: str, wanted: bool) -> QuerySet:
        hot = Q(hot_at__isnull=False) & ~boards_of(in_hot=False)
        return posts.filter(hot if wanted else ~hot)

    def is_best(self, posts: QuerySet, name: str, wanted: bool) -> QuerySet:
        return posts.filter(best_half__isnull=not wanted)

    def written_by_me(self, posts: QuerySet, name: str, wanted: bool) -> QuerySet:
        own: dict[str, Any] = {"author": self.request.user}
        return posts.filter(**own) if wanted else posts.exclude(**own)

    def commented_by_me(self, posts: QuerySet, name: str, wanted: bool) -> QuerySet:
        commented = Exists(
            Comment.objects.filter(post=OuterRef("pk"), author=self.request.user, deleted_at=None)
        )
        return posts.filter(commented if wanted else ~commented)
