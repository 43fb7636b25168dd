from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from rest_framework import serializers

from accounts.models import School, User
from accounts.serializers.fields import AddressField, PasswordField
from accounts.serializers.sanctions import OwnSanctionSerializer
from accounts.serializers.schools import SchoolSerializer
from accounts.validators import refuse_weak_password, validate_not_reserved
from api.serializers import (
    BooleanField,
    CharField,
    IntegerField,
    ModelSerializer,
    NameField,
    UploadField,
    VisibleRelatedField,
)

FIRST_ADMISSION_YEAR = 1945
IN_A_COOKIE = "For pages in a browser: the refresh token goes into a cookie that no script can read."


def validate_admission_year(value: int) -> None:
    """From the first modern intake to next spring's."""
    if not FIRST_ADMISSION_YEAR <= value <= timezone.localdate().year + 1:
        raise serializers.ValidationError(gettext("This is no year of admission."), code="out_of_range")


class NicknameField(NameField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=2, max_length=10, **kwargs)
        self.validators.append(validate_not_reserved)


class UserSerializer(ModelSerializer):
    """What anybody of the school sees of a user."""

    school = SchoolSerializer(read_only=True, allow_null=True)
    picture = serializers.ImageField(read_only=True, allow_null=True)

    class Meta:
        model = User
        fields: tuple[str, ...] = ("id", "nickname", "picture", "school")
        read_only_fields = fields


class MeSerializer(UserSerializer):
    """What one sees of oneself."""

    is_verified = serializers.BooleanField(read_only=True)
    nickname_changeable_at = serializers.DateTimeField(read_only=True, allow_null=True)
    sanctions = OwnSanctionSerializer(source="binding_sanctions", many=True, read_only=True)

    class Meta(UserSerializer.Meta):
        fields = (
            *UserSerializer.Meta.fields,
            "username",
            "email",
            "name",
            "admission_year",
            "is_verified",
            "school_verified_at",
            "nickname_changeable_at",
            "terms_version",
            "terms_agreed_at",
            "is_moderator",
            "is_staff",
            "sanctions",
            "created_at",
        )
        read_only_fields = fields


class MeWriteSerializer(serializers.Serializer):
    """What one can change of oneself."""

    nickname = NicknameField(required=False)
    name = NameField(required=False, max_length=30, allow_blank=True)
    admission_year = IntegerField(required=False, validators=[validate_admission_year])
    school = VisibleRelatedField(visible=School.objects.visible_to, required=False)


class PictureSerializer(serializers.Serializer):
    """A picture to be stored: a JPEG, PNG, WebP or GIF of at most 10 MiB and 40 megapixels."""

    image = UploadField()


class SignUpSerializer(serializers.Serializer):
    username = CharField(
        min_length=4,
        max_length=20,
        trim_whitespace=False,
        validators=User._meta.get_field("username").validators[:1],
    )
    email = AddressField()
    password = PasswordField()
    nickname = NicknameField()
    school = VisibleRelatedField(visible=School.objects.visible_to)
    admission_year = IntegerField(validators=[validate_admission_year])
    name = NameField(required=False, max_length=30, allow_blank=True)
    device = CharField(required=False, max_length=200, allow_blank=True)
    cookie = BooleanField(default=False, help_text=IN_A_COOKIE)
    terms_version = CharField(required=False, max_length=20, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        described = User(**{name: attrs[name] for name in ("username", "email", "nickname")})
        refuse_weak_password(attrs["password"], described, attr="password")
        return attrs
