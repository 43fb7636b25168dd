import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MaxLengthValidator, MinLengthValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.schools import School
from accounts.validators import validate_not_reserved
from api.fields import FoldedKeyField
from api.models import TimestampedModel
from api.text import validate_visible


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> "UserQuerySet":
        """The living users of one's school; all for staff."""
        living = self.filter(is_active=True)
        return living if user.is_staff else living.filter(school_id=user.school_id)

    def identified_by(self, identifier: str) -> "UserQuerySet":
        """The user who signs in with this username or e-mail address, if there is one."""
        if "@" in identifier:
            return self.filter(email_key=identifier)
        return self.filter(username=identifier)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates users with hashed passwords. `createsuperuser` makes an operator, who has no school."""

    def create_user(self, username: str, email: str, nickname: str, password: str, **fields: Any) -> "User":
        user: User = self.model(username=username, email=email, nickname=nickname, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str, nickname: str, password: str, **fields: Any
    ) -> "User":
        return self.create_user(
            username, email, nickname, password, **fields, is_staff=True, is_superuser=True
        )


class User(AbstractBaseUser, PermissionsMixin, TimestampedModel):
    """A person with an account. Others see id, nickname, picture and school, and nothing else.

    Username, e-mail and nickname are unique through a folded key: no second spelling of a taken name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = FoldedKeyField(
        _("username"),
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9_]{4,20}\Z", _("Use 4 to 20 small letters a-z, digits and underscores."))
        ],
    )
    email = models.EmailField(_("e-mail address"))
    email_key = FoldedKeyField(source="email", max_length=254, unique=True)
    nickname = models.CharField(
        _("nickname"),
        max_length=10,
        validators=[MinLengthValidator(2), MaxLengthValidator(10), validate_visible, validate_not_reserved],
    )
    # Compatibility forms can fold into more letters than were typed: ㈜ is three.
    nickname_key = FoldedKeyField(source="nickname", max_length=200, unique=True)
    nickname_changed_at = models.DateTimeField(_("nickname changed at"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=30, blank=True)
    admission_year = models.PositiveSmallIntegerField(_("admission year"), null=True, blank=True)
    school = models.ForeignKey(
        School, models.PROTECT, verbose_name=_("school"), related_name="users", null=True, blank=True
    )
    school_verified_at = models.DateTimeField(_("school verified at"), null=True, blank=True)
    # A keyed hash of the address that verified it: each verifies one living account.
    school_address_key = models.CharField(max_length=64, null=True, unique=True, editable=False)
    picture = models.ImageField(_("picture"), upload_to="pictures/", null=True, blank=True)
    terms_version = models.CharField(_("terms version"), max_length=20, blank=True)
    terms_agreed_at = models.DateTimeField(_("terms agreed at"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_moderator = models.BooleanField(_("moderator"), default=False)
    is_staff = models.BooleanField(_("staff"), default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email", "nickname"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(school__isnull=False) | Q(is_staff=True), name="user_has_school_unless_staff"
            ),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def is_verified(self) -> bool:
        """Whether the school is verified. Staff need none, and a setting can count everybody."""
        return (
            self.is_staff or self.school_verified_at is not None or not settings.REQUIRE_SCHOOL_VERIFICATION
        )

    @property
    def nickname_changeable_at(self) -> datetime | None:
        """When the nickname may change again; None when it never changed."""
        if self.nickname_changed_at is None:
            return None
        return self.nickname_changed_at + timedelta(days=settings.NICKNAME_CHANGE_DAYS)

    @property
    def binding_sanctions(self) -> Any:
        """The sanctions that bind this user now. None ever binds staff."""
        return self.sanctions.none() if self.is_staff else self.sanctions.living()

    def check_password(self, raw_password: str) -> bool:
        """Whether this is the password. Its hash is renewed if it is of an older kind.

        Django would save the renewed hash whatever the password has become meanwhile, and undo a reset.
        """

        def renew(raw_password: str) -> None:
            before, self.password = self.password, make_password(raw_password)
            User.objects.filter(pk=self.pk, password=before).update(password=self.password)

        return check_password(raw_password, self.password, renew)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's permissions are the operators': given to anybody else, they open nothing."""
        return self.is_staff and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and super().has_module_perms(app_label)

    def moderates(self, school_id: int | None) -> bool:
        """Whether this user decides about the content of a school: its moderators, and staff."""
        return self.is_staff or (self.is_moderator and self.school_id == school_id)
