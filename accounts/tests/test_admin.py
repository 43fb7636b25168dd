from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import AuditLog, EmailDomain, School, Session, User
from accounts.services.audit import record_act
from accounts.services.sessions import start_session
from accounts.tests.factories import PASSWORD, SchoolFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def staff_with(*permissions: str) -> Client:
    staff = StaffFactory()
    staff.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


def url(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:accounts_{model}_{page}", args=args)


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


def new_user(**changes: Any) -> dict[str, Any]:
    fields = {"username": "new_one", "email": "new@example.com", "nickname": "새사람", "is_staff": "on"}
    return fields | {"password1": PASSWORD, "password2": PASSWORD} | changes


def changed_user(user: User, **changes: Any) -> dict[str, Any]:
    """What the browser sends when a user's page is saved."""
    fields = {attr: getattr(user, attr) for attr in ("username", "email", "nickname")}
    return fields | {"is_active": "on"} | changes


def make_school() -> None:
    SchoolFactory()


def make_user() -> None:
    UserFactory()


def make_domain() -> None:
    EmailDomain.objects.create(domain=f"d{EmailDomain.objects.count()}.ac.kr")


def make_session() -> None:
    start_session(user=UserFactory(), device="Firefox", address="192.0.2.1")


def make_entry() -> None:
    user = UserFactory()
    record_act(
        actor=user,
        act=AuditLog.Act.HIDE,
        kind="post",
        target_id=user.pk,
        school_id=user.school_id,
        reason="spam",
    )


LISTS = {
    "school": make_school,
    "user": make_user,
    "emaildomain": make_domain,
    "session": make_session,
    "auditlog": make_entry,
}


@pytest.mark.parametrize("model", LISTS)
def test_a_list_costs_the_same_for_1_row_and_for_30(
    model: str, pages: Client, count_queries: Callable[..., int]
) -> None:
    def read() -> None:
        assert pages.get(url(model)).status_code == 200

    LISTS[model]()
    read()
    few = count_queries(read)
    for _ in range(29):
        LISTS[model]()
    assert count_queries(read) == few <= 8


@pytest.mark.parametrize("model", LISTS)
def test_every_page_of_a_row_opens(model: str, pages: Client) -> None:
    LISTS[model]()
    row = {"school": School, "user": User, "emaildomain": EmailDomain, "session": Session}.get(
        model, AuditLog
    )
    for page in ("change", "history"):
        assert pages.get(url(model, page, row.objects.first().pk), follow=True).status_code == 200


# --- Users


def test_a_user_made_here_can_sign_in(pages: Client) -> None:
    assert pages.post(url("user", "add"), new_user()).status_code == 302
    user = User.objects.get(username="new_one")
    assert user.check_password(PASSWORD)
    assert user.is_staff


@pytest.mark.parametrize(
    ("attr", "taken", "spelling"),
    [
        ("username", "taken_1", "taken_1"),
        ("nickname", "별Star", "별 ｓtar"),
        ("email", "taken@example.com", "TAKEN@example.com"),
    ],
)
def test_a_taken_name_is_an_error_of_its_field(attr: str, taken: str, spelling: str, pages: Client) -> None:
    UserFactory(**{attr: taken})
    assert list(errors_of(pages.post(url("user", "add"), new_user(**{attr: spelling})))) == [attr]
    other = UserFactory()
    response = pages.post(url("user", "change", other.pk), changed_user(other, **{attr: spelling}))
    assert list(errors_of(response)) == [attr]


def test_a_user_keeps_the_own_name_when_saved(pages: Client) -> None:
    user = UserFactory()
    response = pages.post(url("user", "change", user.pk), changed_user(user, name="김마당"))
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.name == "김마당"
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("nickname", ["익명3", "가", "보이\u200b지"])
def test_a_nickname_follows_the_rules_of_the_api(nickname: str, pages: Client) -> None:
    assert list(errors_of(pages.post(url("user", "add"), new_user(nickname=nickname)))) == ["nickname"]


def test_a_nickname_is_kept_in_nfc(pages: Client) -> None:
    pages.post(url("user", "add"), new_user(nickname="\u1112\u1161\u11ab\u1100\u1173\u11af"))
    assert User.objects.get(username="new_one").nickname == "한글"


def test_who_is_not_staff_needs_a_school(pages: Client) -> None:
    response = pages.post(url("user", "add"), new_user(is_staff=""))
    assert list(errors_of(response)) == ["school"]
    assert pages.post(url("user", "add"), new_user(is_staff="", school=SchoolFactory().pk)).status_code == 302


def test_a_school_once_there_stays(pages: Client) -> None:
    user = UserFactory()
    response = pages.post(url("user", "change", user.pk), changed_user(user, school=SchoolFactory().pk))
    assert response.status_code == 302
    assert User.objects.get(pk=user.pk).school == user.school


def test_users_are_found_by_every_spelling_of_their_names(pages: Client) -> None:
    user = UserFactory(username="someone", nickname="별Star")
    UserFactory()
    for words in ("SOMEONE", "ｓtar", "someone@"):
        assert list(pages.get(url("user"), {"q": words}).context["cl"].result_list) == [user]


def test_nobody_deletes_a_user_or_a_school_here(pages: Client) -> None:
    user = UserFactory()
    for path in (url("user", "delete", user.pk), url("school", "delete", user.school_id)):
        assert pages.get(path).status_code == 403
        assert pages.post(path, {"post": "yes"}).status_code == 403
    for model, pk in (("user", user.pk), ("school", user.school_id)):
        pages.post(url(model), {"action": "delete_selected", "_selected_action": pk, "post": "yes"})
    assert User.objects.filter(pk=user.pk).exists()
    assert School.objects.filter(pk=user.school_id).exists()


def test_a_password_is_changed_and_hashed(pages: Client) -> None:
    user = UserFactory()
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    assert pages.get(path).status_code == 200
    word = "another-good-horse-8"
    response = pages.post(path, {"usable_password": "true", "password1": word, "password2": word})
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password(word)


# --- Staff who are not superusers


def test_the_pages_of_people_are_for_staff() -> None:
    client = Client()
    client.force_login(UserFactory())
    assert client.get(url("user")).status_code == 302
    client.force_login(UserFactory(is_moderator=True))
    assert client.get(url("user")).status_code == 403


def test_staff_see_what_they_have_a_permission_for() -> None:
    client = staff_with("view_school")
    assert client.get(url("school")).status_code == 200
    assert client.get(url("school", "add")).status_code == 403
    for model in ("user", "session", "auditlog", "emaildomain"):
        assert client.get(url(model)).status_code == 403


def test_staff_cannot_give_powers() -> None:
    client = staff_with("change_user", "view_user", "add_user")
    user = UserFactory()
    powers = {"is_staff": "on", "is_superuser": "on", "groups": Group.objects.create(name="all").pk}
    powers["user_permissions"] = Permission.objects.first().pk
    response = client.post(url("user", "change", user.pk), changed_user(user, name="김마당", **powers))
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.name == "김마당"
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert user.get_all_permissions() == set()
    client.post(url("user", "add"), new_user(school=user.school_id))
    assert not User.objects.get(username="new_one").is_staff


def test_staff_cannot_change_a_superuser(operator: User) -> None:
    client = staff_with("change_user", "view_user")
    assert client.post(url("user", "change", operator.pk), changed_user(operator)).status_code == 403
    assert client.post(reverse("admin:auth_user_password_change", args=[operator.pk])).status_code == 403


# --- Schools and e-mail domains


def test_a_school_is_made_with_its_domains(pages: Client) -> None:
    domain = EmailDomain.objects.create(domain="hongik.ac.kr")
    fields = {"name": " 홍익대학교 ", "region": "서울특별시", "email_domains": domain.pk, "is_active": "on"}
    assert pages.post(url("school", "add"), fields).status_code == 302
    school = School.objects.get()
    assert school.name == "홍익대학교"
    assert list(school.email_domains.all()) == [domain]


def test_a_taken_school_name_is_an_error_however_it_is_spelt(pages: Client) -> None:
    school = SchoolFactory(name="홍익대학교")
    fields = {"name": "홍익 대학교", "region": "서울특별시", "is_active": "on"}
    assert list(errors_of(pages.post(url("school", "add"), fields))) == ["name"]
    other = SchoolFactory()
    assert list(errors_of(pages.post(url("school", "change", other.pk), fields))) == ["name"]
    assert pages.post(url("school", "change", school.pk), fields).status_code == 302


@pytest.mark.parametrize("domain", ["someone@hongik.ac.kr", "hongik", "홍익.ac.kr", "HONGIK.ac.kr"])
def test_a_domain_is_checked_in_small_letters(domain: str, pages: Client) -> None:
    EmailDomain.objects.create(domain="hongik.ac.kr")
    assert list(errors_of(pages.post(url("emaildomain", "add"), {"domain": domain}))) == ["domain"]


# --- Sessions and the audit log


@pytest.mark.parametrize(("model", "row"), [("session", Session), ("auditlog", AuditLog)])
def test_sessions_and_the_audit_log_are_for_reading(model: str, row: Any, pages: Client) -> None:
    LISTS[model]()
    pk = row.objects.get().pk
    before = row.objects.values().get()
    assert pages.get(url(model, "add")).status_code == 403
    assert pages.post(url(model, "change", pk), {"device": "x", "reason": "x"}).status_code == 403
    assert pages.post(url(model, "delete", pk), {"post": "yes"}).status_code == 403
    pages.post(url(model), {"action": "delete_selected", "_selected_action": pk, "post": "yes"})
    assert row.objects.values().get() == before


def test_no_page_of_a_session_has_a_token_id(pages: Client) -> None:
    session = start_session(user=UserFactory(), device="Firefox", address="192.0.2.1")
    Session.objects.update(previous_jti="previous-token-id")
    for path in (url("session"), url("session", "change", session.pk)):
        page = pages.get(path).content.decode()
        assert "192.0.2.1" in page
        assert session.jti not in page
        assert "previous-token-id" not in page


def test_entries_of_the_audit_log_are_found_by_their_target(pages: Client) -> None:
    make_entry()
    make_entry()
    entry = AuditLog.objects.first()
    response = pages.get(url("auditlog"), {"target_kind": "post", "q": entry.target_id})
    assert list(response.context["cl"].result_list) == [entry]


# --- Sessions end with what they rest on
def test_a_new_password_ends_the_sessions(operator: User, pages: Client) -> None:
    user = UserFactory()
    session = start_session(user=user)
    body = {"usable_password": "true", "password1": "new-horse-77", "password2": "new-horse-77"}
    assert pages.post(f"/admin/accounts/user/{user.pk}/password/", body).status_code == 302
    session.refresh_from_db()
    assert session.revoked_reason == "by_operator"


def test_staff_can_not_change_other_staff() -> None:
    client = staff_with("view_user", "change_user")
    other = StaffFactory()
    body = {"usable_password": "true", "password1": "new-horse-77", "password2": "new-horse-77"}
    assert client.post(f"/admin/accounts/user/{other.pk}/password/", body).status_code == 403


def test_who_is_disabled_is_signed_out_for_good(operator: User, pages: Client) -> None:
    user = UserFactory()
    session = start_session(user=user)
    form = pages.get(url("user", "change", user.pk)).context["adminform"].form
    body = {name: value for name, value in form.initial.items() if value not in (None, False)}
    answer = pages.post(url("user", "change", user.pk), body | {"groups": [], "user_permissions": []})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    session.refresh_from_db()
    assert session.revoked_reason == ""
    del body["is_active"]
    pages.post(url("user", "change", user.pk), body | {"groups": [], "user_permissions": []})
    session.refresh_from_db()
    assert session.revoked_reason == "by_operator"


def test_djangos_page_of_groups_is_closed_as_ours_are(pages):
    assert pages.get("/admin/auth/group/", {"_to_field": "user"}).status_code == 400
    assert pages.get("/admin/auth/group/", {"user__username": "someone"}).status_code == 400
