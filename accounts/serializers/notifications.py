from typing import Any

from rest_framework import serializers

from accounts.models import Notification
from accounts.serializers.authors import AuthorSerializer
from api import notifications
from api.serializers import BooleanField, ModelSerializer


class NotificationTargetSerializer(serializers.Serializer):
    """What a notification is about. The ids that are not null say what to open."""

    kind = serializers.ChoiceField([(kind, kind) for kind in notifications.target_kinds()])
    id = serializers.IntegerField()
    post = serializers.IntegerField(allow_null=True)
    comment = serializers.IntegerField(
        allow_null=True, help_text="The newest comment or reply, or the one that was decided about."
    )
    conversation = serializers.IntegerField(allow_null=True)
    board = serializers.IntegerField(allow_null=True)
    exam_note = serializers.IntegerField(allow_null=True)
    review = serializers.IntegerField(allow_null=True)
    lecture = serializers.IntegerField(allow_null=True)
    friend_request = serializers.IntegerField(allow_null=True)
    session = serializers.UUIDField(
        allow_null=True, help_text="The device that signed in, to end it; null once it has ended."
    )

    def to_representation(self, row: Any) -> dict[str, Any]:
        target = dict.fromkeys(self.fields) | {"kind": row.target_kind, "id": row.target_id}
        return target | row.telling.where


class NotificationSerializer(ModelSerializer):
    """What one is told: once a kind and target, for all the news since one last read it."""

    kind = serializers.ChoiceField(
        [(kind.kind, kind.label) for kind in notifications.kinds().values()], read_only=True
    )
    kind_display = serializers.SerializerMethodField()
    text = serializers.CharField(
        source="telling.text", read_only=True, help_text="A sentence in the reader's language."
    )
    excerpt = serializers.CharField(
        source="telling.excerpt", read_only=True, help_text="How the newest begins; may be empty."
    )
    author = AuthorSerializer(
        source="telling.author",
        read_only=True,
        allow_null=True,
        help_text="Who wrote the newest, as readers see them; null where nobody did.",
    )
    others = serializers.IntegerField(
        source="telling.others",
        read_only=True,
        help_text="How many further names and labels there are: 익명1 and 익명2 are two, whoever they are.",
    )
    target = NotificationTargetSerializer(source="*", read_only=True)
    is_read = serializers.BooleanField(read_only=True)

    class Meta:
        model = Notification
        fields = (
            "id",
            "kind",
            "kind_display",
            "text",
            "excerpt",
            "author",
            "others",
            "target",
            "is_read",
            "at",
        )
        read_only_fields = fields

    def get_kind_display(self, row: Notification) -> str:
        return str(notifications.kinds()[row.kind].label)


class MarkReadSerializer(serializers.Serializer):
    """Up to when: the `at` of the newest notification one has seen. Left out, everything is read.

    With it, what arrived since the page was loaded stays unread.
    """

    until = serializers.DateTimeField(required=False)


class UnreadNotificationsSerializer(serializers.Serializer):
    unread_count = serializers.IntegerField()


class NotificationSettingsSerializer(serializers.Serializer):
    """Each kind, and whether one is told of it. Those left out stay as they are."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {
            kind.kind: BooleanField(required=False, help_text=kind.label)
            for kind in notifications.kinds().values()
        }
