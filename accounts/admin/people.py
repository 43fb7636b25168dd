"""The operators' pages for schools and people."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm, UsernameField
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import EmailDomain, School, Session, User
from accounts.services.sanctions import bind_newcomer
from accounts.services.schools import is_domain
from accounts.services.sessions import end_sessions
from accounts.services.users import UNIQUE_KEYS
from api.admin import Admin, NamedForm, NameField, ReadOnlyAdmin


class SchoolFilter(admin.RelatedFieldListFilter):
    """By school, of those that have people: an installation knows 200 schools and may serve one."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        inhabited = Q(Exists(User.objects.filter(school=OuterRef("pk"))))
        return field.get_choices(include_blank=False, limit_choices_to=inhabited)


class EmailDomainForm(forms.ModelForm):
    class Meta:
        model = EmailDomain
        fields = ("domain",)

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].lower()
        if not is_domain(domain):
            raise ValidationError(_("Give a domain such as hongik.ac.kr."), code="invalid")
        return domain


@admin.register(EmailDomain)
class EmailDomainAdmin(Admin):
    form = EmailDomainForm
    search_fields = ("domain",)


class SchoolForm(NamedForm):
    class Meta:
        model = School
        fields = ("name", "region", "email_domains", "is_active")
        field_classes = {"name": NameField, "region": NameField}


@admin.register(School)
class SchoolAdmin(Admin):
    """A school is closed by making it inactive: people and boards belong to it for good."""

    form = SchoolForm
    list_display = ("name", "region", "is_active")
    list_filter = ("is_active", "region")
    search_fields = ("name_key",)
    autocomplete_fields = ("email_domains",)

    def has_delete_permission(self, request: HttpRequest, obj: School | None = None) -> bool:
        return False


class UserForm(NamedForm, UserChangeForm):
    folded_keys = {attr: key for attr, key in UNIQUE_KEYS.items() if attr != key}

    class Meta:
        model = User
        fields = ("username", "email", "nickname", "name", "school", "is_staff")
        field_classes = {"username": UsernameField, "nickname": NameField, "name": NameField}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # A field that is read-only on this page is not in the form: the row has its value.
        is_staff = self.cleaned_data.get("is_staff", self.instance.is_staff)
        school = self.cleaned_data.get("school", self.instance.school)
        if not (is_staff or school or "school" in self.errors):
            self.add_error(
                "school", ValidationError(_("Everybody but staff belongs to a school."), code="required")
            )
        return cleaned


class NewUserForm(UserForm, BaseUserCreationForm):
    """With the password twice, which is stored hashed."""

    # The change form's, which shows the stored hash.
    password = None  # type: ignore[assignment]


@admin.register(User)
class UserAdmin(Admin, DjangoUserAdmin):
    """People's accounts. Nothing here says what anybody wrote.

    There is no deleting: withdrawing has rules of its own, and Django's page would first list what hangs
    on the account. To shut somebody out, make the account inactive.
    """

    form = UserForm
    add_form = NewUserForm
    list_display = (
        "username",
        "nickname",
        "email",
        "school",
        "is_active",
        "is_moderator",
        "is_staff",
    )
    list_filter = (
        "is_active",
        "is_moderator",
        "is_staff",
        ("school_verified_at", admin.EmptyFieldListFilter),
        ("school", SchoolFilter),
    )
    list_select_related = ("school",)
    search_fields = ("username", "nickname_key", "email_key")
    ordering = ("-created_at",)
    autocomplete_fields = ("school",)
    readonly_fields = (
        "nickname_changed_at",
        "terms_version",
        "terms_agreed_at",
        "created_at",
        "last_login",
    )
    # What makes an operator, or more of one.
    powers = ("is_staff", "is_superuser", "groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("username", "password", "email", "nickname", "name", "admission_year")}),
        (_("School"), {"fields": ("school", "school_verified_at", "is_moderator")}),
        (_("Permissions"), {"fields": ("is_active", *powers)}),
        (
            _("Dates"),
            {
                "fields": (
                    "created_at",
                    "last_login",
                    "nickname_changed_at",
                    "terms_version",
                    "terms_agreed_at",
                )
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "email",
                    "nickname",
                    "name",
                    "admission_year",
                    "school",
                    "is_moderator",
                    "is_staff",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only superusers give powers.

        A school, once there, stays: a change is refused to who has written something, and an operator who
        could try would learn of it.
        """
        fixed = tuple(super().get_readonly_fields(request, obj))
        if not request.user.is_superuser:
            fixed += self.powers
        return (*fixed, "school") if obj is not None and obj.school_id is not None else fixed

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Another operator's account is for superusers: whoever sets its password has its powers."""
        if obj is not None and obj.is_staff and obj != request.user and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.school_verified_at is not None and "school_verified_at" in form.changed_data:
            bind_newcomer(user=obj)
        if change and not obj.is_active:
            end_sessions(user=obj, reason=Session.RevokedReason.BY_OPERATOR)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            end_sessions(user=User.objects.get(pk=id), reason=Session.RevokedReason.BY_OPERATOR)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(Admin, DjangoGroupAdmin):
    """Django's own, closed as ours are."""


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ("device", "user", "address", "last_used_at", "created_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "revoked_reason")
    list_select_related = ("user",)
    search_fields = ("user__username", "device", "address")
    # Not the ids of its tokens.
    fields = ("user", "device", "address", "created_at", "last_used_at", "revoked_at", "revoked_reason")
