"""Pictures served in development."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import re_path

from api.errors import not_found
from api.images import square
from api.storage import stored
from api.tests.pictures import encode, picture, see_through
from api.views import unknown_path
from config.media import MEDIA_PATH, serve_media
from config.tests.s3 import LOCAL

# Closing an answer closes what connections are too old.
pytestmark = pytest.mark.django_db

# As config.urls is with DEBUG and a local storage.
urlpatterns = [re_path(MEDIA_PATH, serve_media), re_path(r"", unknown_path)]
handler404 = not_found

NAME = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def browser(tmp_path, settings) -> Client:
    settings.ROOT_URLCONF = __name__
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.STORAGES = settings.STORAGES | LOCAL
    return Client(headers={"accept-language": "en"})


def save(content: bytes, folder: str = "pictures") -> str:
    with stored(folder, square(content)) as (name,):
        return name


def put(settings, path: str, content: bytes = b"secret") -> None:
    file = Path(settings.MEDIA_ROOT) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.mark.parametrize("folder", ["pictures", "attachments"])
@pytest.mark.parametrize(
    ("content", "kind"), [(picture(), "image/jpeg"), (encode(see_through(), "PNG"), "image/png")]
)
def test_a_picture_is_served_as_what_it_is_and_nothing_else(browser, folder, content, kind):
    answer = browser.get(f"/media/{save(content, folder)}")
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert b"".join(answer.streaming_content) == square(content).content
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_name_says_what_it_is_whatever_stands_in_it(browser, settings):
    put(settings, f"pictures/01/{NAME}.gif", b"<html><script>alert(1)</script>")
    answer = browser.get(f"/media/pictures/01/{NAME}.gif")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/gif", "nosniff")
    answer.close()


def test_its_head_alone_can_be_asked_for(browser):
    answer = browser.head(f"/media/{save(picture())}")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"")
    assert int(answer["Content-Length"]) == len(square(picture()).content)
    answer.close()


def test_it_is_not_sent_again_unless_it_changed(browser):
    name = save(picture())
    first = browser.get(f"/media/{name}")
    first.close()
    answer = browser.get(f"/media/{name}", headers={"if-modified-since": first["Last-Modified"]})
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (304, "nosniff")


@pytest.mark.parametrize(
    "path",
    [
        f"pictures/01/{NAME}.jpg",
        f"pictures/01/{NAME}.html",
        f"pictures/01/{NAME}.svg",
        f"pictures/01/{NAME}.png\n",
        f"exports/01/{NAME}.jpg",
        "secret.txt",
        "",
        "pictures",
        "pictures/",
        "pictures/02",
        "pictures/02/",
        "../secret.txt",
        "pictures/../../secret.txt",
        "pictures/../secret.txt",
        "%2e%2e/secret.txt",
        "pictures/..%2f..%2fsecret.txt",
        f"pictures/..\\{NAME}.jpg",
        "//etc/passwd",
    ],
)
def test_nothing_else_is_there(browser, settings, path):
    for other in (f"pictures/01/{NAME}.html", f"pictures/01/{NAME}.svg", f"exports/01/{NAME}.jpg"):
        put(settings, other)
    put(settings, f"pictures/02/{NAME}.jpg")
    put(settings, "secret.txt")
    put(settings, "../secret.txt")
    answer = browser.get(f"/media/{path}")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["code"] == "not_found"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_written_there(settings, browser, method):
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    name = save(picture())
    answer = strict.generic(method, f"/media/{name}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "not_found")
    assert (Path(settings.MEDIA_ROOT) / name).exists()


def test_a_server_serves_none_itself(client, tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | LOCAL
    assert client.get(f"/media/{save(picture())}").status_code == 404
