from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import VerificationRequired
from accounts.models import School
from api.errors import invalid
from api.filters import BooleanFilter, FilterSet, InstantFilter, TermFilter, VisibleFilter
from api.walks import IdList
from board.models import Board, Comment, Post, PostLike, Scrap
from board.models.content import boards_of
from board.search import Term


class PostFilterSet(FilterSet):
    school = VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")
    board = VisibleFilter(visible=Board.objects.visible_to, method="on_board", label="The board.")
    category = django_filters.ChoiceFilter(
        method="in_category", choices=Board.Category.choices, label="The board's category."
    )
    search = TermFilter(
        method="with_term",
        label="Words: each must stand in the title or the text, as part of a word, and one must have two "
        "characters or more. Newest first only. A page may be short, or empty, and yet have a `next`. Staff "
        "give a `school` or a `board` too.",
    )
    hot = BooleanFilter(
        method="is_hot", label="HOT posts, the latest to become so first unless ordered; or all others."
    )
    best = BooleanFilter(
        method="is_best", label="The BEST, by half-years and likes unless ordered; or all others."
    )
    is_question = BooleanFilter(label="Questions, or all else.")
    mine = BooleanFilter(method="written_by_me", label="Posts one wrote, or all others.")
    commented = BooleanFilter(method="commented_by_me", label="Posts one commented on, or all others.")
    liked = BooleanFilter(method="liked_by_me", label="Posts one likes, or all others.")
    scrapped = BooleanFilter(method="kept_by_me", label="Posts one keeps, or all others.")
    created_after = InstantFilter(
        field_name="created_at", lookup_expr="gte", label="Written then or later (ISO 8601)."
    )
    created_before = InstantFilter(
        field_name="created_at", lookup_expr="lt", label="Written before then (ISO 8601)."
    )

    def on_board(self, posts: Any, name: str, board: Board) -> QuerySet:
        if not board.readable_by(self.request.user):
            raise VerificationRequired
        return posts.filter(board=board)

    def in_category(self, posts: Any, name: str, category: str) -> QuerySet:
        # The ids, and no join: see `boards_of`.
        boards = Board.objects.visible_to(self.request.user).filter(category=category)
        return posts.filter(board__in=list(boards.values_list("pk", flat=True)))

    def is_hot(self, posts: QuerySet, name: str, wanted: bool) -> QuerySet:
        hot = Q(hot_at__isnull=False) & ~boards_of(in_hot=False)
        return posts.filter(hot if wanted else ~hot)

    def is_best(self, posts: QuerySet, name: str, wanted: bool) -> QuerySet:
        return posts.filter(best_half__isnull=not wanted)

    def filter_queryset(self, posts: Any) -> Any:
        """What is walked anyway can be walked along its board as well."""
        posts = super().filter_queryset(posts)
        board: Board | None = self.form.cleaned_data.get("board")
        if board is None or not posts.id_lists:
            return posts
        return posts.standing_in(IdList(Post.objects.filter(board=board), "id"))

    def with_term(self, posts: Any, name: str, text: str) -> QuerySet:
        if self.request.query_params.get("ordering", "newest") != "newest":
            raise invalid("ordering", _("What is searched comes newest first."), "invalid_choice")
        return posts.with_term(Term(text), self.searched_school())

    def searched_school(self) -> int:
        """The one school whose posts are searched. Staff, who see all, must say which."""
        chosen = self.form.cleaned_data
        school = chosen["board"].school_id if chosen["board"] else chosen["school"] and chosen["school"].pk
        found = school or self.request.user.school_id
        if found is None:
            raise invalid("school", _("Say in which school or board to search."), "required")
        return found

    def written_by_me(self, posts: Any, name: str, wanted: bool) -> QuerySet:
        own: dict[str, Any] = {"author": self.request.user}
        if not wanted:
            return posts.exclude(**own)
        return posts.filter(**own).standing_in(IdList(Post.objects.filter(**own), "id"))

    def commented_by_me(self, posts: Any, name: str, wanted: bool) -> QuerySet:
        own = Comment.objects.filter(author=self.request.user)
        commented = Exists(own.filter(post=OuterRef("pk"), deleted_at=None))
        if not wanted:
            return posts.filter(~commented)
        return posts.filter(commented).standing_in(IdList(own, "post_id"))

    def liked_by_me(self, posts: Any, name: str, wanted: bool) -> QuerySet:
        return self.marked(posts.filter(is_liked=wanted), PostLike, wanted=wanted)

    def kept_by_me(self, posts: Any, name: str, wanted: bool) -> QuerySet:
        return self.marked(posts.filter(is_scrapped=wanted), Scrap, wanted=wanted)

    def marked(self, posts: Any, marks: type[PostLike] | type[Scrap], *, wanted: bool) -> QuerySet:
        if not wanted:
            return posts
        return posts.standing_in(IdList(marks._default_manager.filter(user=self.request.user), "post_id"))
