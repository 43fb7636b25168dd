"""Every answer tells the browser what it may do with it."""

import pytest
from django.test import Client as Browser

from api.middleware import SecurityHeadersMiddleware
from config.tests.test_permission_matrix import MATRIX, call
from config.tests.world import make_world, undone

pytestmark = pytest.mark.django_db

WANTED = {"Content-Security-Policy", "Strict-Transport-Security", *SecurityHeadersMiddleware.HEADERS}


@pytest.fixture(autouse=True)
def _as_on_a_server(settings):
    settings.SECURE_HSTS_SECONDS = 60


def lacking(response):
    return WANTED - set(response.headers)


def test_each_route_has_them_for_strangers_and_for_users():
    world = make_world()
    for name, method in MATRIX:
        for actor in ("stranger", "user"):
            with undone():
                response = call(world, name, method, actor)
            lacks = lacking(response) - {"Strict-Transport-Security"}
            assert not lacks, (name, method, actor, lacks)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 302),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/api/v1/nothing/", 404),
        ("/nothing", 404),
        ("/admin/login/", 200),
        ("/docs/", 200),
        ("/redoc/", 200),
    ],
)
def test_so_have_pages_errors_and_health(client, path, status):
    response = client.get(path, secure=True)
    assert response.status_code == status
    lacks = lacking(response)
    # Health is asked over HTTP, from within.
    assert lacks <= ({"Strict-Transport-Security"} if path.endswith("z") else set())


def test_a_wrong_host_is_told_no_more_than_that(client):
    response = client.get("/api/v1/schools/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert not lacking(response) - {"Strict-Transport-Security"}
    assert "evil" not in response.content.decode()


def test_as_a_page_an_answer_may_do_nothing(client):
    policy = client.get("/api/v1/schools/")["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


def test_no_answer_names_what_is_behind_it(client):
    """As Django writes it; the Server header is gunicorn's, and test_redis.py asks a real one for it."""
    for path in ("/", "/healthz", "/api/v1/schools/", "/api/v1/nothing/", "/admin/login/"):
        headers = client.get(path).headers
        assert not {"Server", "X-Powered-By", "Via"} & set(headers)


def test_the_admin_is_left_alone_by_what_it_needs(pages: Browser):
    policy = pages.get("/admin/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
