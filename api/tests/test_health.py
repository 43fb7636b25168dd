import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from api.health import CHECKS


@pytest.fixture
def get(anonymous):
    """`get(path)` as a load balancer calls: by address and over HTTP."""
    return lambda path: anonymous.get(path, HTTP_HOST="10.0.3.7:8000")


@pytest.fixture(autouse=True)
def _https_only(settings):
    settings.SECURE_SSL_REDIRECT = True


def test_healthz_answers_any_host_over_http_without_the_database(get):
    answer = get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_answers_any_host_over_http(get):
    answer = get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": True, "cache": True, "migrations": True},
    }


@pytest.mark.django_db
def test_other_paths_ask_for_a_known_host_and_https(get, anonymous):
    assert get("/api/v1/").status_code == 400
    assert anonymous.get("/api/v1/").status_code == 301


def refuse(*args):
    raise OperationalError(2006, "gone away")


@pytest.mark.django_db
def test_without_the_database_one_is_not_ready(get):
    with connection.execute_wrapper(refuse):
        answer = get("/readyz")
        alive = get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "checks": {"database": False, "cache": True, "migrations": False},
    }
    assert alive.status_code == 200


@pytest.mark.django_db
def test_with_a_cache_that_forgets_one_is_not_ready(get, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert_not_ready(get, "cache")


@pytest.mark.django_db
def test_with_a_cache_that_fails_one_is_not_ready(get, monkeypatch):
    monkeypatch.setattr("api.health.cache.set", refuse)
    assert_not_ready(get, "cache")


@pytest.mark.django_db
def test_with_a_migration_missing_one_is_not_ready(get):
    MigrationRecorder.Migration.objects.filter(app="accounts").delete()
    assert_not_ready(get, "migrations")


def assert_not_ready(get, broken):
    answer = get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {name: name != broken for name in CHECKS}
