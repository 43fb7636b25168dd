"""The operators' pages for boards and what stands on them.

Who wrote something anonymous is nowhere here: not shown, searched, filtered by, ordered by or linked.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import SchoolFilter, acts_on
from accounts.models import Reason
from api.admin import Admin, NamedForm, NameField, ReadOnlyAdmin
from api.targets import State
from board.authors import author_of
from board.exceptions import AnonymityLocked
from board.models import Board, Comment, Post
from board.services import hiding
from board.services.boards import delete_board, update_board


class BoardForm(NamedForm):
    class Meta:
        model = Board
        fields = (
            "school",
            "category",
            "name",
            "description",
            "anonymity",
            "needs_verification",
            "in_hot",
            "manager",
        )
        field_classes = {"name": NameField}

    @property
    def school_id(self) -> int | None:
        school = self.cleaned_data.get("school")
        return school.pk if school else self.instance.school_id

    def rivals(self) -> QuerySet[Board]:
        return super().rivals().filter(school=self.school_id)

    def clean_anonymity(self) -> str:
        anonymity: str = self.cleaned_data["anonymity"]
        if self.instance.pk and not self.instance.may_become(anonymity):
            raise ValidationError(AnonymityLocked.default_detail, code=AnonymityLocked.default_code)
        return anonymity

    def clean_manager(self) -> Any:
        manager = self.cleaned_data["manager"]
        if manager is not None and self.school_id not in (manager.school_id, None):
            raise ValidationError(_("The manager must be of the board's school."), code="other_school")
        return manager


@admin.register(Board)
class BoardAdmin(Admin):
    form = BoardForm
    list_display = ("name", "school", "category", "anonymity", "manager", "last_post_at", "deleted_at")
    list_filter = (
        "category",
        "anonymity",
        ("deleted_at", admin.EmptyFieldListFilter),
        ("school", SchoolFilter),
    )
    list_select_related = ("school", "manager")
    search_fields = ("name", "description")
    autocomplete_fields = ("school", "manager")
    fields = (*BoardForm.Meta.fields, "notice", "last_post_at", "deleted_at", "created_at")
    readonly_fields = ("notice", "last_post_at", "deleted_at", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Board | None = None) -> tuple[str, ...]:
        # Its posts have a copy of the school.
        return self.readonly_fields if obj is None else ("school", *self.readonly_fields)

    def has_change_permission(self, request: HttpRequest, obj: Board | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_deleted)

    def has_delete_permission(self, request: HttpRequest, obj: Board | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_deleted)

    def save_model(self, request: HttpRequest, obj: Board, form: BoardForm, change: bool) -> None:
        """Save what the form changed and nothing else: posts and notices come meanwhile."""
        if change:
            changes = {attr: form.cleaned_data[attr] for attr in form.changed_data}
            update_board(user=request.user, board=obj, changes=changes)  # type: ignore[arg-type]
        else:
            super().save_model(request, obj, form, change)

    # Deleting is the service's: the row and its posts stay, so there is nothing else to list or refuse.

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [str(board) for board in objs], {self.opts.verbose_name_plural: len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Board) -> None:
        delete_board(user=request.user, board=obj)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Board]) -> None:
        for board in queryset:
            self.delete_model(request, board)


class HidingForm(ActionForm):
    reason = forms.ChoiceField(
        label=_("Reason:"), choices=[("", "---------"), *Reason.choices], required=False
    )


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(state.value, state.label) for state in (State.LIVING, State.HIDDEN)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(hidden_at__isnull=self.value() != State.HIDDEN)


class ContentAdmin(ReadOnlyAdmin):
    """What people wrote: to be read, and with the permission to change it, hidden and shown again."""

    ordering = ("-id",)
    action_form = HidingForm
    actions = ("hide", "restore")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]

    def has_hide_permission(self, request: HttpRequest) -> bool:
        """Whoever holds Django's permission to change this; only the text is nobody's to change."""
        return request.user.has_perm(f"board.change_{self.opts.model_name}")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The audit log, which has what was done through the API too."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(acts_on(hiding.KINDS[self.model], object_id))

    @admin.display(description=_("author"))
    def shown_author(self, content: Any) -> str:
        """The author as every reader sees them. No column to order by."""
        return author_of(content)["display_name"]

    @admin.display(description=_("state"))
    def shown_state(self, content: Any) -> str:
        return content.state.label

    def of_others(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        """Nobody decides about what they wrote themselves."""
        return [content for content in queryset if not content.is_written_by(request.user)]

    @admin.action(description=_("Hide, for the reason chosen"), permissions=["hide"])
    def hide(self, request: HttpRequest, queryset: QuerySet) -> None:
        reason = request.POST.get("reason")
        if not reason:
            self.message_user(request, _("Choose a reason."), messages.ERROR)
            return
        contents = self.of_others(request, queryset.filter(hidden_at=None))
        for content in contents:
            hiding.hide(user=request.user, content=content, reason=reason)  # type: ignore[arg-type]
        self.message_user(request, gettext("Hidden: %(count)d") % {"count": len(contents)}, messages.SUCCESS)

    @admin.action(description=_("Show again"), permissions=["hide"])
    def restore(self, request: HttpRequest, queryset: QuerySet) -> None:
        contents = self.of_others(request, queryset.exclude(hidden_at=None))
        for content in contents:
            hiding.restore(user=request.user, content=content)  # type: ignore[arg-type]
        self.message_user(
            request, gettext("Shown again: %(count)d") % {"count": len(contents)}, messages.SUCCESS
        )


@admin.register(Post)
class PostAdmin(ContentAdmin):
    list_display = (
        "title",
        "board",
        "shown_author",
        "shown_state",
        "like_count",
        "comment_count",
        "created_at",
    )
    list_filter = (StateFilter, "hidden_reason", "is_anonymous", "is_question", ("school", SchoolFilter))
    list_select_related = ("board", "author")
    search_fields = ("title", "content")
    fields = (
        "title",
        "content",
        "pictures",
        "board",
        "school",
        "shown_author",
        "is_anonymous",
        "is_question",
        "like_count",
        "comment_count",
        "scrap_count",
        "hot_at",
        "created_at",
        "edited_at",
        "shown_state",
        "hidden_at",
        "hidden_by",
        "hidden_reason",
    )
    readonly_fields = fields

    @admin.display(description=_("pictures"))
    def pictures(self, post: Post) -> str:
        """The thumbnails, each with its caption; never who uploaded them."""
        shown = ((media.thumbnail.url, media.caption, media.caption) for media in post.media.all())
        return format_html_join(
            "", '<figure><img src="{}" alt="{}"><figcaption>{}</figcaption></figure>', shown
        )


@admin.register(Comment)
class CommentAdmin(ContentAdmin):
    list_display = ("__str__", "post", "shown_author", "shown_state", "like_count", "created_at")
    list_filter = (StateFilter, "hidden_reason", "is_anonymous", ("post__school", SchoolFilter))
    list_select_related = ("post", "author")
    search_fields = ("content",)
    fields = (
        "content",
        "post",
        "answered",
        "shown_author",
        "is_anonymous",
        "like_count",
        "created_at",
        "edited_at",
        "shown_state",
        "hidden_at",
        "hidden_by",
        "hidden_reason",
    )
    readonly_fields = fields

    @admin.display(description=_("parent"))
    def answered(self, comment: Comment) -> str:
        """What a reply answers, unless its author deleted it: then it is gone for operators too."""
        parent = comment.parent
        if parent is None:
            return self.get_empty_value_display()
        return str(State.DELETED.label) if parent.state == State.DELETED else parent.content
