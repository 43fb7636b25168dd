"""Fixtures for every app's tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import InMemoryStorage
from django.db import connection
from django.test import Client as Browser
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django_tasks import task_backends
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services.sessions import start_session
from accounts.tests.factories import StaffFactory, UserFactory
from accounts.tokens import issue
from api.storage import files_in
from config.settings.env import TASK_BACKENDS


class Client(APIClient):
    """An API client that speaks English, so that tests can read what it says.

    What waits for the commit happens after each request, though a test's own transaction never commits.
    """

    def __init__(self, user: User | None = None, **defaults: Any) -> None:
        super().__init__(**{"HTTP_ACCEPT_LANGUAGE": "en"} | defaults)
        if user is not None:
            self.credentials(HTTP_AUTHORIZATION=f"Bearer {issue(start_session(user=user)).access}")

    def request(self, **request: Any) -> Any:
        waiting = len(connection.run_on_commit)
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = super().request(**request)
        del connection.run_on_commit[waiting:]
        return response


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def anonymous() -> Client:
    """A client that is not signed in."""
    return Client()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """`client_of(user)`: a client signed in as that user, with a real token."""
    return Client


@pytest.fixture
def user(db: None) -> User:
    """A verified user."""
    return UserFactory()


@pytest.fixture
def api(user: User) -> Client:
    """A client signed in as `user`."""
    return Client(user)


@pytest.fixture
def operator(db: None) -> User:
    """A superuser."""
    return StaffFactory(is_superuser=True)


@pytest.fixture
def pages(operator: User) -> Browser:
    """A browser in which the operator is signed in, for the admin's pages."""
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(operator)
    return browser


@pytest.fixture
def queued(settings: Any) -> Iterator[None]:
    """Tasks wait in the database for a worker, as on a server."""

    def forget() -> None:
        task_backends.__dict__.pop("settings", None)
        for alias in settings.TASKS:
            if hasattr(task_backends._connections, alias):
                delattr(task_backends._connections, alias)

    settings.TASKS = {"default": {"BACKEND": TASK_BACKENDS["database"]}}
    forget()
    yield
    settings.TASKS = {"default": {"BACKEND": TASK_BACKENDS["immediate"]}}
    forget()


@pytest.fixture
def count_queries() -> Callable[[Callable[[], Any]], int]:
    """`count_queries(call)`: how many queries a call takes."""

    def count(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count


@pytest.fixture
def stored(settings: Any) -> Callable[[], set[str]]:
    """`stored()`: the names of all files there are, at first none."""
    settings.STORAGES = dict(settings.STORAGES)  # which makes the storage anew
    return lambda: {*files_in("attachments"), *files_in("pictures")}


@pytest.fixture
def dead_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage that neither takes files nor lets go of them."""

    def fail(self: Any, name: str, *args: Any) -> None:
        raise ConnectionError("the storage does not answer")

    for method in ("save", "delete"):
        monkeypatch.setattr(InMemoryStorage, method, fail)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    vendor = connection.vendor
    for item in items:
        if "server" in item.keywords and vendor != "mysql":
            item.add_marker(pytest.mark.skip(reason="needs a MySQL-family server"))
        if "sqlite" in item.keywords and vendor != "sqlite":
            item.add_marker(pytest.mark.skip(reason="needs SQLite"))
