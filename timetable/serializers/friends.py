from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from accounts.serializers.users import UserSerializer
from api.errors import NOTHING_THERE
from api.serializers import CharField, ModelSerializer, NameField
from timetable.models import FriendInvitation, Friendship
from timetable.models.friends import MAX_DISPLAY_NAME, Direction, mates
from timetable.serializers.semesters import SemesterBriefSerializer
from timetable.serializers.timetables import SharedTimetableSerializer


class FriendshipSerializer(ModelSerializer):
    """Another person, and what there is between them and the asker."""

    user = serializers.SerializerMethodField()

    @extend_schema_field(UserSerializer)
    def get_user(self, friendship: Friendship) -> Any:
        """The other of the two people."""
        return UserSerializer(friendship.other(self.viewer), context=self.context).data

    @property
    def viewer(self) -> User:
        return self.context["request"].user


class FriendSerializer(FriendshipSerializer):
    """A friend."""

    display_name = serializers.SerializerMethodField()
    accepted_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = Friendship
        fields = ("user", "display_name", "accepted_at")
        read_only_fields = fields

    def get_display_name(self, friendship: Friendship) -> str:
        """What one calls them, seen by nobody else; the nickname until one chooses something."""
        return friendship.display_name(self.viewer)


class FriendUpdateSerializer(serializers.Serializer):
    """What to call a friend. Empty, it is the nickname again."""

    display_name = NameField(max_length=MAX_DISPLAY_NAME, allow_blank=True, required=False)


class FriendRequestSerializer(FriendshipSerializer):
    """A friend request that one received or sent.

    `accepted_at` is null while it waits for an answer. It is set where sending one answered the other's.
    """

    direction = serializers.SerializerMethodField()

    class Meta:
        model = Friendship
        fields = ("id", "direction", "user", "accepted_at", "created_at")
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(Direction.choices))
    def get_direction(self, friendship: Friendship) -> str:
        return friendship.direction(self.viewer)


class FriendRequestWriteSerializer(serializers.Serializer):
    """Whom to ask: somebody of one's own school."""

    username = CharField(max_length=20)

    def validate_username(self, username: str) -> User:
        user = self.context["request"].user
        found = mates(user).filter(username=username).first()
        if found is None:
            raise serializers.ValidationError(NOTHING_THERE, code="does_not_exist")
        if found == user:
            raise serializers.ValidationError(gettext("This is you."), code="oneself")
        return found


class FriendInvitationSerializer(ModelSerializer):
    """A link by which people of one's school become one's friends, until it expires or is taken back."""

    expires_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = FriendInvitation
        fields: tuple[str, ...] = ("id", "created_at", "expires_at")
        read_only_fields = fields


class NewFriendInvitationSerializer(FriendInvitationSerializer):
    token = serializers.CharField(
        read_only=True,
        help_text="Of the link, `friend-invitations/{token}/accept/`. It is told this once.",
    )

    class Meta(FriendInvitationSerializer.Meta):
        fields = (*FriendInvitationSerializer.Meta.fields, "token")
        read_only_fields = fields


class FriendTimetableSerializer(SharedTimetableSerializer):
    """A friend's timetable: without memos, grades and the link."""

    is_primary = serializers.BooleanField(read_only=True)

    class Meta(SharedTimetableSerializer.Meta):
        fields = ("id", "semester", "name", "is_primary", "theme", "total_credit", "entries")
        read_only_fields = fields


class TimetableNameSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ComparedPersonSerializer(serializers.Serializer):
    """Oneself, who comes first, or a friend."""

    user = UserSerializer()
    display_name = serializers.CharField()
    timetable = TimetableNameSerializer(
        allow_null=True,
        help_text="The primary one of the semester. Null where there is none, or one may not see it: it is "
        "not known then when this person is free, and the windows do not look at them.",
    )


class WindowSerializer(serializers.Serializer):
    """A part of a weekday, in minutes since midnight, the end not included."""

    weekday = serializers.IntegerField(help_text="1, Monday, to 7 (ISO 8601).")
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class BusySpanSerializer(WindowSerializer):
    """A part of a weekday in which the same people are in class."""

    users = serializers.ListField(source="people", child=serializers.UUIDField())


class FreeTimeSerializer(serializers.Serializer):
    """When some people are free together, and who is in class when."""

    semester = SemesterBriefSerializer()
    week = serializers.IntegerField(allow_null=True, help_text="Null for all weeks.")
    people = ComparedPersonSerializer(many=True)
    windows = WindowSerializer(many=True, help_text="When everybody whose timetable is known is free.")
    busy = BusySpanSerializer(many=True, help_text="When somebody is not, in the same order.")
