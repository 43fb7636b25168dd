"""Files in the storage, in a local folder and in S3 (moto's server speaks it)."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from botocore.config import Config
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage, storages
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from api import storage
from api.errors import StorageUnavailable
from api.images import Picture
from api.storage import Folder, discard, files_in, remove, stored, sweep
from config.settings.env import media_storage_from_env
from config.tests.s3 import LOCAL, Server, s3_storage

JPG = Picture(b"a picture", "jpg", 3, 2)
PNG = Picture(b"another", "png", 3, 2)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(params=["local", "s3"])
def anywhere(request, tmp_path, settings) -> None:
    """Both kinds of storage, empty."""
    if request.param == "local":
        settings.MEDIA_ROOT = str(tmp_path)
        settings.STORAGES = settings.STORAGES | LOCAL
    else:
        server = request.getfixturevalue("server")
        server.empty()
        use(settings, s3_storage(MEDIA_S3_ENDPOINT_URL=server.url))


def use(settings: Any, chosen: dict[str, Any]) -> None:
    settings.STORAGES = settings.STORAGES | {"default": chosen}


def save(*pictures: Picture, folder: str = "pictures") -> list[str]:
    with stored(folder, *pictures) as names:
        return names


def fetch(url: str) -> tuple[int, Any, bytes]:
    with urlopen(url) as answer:  # noqa: S310 (our own server)
        return answer.status, answer.headers, answer.read()


# --- Saving and removing --------------------------------------------------------------------------------
@pytest.mark.usefixtures("anywhere")
def test_files_have_random_names_and_what_was_written():
    first, second = save(JPG, PNG), save(JPG)
    assert [name.rpartition(".")[2] for name in first] == ["jpg", "png"]
    assert len({*first, *second}) == 3
    with default_storage.open(first[0]) as file:
        assert file.read() == JPG.content
    assert sorted(files_in("pictures")) == sorted([*first, *second])
    assert all(name.split("/")[1] == name.split("/")[2][:2] for name in first)


@pytest.mark.usefixtures("anywhere")
def test_a_folder_that_was_never_written_to_is_empty():
    assert list(files_in("pictures")) == []


@pytest.mark.usefixtures("anywhere")
def test_without_their_row_files_go():
    with pytest.raises(KeyError), stored("pictures", JPG, PNG):
        raise KeyError
    assert list(files_in("pictures")) == []


@pytest.mark.usefixtures("anywhere")
def test_removing_what_is_gone_is_no_error():
    (name,) = save(JPG)
    remove([name, name])
    assert not default_storage.exists(name)


@pytest.mark.usefixtures("anywhere")
@pytest.mark.django_db(transaction=True)
def test_discarded_files_go_with_the_commit_and_stay_with_a_rollback():
    kept, gone = save(JPG, PNG)
    with transaction.atomic():
        discard([kept])
        transaction.set_rollback(True)
    with transaction.atomic():
        discard([gone, ""])
        assert default_storage.exists(gone)
    assert list(files_in("pictures")) == [kept]


def test_if_the_second_file_fails_the_first_goes(tmp_path, settings, monkeypatch):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | LOCAL
    real, calls = default_storage.save, []

    def once(*args: Any) -> str:
        calls.append(args)
        if len(calls) == 2:
            raise OSError("disk full")
        return real(*args)

    monkeypatch.setattr(storages["default"], "save", once)
    with pytest.raises(StorageUnavailable):
        save(JPG, PNG)
    assert list(files_in("pictures")) == []


def test_what_can_not_be_removed_is_logged_and_left(tmp_path, settings, monkeypatch, caplog):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | LOCAL
    names = save(JPG, PNG)
    monkeypatch.setattr(storages["default"], "delete", broken)
    remove(names)
    assert sorted(files_in("pictures")) == sorted(names)
    assert "sweep_media will" in caplog.text


def broken(*args: object) -> None:
    raise OSError("broken")


# --- Sweeping -------------------------------------------------------------------------------------------
def folder(*used: str) -> Folder:
    return Folder("pictures", lambda names: set(used) & set(names))


def soon() -> Any:
    return timezone.now() + timedelta(minutes=1)


@pytest.mark.usefixtures("anywhere")
def test_files_that_no_row_names_are_swept(monkeypatch):
    monkeypatch.setattr(storage, "BATCH", 2)
    used, *unused = save(JPG, PNG, JPG, JPG)
    (elsewhere,) = save(JPG, folder="attachments")
    swept = sweep(folder(used), before=soon(), dry_run=True)
    assert swept == storage.Swept(files=3, bytes=len(PNG.content) + 2 * len(JPG.content))
    assert len(list(files_in("pictures"))) == 4
    assert sweep(folder(used), before=soon()) == swept
    assert list(files_in("pictures")) == [used]
    assert list(files_in("attachments")) == [elsewhere]
    assert sweep(folder(used), before=soon()) == storage.Swept()
    assert unused


@pytest.mark.usefixtures("anywhere")
def test_new_files_may_still_get_their_row():
    save(JPG)
    assert sweep(folder(), before=timezone.now() - timedelta(minutes=1)) == storage.Swept()
    assert len(list(files_in("pictures"))) == 1


def test_one_file_that_fails_ends_no_sweep(tmp_path, settings, monkeypatch, caplog):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | LOCAL
    bad, *_more = sorted(save(JPG, JPG, JPG))
    real = default_storage.delete
    monkeypatch.setattr(storages["default"], "delete", lambda name: broken() if name == bad else real(name))
    assert sweep(folder(), before=soon()) == storage.Swept(files=2, bytes=2 * len(JPG.content), failed=1)
    assert list(files_in("pictures")) == [bad]
    assert "could not be swept" in caplog.text


def test_a_file_removed_while_it_is_swept_is_no_failure(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | LOCAL
    names = save(JPG)

    def used(batch: list[str]) -> set[str]:
        remove(names)
        return set()

    assert sweep(Folder("pictures", used), before=soon()) == storage.Swept()


# --- Addresses ------------------------------------------------------------------------------------------
def test_the_address_of_a_local_file_is_on_this_host(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | LOCAL
    (name,) = save(JPG)
    request = RequestFactory().get("/api/v1/posts/")
    assert storage.public_url(name, request) == f"http://testserver/media/{name}"


def test_the_address_of_a_file_in_s3_is_plain_and_lasts(server, settings):
    use(settings, s3_storage(MEDIA_S3_ENDPOINT_URL=server.url))
    (name,) = save(PNG)
    url = storage.public_url(name, RequestFactory().get("/"))
    assert url == f"{server.url}/pictures-of-madang/{name}"
    server.publish()
    status, headers, content = fetch(url)
    assert (status, content) == (200, PNG.content)
    assert headers["Content-Type"] == "image/png"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_domain_of_ones_own_stands_in_the_address(settings):
    use(settings, s3_storage(MEDIA_S3_DOMAIN="media.example.com"))
    assert default_storage.url("pictures/aa/aa.jpg") == "https://media.example.com/pictures/aa/aa.jpg"


def test_private_addresses_are_signed_and_run_out(server, settings):
    use(settings, s3_storage(MEDIA_S3_ENDPOINT_URL=server.url, MEDIA_PRIVATE="on", MEDIA_URL_SECONDS="120"))
    (name,) = save(JPG)
    url = storage.public_url(name, RequestFactory().get("/"))
    query = parse_qs(urlsplit(url).query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["120"]
    assert query["X-Amz-Signature"][0]
    status, headers, content = fetch(url)
    assert (status, content) == (200, JPG.content)
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"


# --- A dead storage -------------------------------------------------------------------------------------
@pytest.fixture
def silent() -> Iterator[str]:
    """Takes connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def refusal_takes(call: Any) -> float:
    began = time.monotonic()
    with pytest.raises(StorageUnavailable):
        call()
    return time.monotonic() - began


def test_a_storage_that_is_not_there_is_unavailable_at_once(settings):
    use(settings, s3_storage(MEDIA_S3_ENDPOINT_URL=closed()))
    assert refusal_takes(lambda: save(JPG, PNG)) < 5


def test_a_storage_that_never_answers_is_given_up(settings, silent):
    chosen = s3_storage(MEDIA_S3_ENDPOINT_URL=silent)
    given = chosen["OPTIONS"]["client_config"]
    assert given.read_timeout * given.retries["total_max_attempts"] <= 10
    chosen["OPTIONS"]["client_config"] = given.merge(Config(read_timeout=0.2))
    use(settings, chosen)
    assert refusal_takes(lambda: save(JPG, PNG)) < 5


def test_a_bucket_that_is_missing_is_unavailable(server, settings):
    use(settings, s3_storage(MEDIA_S3_ENDPOINT_URL=server.url, MEDIA_S3_BUCKET="no-such-bucket"))
    refusal_takes(lambda: save(JPG))


# --- Settings -------------------------------------------------------------------------------------------
def test_pictures_are_kept_in_a_folder_by_default(monkeypatch):
    monkeypatch.delenv("MEDIA_S3_BUCKET", raising=False)
    assert media_storage_from_env() == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


@pytest.mark.parametrize(
    "environment", [{"MEDIA_S3_BUCKET": ""}, {"MEDIA_S3_DOMAIN": "media.example.com"}], ids=str
)
def test_private_addresses_need_a_bucket_that_signs_them(environment):
    with pytest.raises(ImproperlyConfigured, match="MEDIA_PRIVATE"):
        s3_storage(MEDIA_PRIVATE="on", **environment)


def test_without_boto3_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "botocore.config", None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements/s3\.txt"):
        s3_storage()
