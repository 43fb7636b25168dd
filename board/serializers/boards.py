from typing import Any

from django.db.models import BigIntegerField
from django.utils.functional import cached_property
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import User
from accounts.serializers.schools import SchoolSerializer
from accounts.serializers.targets import VisibleUserField
from api.serializers import (
    IntegerField,
    ListField,
    ModelSerializer,
    NameField,
    TextField,
    VisibleRelatedField,
)
from api.targets import State
from board.models import Board, Post
from board.services.boards import MAX_PINS


class BoardBriefSerializer(ModelSerializer):
    """A board, as it stands inside a post."""

    class Meta:
        model = Board
        fields = ("id", "name", "category")
        read_only_fields = fields


class PostBriefSerializer(ModelSerializer):
    """A post, as it stands inside a board or a comment."""

    class Meta:
        model = Post
        fields = ("id", "title")
        read_only_fields = fields


class LatestPostSerializer(ModelSerializer):
    """The newest post on a board, of those that one sees in its list."""

    class Meta:
        model = Post
        fields = ("id", "title", "created_at")
        read_only_fields = fields


class ReceiverSerializer(ModelSerializer):
    """Whom a board is offered to."""

    class Meta:
        model = User
        fields = ("id", "nickname")
        read_only_fields = fields


class HandoverSerializer(serializers.Serializer):
    """An offer to manage a board, which waits for an answer."""

    to = ReceiverSerializer()
    is_mine = serializers.BooleanField(help_text="Whether it is offered to oneself.")


class BoardSerializer(ModelSerializer):
    """A board, and what the asker may do with it."""

    school = SchoolSerializer(read_only=True)
    category_display = serializers.CharField(source="get_category_display", read_only=True)
    anonymity_display = serializers.CharField(source="get_anonymity_display", read_only=True)
    notice = serializers.SerializerMethodField()
    latest_post = LatestPostSerializer(
        read_only=True,
        allow_null=True,
        help_text="The newest post that one sees there. Only in `?pinned=true`; null in every other answer.",
    )
    is_pinned = serializers.BooleanField(read_only=True)
    is_deleted = serializers.BooleanField(read_only=True)
    position = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Where one pinned it; null unless pinned."
    )
    can_write = serializers.SerializerMethodField()
    can_manage = serializers.SerializerMethodField()
    handover = serializers.SerializerMethodField()

    class Meta:
        model = Board
        fields = (
            "id",
            "school",
            "category",
            "category_display",
            "name",
            "description",
            "anonymity",
            "anonymity_display",
            "needs_verification",
            "in_hot",
            "notice",
            "last_post_at",
            "latest_post",
            "is_deleted",
            "is_pinned",
            "position",
            "can_write",
            "can_manage",
            "handover",
            "created_at",
        )
        read_only_fields = fields

    @extend_schema_field(PostBriefSerializer(allow_null=True))
    def get_notice(self, board: Board) -> Any:
        """The post above the list, or null."""
        notice = board.notice
        if notice is None or notice.state != State.LIVING or not board.readable_by(self.user):
            return None
        if board.hides_notice and not board.moderated_by(self.user):  # type: ignore[attr-defined]
            return None
        return {"id": notice.pk, "title": notice.title}

    def get_can_write(self, board: Board) -> bool:
        """Whether one may post here now."""
        return self.may_write and not board.is_deleted

    def get_can_manage(self, board: Board) -> bool:
        """Whether one may change the board and its notice."""
        return board.managed_by(self.user)

    @extend_schema_field(HandoverSerializer(allow_null=True))
    def get_handover(self, board: Board) -> Any:
        """To whom the board is offered: for who manages it and who can accept it; null for all others."""
        receiver = board.offered_to
        if receiver is None or not (receiver == self.user or board.managed_by(self.user)):
            return None
        return HandoverSerializer({"to": receiver, "is_mine": receiver == self.user}).data

    @cached_property
    def may_write(self) -> bool:
        """Asked once a list: it takes a query."""
        return self.user.is_verified and not self.user.binding_sanctions.exists()

    @property
    def user(self) -> Any:
        return self.context["request"].user


class BoardWriteSerializer(ModelSerializer):
    """What its manager sets of a board."""

    name = NameField(min_length=1, max_length=30)
    description = TextField(max_length=200, allow_blank=True, required=False)

    class Meta:
        model = Board
        fields = ("category", "name", "description", "anonymity", "needs_verification", "in_hot")


class PinOrderSerializer(serializers.Serializer):
    boards = ListField(
        child=IntegerField(min_value=0, max_value=BigIntegerField.MAX_BIGINT),
        max_length=MAX_PINS,
        help_text="The ids of the boards, in the order they shall have.",
    )

    def validate_boards(self, ids: list[int]) -> list[Board]:
        if len(set(ids)) != len(ids):
            raise serializers.ValidationError(gettext("A board stands here twice."), code="duplicate")
        boards = Board.objects.visible_to(self.context["request"].user).in_bulk(ids)
        missing: Any = {n: [missing_board()] for n, pk in enumerate(ids) if pk not in boards}
        if missing:
            raise serializers.ValidationError(missing)
        return [boards[pk] for pk in ids]


def missing_board() -> ErrorDetail:
    message = VisibleRelatedField.default_error_messages["does_not_exist"]
    return ErrorDetail(str(message), code="does_not_exist")


class PinSerializer(serializers.Serializer):
    is_pinned = serializers.BooleanField()
    position = serializers.IntegerField(allow_null=True)


class NoticeSerializer(serializers.Serializer):
    post = VisibleRelatedField(visible=Post.objects.visible_to)


class OfferSerializer(serializers.Serializer):
    """Whom to offer the board to."""

    user = VisibleUserField(help_text="Someone of the board's school.")
