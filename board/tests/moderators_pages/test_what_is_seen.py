"""What a moderator sees there, and what not."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.models import ModerationCase, Sanction, School, User
from accounts.tests.factories import StaffFactory, UserFactory
from board.tests.moderators_pages.helpers import (
    INDEX,
    THEIRS,
    browser_of,
    make_everything,
    messages_of,
    read,
    rows,
    staff_with,
    url,
)
from board.tests.test_admin import crawl

pytestmark = pytest.mark.django_db


def test_a_moderator_opens_three_kinds_of_pages_and_no_other(work: Client, school: School) -> None:
    made = make_everything(school)
    # The timetable's pages are tried by its own tests.
    assert made.keys() == {model for model in admin.site._registry if model._meta.app_label != "timetable"}
    for model, row in made.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        changelist, change = reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[row.pk])
        allowed = 200 if model in THEIRS else 403
        assert work.get(changelist).status_code == allowed, changelist
        assert work.get(change).status_code == allowed, change
        history = work.get(reverse(f"{name}_history", args=[row.pk]))
        assert history.status_code == (302 if model in THEIRS else 403), change
        for path in (reverse(f"{name}_add"), reverse(f"{name}_delete", args=[row.pk])):
            assert work.get(path).status_code == 403, path
            assert work.post(path, {"post": "yes"}).status_code == 403, path
    assert work.get(reverse("admin:auth_user_password_change", args=[made[User].pk])).status_code == 403
    assert work.get(reverse("admin:app_list", args=["board"])).status_code == 404
    assert work.get(reverse("admin:app_list", args=["auth"])).status_code == 404


@pytest.mark.parametrize(
    ("app", "model", "field"),
    [
        ("accounts", "sanction", "user"),
        ("accounts", "sanction", "issued_by"),
        ("accounts", "auditlog", "actor"),
        ("board", "board", "manager"),
        ("board", "comment", "post"),
        ("accounts", "user", "school"),
    ],
)
def test_a_moderator_completes_nothing(app: str, model: str, field: str, work: Client) -> None:
    query = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
    assert work.get(reverse("admin:autocomplete"), query).status_code == 403


def test_no_page_of_a_moderator_has_a_row_of_another_school(work: Client, school: School) -> None:
    make_everything(school)
    other = make_everything(UserFactory().school)
    visited = dict(crawl(work))
    assert {url(model._meta.model_name) for model in THEIRS} <= visited.keys()
    for path, page in visited.items():
        if path.startswith("/admin/password_change"):
            continue
        assert other[School].name not in page, path
        assert other[User].nickname not in page, path
        for model in THEIRS:
            assert url(model._meta.model_name, "change", other[model].pk) not in page, path


@pytest.mark.parametrize("page", ["change", "history", "lift"])
@pytest.mark.parametrize("model", THEIRS)
def test_a_row_of_another_school_is_as_one_that_is_not(model: Any, page: str, work: Client) -> None:
    if page == "lift" and model is not Sanction:
        return
    row = make_everything(UserFactory().school)[model]
    answers = []
    for pk in (row.pk, row.pk + 1000):
        for call in (work.get, work.post):
            response = call(url(model._meta.model_name, page, pk), {"dismiss": "", "note": "x"}, follow=True)
            answers.append((response.redirect_chain, [m.replace(str(pk), "") for m in messages_of(response)]))
    assert len(answers[0][1]) == 1
    assert answers[0] == answers[2]
    assert answers[1] == answers[3]


@pytest.mark.parametrize("pk", ["0", "-1", "x", "9" * 30, "_00", "1/lift/2"])
@pytest.mark.parametrize("model", ["moderationcase", "sanction", "auditlog"])
def test_an_id_that_is_none_is_answered(model: str, pk: str, work: Client) -> None:
    for page in ("", "change/", "history/"):
        assert work.get(f"{url(model)}{pk}/{page}").status_code in (302, 404)


def test_a_moderator_has_no_filter_nor_column_by_school(work: Client, pages: Client, school: School) -> None:
    for model in make_everything(school).keys() & set(THEIRS):
        path = url(model._meta.model_name)
        assert work.get(path, {"school__id__exact": school.pk}).status_code == 400
        assert "school" not in work.get(path).context["cl"].list_display
        assert len(rows(pages.get(path, {"school__id__exact": school.pk}))) >= 1
        assert rows(pages.get(path, {"school__id__exact": UserFactory().school.pk})) == []
        assert "school" in pages.get(path).context["cl"].list_display


def test_djangos_permissions_open_nothing_to_who_is_not_staff(moderator: User, case: ModerationCase) -> None:
    moderator.user_permissions.set(Permission.objects.all())
    User.objects.filter(pk=moderator.pk).update(is_superuser=True)
    work = browser_of(User.objects.get(pk=moderator.pk))
    for page in ("accounts_user", "auth_group", "board_post", "accounts_session"):
        assert work.get(reverse(f"admin:{page}_changelist")).status_code == 403
    assert rows(work.get(url("moderationcase"))) == [case]


def test_staff_need_djangos_permissions_moderator_or_not(school: School) -> None:
    make_everything(school)
    assert staff_with().get(INDEX).status_code == 200
    also = browser_of(StaffFactory(is_moderator=True))
    for model in THEIRS:
        name = model._meta.model_name
        assert also.get(url(name)).status_code == 403
        assert staff_with().get(url(name)).status_code == 403
        assert staff_with(f"view_{name}").get(url(name)).status_code == 200


def test_djangos_recent_actions_are_for_staff_alone(work: Client, pages: Client) -> None:
    assert "Recent actions" in read(pages, INDEX)
    assert "Recent actions" not in read(work, INDEX)


def test_no_address_leads_from_a_row_to_a_page_outside(pages: Client) -> None:
    kind = ContentType.objects.get_for_model(User)
    for pk in (kind.pk, "x"):  # where Django has the page, the second is an error of the server
        assert pages.get(f"/admin/r/{kind.pk}/{pk}/").status_code == 404
