"""The OpenAPI document and its pages."""

import json
import re

import pytest
from django.urls import reverse

from config import pages
from config.tests.world import walk

PAGES = {"docs", "redoc", "schema", "api-root"}


def read_document(client):
    return json.loads(client.get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json").content)


@pytest.mark.parametrize("path", ["/docs/", "/redoc/"])
def test_a_page_loads_nothing_from_elsewhere(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert re.findall(r'(?:src|href)="(?!/)[^"]*"', page.content.decode()) == []
    assert "default-src 'self'" in page["Content-Security-Policy"]


def test_the_front_page_leads_to_the_documentation(client):
    assert client.get("/")["Location"] == "/docs/"


def test_the_document_names_no_host_and_every_route(client):
    document = read_document(client)
    assert document["openapi"].startswith("3.1")
    assert "servers" not in document
    documented = {(path, method.upper()) for path, item in document["paths"].items() for method in item}
    routes = {(route.name, method) for route in walk() for method in route.methods if route.name not in PAGES}
    assert len(documented) == len(routes)


def test_every_operation_says_what_it_is_for_and_which_errors_come_back(client):
    document = read_document(client)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], (path, method)
            assert {"400", "405", "500"} <= operation["responses"].keys(), (path, method)


@pytest.mark.django_db
def test_the_root_lists_every_route(anonymous):
    routes = anonymous.get(reverse("api-root")).json()
    assert routes["post-comment-list"] == "/api/v1/posts/{post_id}/comments/"
    assert set(routes) == {route.name for route in walk()} - (PAGES - {"api-root"})


@pytest.mark.parametrize(
    ("method", "query", "status", "code"),
    [("GET", "?lang=xx", 400, "bad_request"), ("POST", "", 405, "method_not_allowed")],
)
def test_the_document_is_refused_in_the_one_error_shape(client, method, query, status, code):
    answer = client.generic(method, f"/api/v1/schema/{query}")
    assert answer.status_code == status
    assert answer.json()["errors"][0]["code"] == code


def test_the_document_is_made_once_for_each_format_and_language(client, monkeypatch):
    pages.render_document.cache_clear()
    made = []
    get_schema = pages.SchemaGenerator.get_schema
    monkeypatch.setattr(
        pages.SchemaGenerator, "get_schema", lambda *args, **kw: made.append(1) or get_schema(*args, **kw)
    )
    for accept in ("application/vnd.oai.openapi+json", "*/*", "application/vnd.oai.openapi", "*/*;q=0.5"):
        for _ in range(2):
            assert client.get("/api/v1/schema/", HTTP_ACCEPT=accept).status_code == 200
    assert len(made) == 2
