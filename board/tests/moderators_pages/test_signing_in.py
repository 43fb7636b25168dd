"""Who comes in to the admin."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Sanction, User
from accounts.tests.factories import PASSWORD, StaffFactory, UserFactory
from board.tests.moderators_pages.helpers import (
    INDEX,
    LOGIN,
    THEIRS,
    bar,
    url,
)

pytestmark = pytest.mark.django_db


def sign_in(user: User, password: str = PASSWORD) -> Any:
    browser = Client(headers={"accept-language": "en"})
    return browser.post(LOGIN, {"username": user.username, "password": password, "next": INDEX})


def test_moderators_and_operators_sign_in() -> None:
    for user in (UserFactory(is_moderator=True), StaffFactory(), StaffFactory(is_superuser=True)):
        response = sign_in(user)
        assert (response.status_code, response["Location"]) == (302, INDEX)


def test_nobody_else_does_and_all_are_told_the_same() -> None:
    barred = UserFactory(is_moderator=True)
    bar(barred)
    kept_out = [
        sign_in(UserFactory()),
        sign_in(UserFactory(is_superuser=True)),
        sign_in(UserFactory(is_moderator=True, is_active=False)),
        sign_in(StaffFactory(is_active=False)),
        sign_in(barred),
        sign_in(UserFactory(), "wrong-horse-8"),
        sign_in(UserFactory(is_moderator=True), "wrong-horse-8"),
        sign_in(UserFactory.build(username="nobody_here")),
    ]
    errors = [response.context["form"].errors for response in kept_out]
    assert all(response.status_code == 200 for response in kept_out)
    assert errors == [
        {"__all__": ["Give the username and the password of an operator or a moderator."]}
    ] * len(kept_out)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": Sanction.Kind.NO_WRITING},
        {"until": timezone.now() - timedelta(days=1)},
        {"lifted_at": timezone.now()},
    ],
)
def test_only_a_living_sanction_of_signing_in_keeps_out(fields: dict[str, Any]) -> None:
    moderator = UserFactory(is_moderator=True)
    bar(moderator, **fields)
    assert sign_in(moderator).status_code == 302


def test_no_sanction_binds_staff(operator: User, pages: Client) -> None:
    bar(operator)
    assert pages.get(INDEX).status_code == 200


def stop_moderating(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_moderator=False)


def disable(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("lose", [stop_moderating, disable, bar])
def test_access_is_lost_at_once(lose: Callable[[User], Any], moderator: User, work: Client) -> None:
    paths = [INDEX, *(url(model._meta.model_name) for model in THEIRS)]
    assert {work.get(path).status_code for path in paths} == {200}
    lose(moderator)
    for path in paths:
        response = work.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith(LOGIN)
