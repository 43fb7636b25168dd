from rest_framework import serializers

from accounts.serializers.fields import AddressField, PasswordField
from api.serializers import CharField


class CodeSerializer(serializers.Serializer):
    """The code that came by mail, with or without its hyphen, in small letters or large."""

    code = CharField(max_length=20)


class EmailChangeSerializer(serializers.Serializer):
    """The address that shall be the account's, and the password again."""

    email = AddressField()
    password = PasswordField()


class SchoolVerificationSerializer(serializers.Serializer):
    """An address at one of the school's `email_domains`."""

    email = AddressField()


class PasswordChangeSerializer(serializers.Serializer):
    password = PasswordField(help_text="The one before.")
    new_password = PasswordField()


class PasswordResetSerializer(serializers.Serializer):
    """The address of the account."""

    email = AddressField()


class PasswordResetConfirmSerializer(CodeSerializer):
    """The address, the code that came to it, and the password from now on."""

    email = AddressField()
    new_password = PasswordField()
