from rest_framework import serializers

from accounts.models import Session
from api.serializers import ModelSerializer


class SessionSerializer(ModelSerializer):
    """A device that one is signed in on."""

    is_current = serializers.SerializerMethodField(help_text="Whether it is the one that asks.")

    class Meta:
        model = Session
        fields = ("id", "device", "address", "is_current", "last_used_at", "created_at")
        read_only_fields = fields
        extra_kwargs = {
            "device": {"help_text": "What the app called it, or its `User-Agent`; may be empty."},
            "address": {"help_text": "From where it signed in."},
            "last_used_at": {"help_text": "To five minutes."},
        }

    def get_is_current(self, session: Session) -> bool:
        return bool(session == self.context["request"].auth)
