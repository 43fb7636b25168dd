from rest_framework import serializers

from accounts.serializers.users import MeSerializer
from api.serializers import CharField


class LoginSerializer(serializers.Serializer):
    username = CharField(max_length=254, help_text="The username, or the e-mail address.")
    password = CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})
    device = CharField(required=False, max_length=200, allow_blank=True)


class RefreshSerializer(serializers.Serializer):
    refresh = CharField(required=False, allow_blank=True, max_length=2000)


class TokenPairSerializer(serializers.Serializer):
    access = serializers.CharField(read_only=True, help_text="For 15 minutes, in `Authorization: Bearer …`.")
    refresh = serializers.CharField(read_only=True, help_text="For 30 days, once, at `auth/refresh/`.")


class SignedInSerializer(TokenPairSerializer):
    user = MeSerializer(read_only=True)


class AvailabilitySerializer(serializers.Serializer):
    available = serializers.BooleanField(read_only=True)
