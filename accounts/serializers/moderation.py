"""Cases, what is decided about them, the audit log, and unmasking."""

from rest_framework import serializers

from accounts.models import AuditLog, ModerationCase, Reason, User
from accounts.serializers.authors import AuthorSerializer
from accounts.serializers.sanctions import (
    ModeratorSerializer,
    SanctionTermsSerializer,
    SchoolNameSerializer,
)
from accounts.serializers.targets import TargetKindField
from api.serializers import ChoiceField, IntegerField, ModelSerializer, TextField
from api.targets import State


class CaseSerializer(ModelSerializer):
    """What people reported, as it stood and as it stands. Who reported it is told to nobody.

    The reports counted are those since the case was opened, or opened anew.
    """

    target_kind = serializers.CharField(read_only=True)
    school = SchoolNameSerializer(read_only=True)
    author = AuthorSerializer(read_only=True, allow_null=True, help_text="As readers see the author.")
    target_state = serializers.ChoiceField(State.choices, read_only=True)
    snapshot = serializers.DictField(
        read_only=True, help_text="The text and what stood around it, when it was first reported."
    )
    edited_text = serializers.DictField(
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="The text as it stands, where its author changed it since; else null.",
    )
    report_count = serializers.IntegerField(read_only=True, help_text="Those that do not count included.")
    reasons = serializers.DictField(
        child=serializers.IntegerField(), read_only=True, help_text="How many reports give each reason."
    )
    state_display = serializers.CharField(source="get_state_display", read_only=True)
    decided_by = ModeratorSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ModerationCase
        fields: tuple[str, ...] = (
            "id",
            "target_kind",
            "target_id",
            "school",
            "author",
            "target_state",
            "snapshot",
            "edited_text",
            "counted_reports",
            "report_count",
            "reasons",
            "state",
            "state_display",
            "decided_by",
            "decided_at",
            "note",
            "opened_at",
        )
        read_only_fields = fields


class CaseDetailSerializer(CaseSerializer):
    """A case, with what people wrote when they reported."""

    notes = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="The notes of the reports, oldest first."
    )

    class Meta(CaseSerializer.Meta):
        fields = (*CaseSerializer.Meta.fields, "notes")
        read_only_fields = fields


class DismissSerializer(serializers.Serializer):
    note = TextField(
        max_length=500, help_text="Shown to those who reported, and to the author where it is upheld."
    )


class UpholdSerializer(DismissSerializer):
    reason = ChoiceField(
        Reason.choices, required=False, help_text="Left out, it is the one most reports give."
    )
    sanction = SanctionTermsSerializer(required=False, help_text="Of whoever wrote it.")


class AuditLogSerializer(ModelSerializer):
    """An act on what somebody else made."""

    actor = ModeratorSerializer(read_only=True, allow_null=True)
    school = SchoolNameSerializer(read_only=True, allow_null=True)
    act_display = serializers.CharField(source="get_act_display", read_only=True)
    target_id = serializers.CharField(read_only=True, help_text="A number; the UUID of a user.")

    class Meta:
        model = AuditLog
        fields = (
            "id",
            "actor",
            "school",
            "act",
            "act_display",
            "target_kind",
            "target_id",
            "reason",
            "created_at",
        )
        read_only_fields = fields


class UnmaskWriteSerializer(serializers.Serializer):
    target_kind = TargetKindField()
    target_id = IntegerField()
    reason = TextField(max_length=500)


class UnmaskedUserSerializer(ModelSerializer):
    school = SchoolNameSerializer(read_only=True, allow_null=True)

    class Meta:
        model = User
        fields = ("id", "username", "nickname", "name", "email", "school")
        read_only_fields = fields


class UnmaskedSerializer(serializers.Serializer):
    """Who wrote it; null where they have withdrawn."""

    user = UnmaskedUserSerializer(read_only=True, allow_null=True)
