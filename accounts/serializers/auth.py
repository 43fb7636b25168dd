from rest_framework import serializers

from accounts.serializers.users import IN_A_COOKIE, MeSerializer
from api.serializers import BooleanField, CharField


class LoginSerializer(serializers.Serializer):
    username = CharField(max_length=254, help_text="The username, or the e-mail address.")
    password = CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})
    device = CharField(required=False, max_length=200, allow_blank=True)
    cookie = BooleanField(default=False, help_text=IN_A_COOKIE)


class LogoutSerializer(serializers.Serializer):
    refresh = CharField(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="Left out where the cookie has it.",
    )


class RefreshSerializer(LogoutSerializer):
    cookie = BooleanField(default=False, help_text=IN_A_COOKIE)


class TokenPairSerializer(serializers.Serializer):
    access = serializers.CharField(read_only=True, help_text="For 15 minutes, in `Authorization: Bearer …`.")
    refresh = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="For 30 days, once, at `auth/refresh/`. Null where the cookie has it.",
    )


class SignedInSerializer(TokenPairSerializer):
    user = MeSerializer(read_only=True)


class AvailabilitySerializer(serializers.Serializer):
    available = serializers.BooleanField(read_only=True)
