"""The OpenAPI document and its pages."""

import json
import re

import pytest
from django.urls import reverse

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
