"""`sweep_media`: pictures that no post took, and files that nothing names."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from api import storage
from api.images import square
from api.storage import files_in, stored
from api.tests.pictures import picture
from board.models import PostMedia
from board.services import media as services
from board.services.media import FOLDER, upload_media
from board.services.posts import create_post
from board.tests.factories import BoardFactory
from config.tests.s3 import LOCAL, Server, s3_storage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(params=["local", "s3"], autouse=True)
def anywhere(request, tmp_path, settings) -> None:
    if request.param == "local":
        settings.MEDIA_ROOT = str(tmp_path)
        settings.STORAGES = settings.STORAGES | LOCAL
    else:
        server = request.getfixturevalue("server")
        server.empty()
        chosen = s3_storage(MEDIA_S3_ENDPOINT_URL=server.url)
        settings.STORAGES = settings.STORAGES | {"default": chosen}


def run(**options: bool) -> str:
    out = StringIO()
    call_command("sweep_media", stdout=out, **options)
    return out.getvalue()


def tomorrow(**options: bool) -> str:
    """Run it a day and a bit later."""
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        return run(**options)


def files(folder: str = FOLDER) -> set[str]:
    return set(files_in(folder))


def upload(user: User) -> PostMedia:
    return upload_media(user=user, image=picture())


def lone_file(folder: str = FOLDER) -> str:
    """A file whose row never came: a process was killed between the two."""
    with stored(folder, square(picture())) as (name,):
        return name


def test_what_no_post_took_in_a_day_goes_with_its_files(user):
    taken, left = upload(user), upload(user)
    create_post(
        user=user, board=BoardFactory(school=user.school), title="급식", content="맛", media=[taken.pk]
    )
    assert f"pictures in no post: 1, {left.size} bytes" in tomorrow()
    assert PostMedia.objects.get() == taken
    assert files() == set(taken.files)


def test_what_was_uploaded_today_stays(user):
    made = upload(user)
    name = lone_file()
    assert "pictures in no post: 0, 0 bytes" in run()
    assert files() == {*made.files, name}


def test_files_that_nothing_names_go(user):
    made = upload(user)
    create_post(
        user=user, board=BoardFactory(school=user.school), title="급식", content="맛", media=[made.pk]
    )
    size = default_storage.size(lone_file())
    assert f"files in attachments/ that nothing names: 1, {size} bytes" in tomorrow()
    assert files() == set(made.files)


def test_pictures_of_users_stay_while_they_are_theirs(user):
    mine, old = lone_file("pictures"), lone_file("pictures")
    User.objects.filter(pk=user.pk).update(picture=mine)
    assert f"files in pictures/ that nothing names: 1, {default_storage.size(old)} bytes" in tomorrow()
    assert files("pictures") == {mine}


def test_a_dry_run_says_the_same_and_deletes_nothing(user):
    upload(user)
    names = {lone_file(), lone_file("pictures"), *files()}
    outlook = tomorrow(dry_run=True)
    assert PostMedia.objects.count() == 1
    assert files() | files("pictures") == names
    assert outlook == tomorrow() + "This was a dry run. Nothing was deleted.\n"
    assert not files() | files("pictures")


def test_other_folders_are_left_alone(user):
    with stored("exports", square(picture())) as (name,):
        pass
    tomorrow()
    assert default_storage.exists(name)


def test_a_picture_that_a_post_takes_at_the_last_moment_stays(user, monkeypatch):
    made, board = upload(user), BoardFactory(school=user.school)
    real = services.sweep_one

    def late(pk: Any) -> int | None:
        create_post(user=user, board=board, title="급식", content="맛", media=[pk])
        return real(pk)

    monkeypatch.setattr(services, "sweep_one", late)
    assert "pictures in no post: 0, 0 bytes" in tomorrow()
    assert files() == set(made.files)


def test_an_upload_that_is_under_way_keeps_its_files(user):
    with stored(FOLDER, square(picture())) as (name,):
        run()
        assert default_storage.exists(name)


def test_one_file_that_fails_ends_no_sweep(user, monkeypatch, caplog):
    upload(user)
    bad, good = lone_file(), lone_file("pictures")
    real = default_storage.delete

    def delete(name: str) -> None:
        if name == bad:
            raise OSError("broken")
        real(name)

    monkeypatch.setattr(storages["default"], "delete", delete)
    with pytest.raises(CommandError, match="1 files could not be swept"):
        tomorrow()
    assert not PostMedia.objects.exists()
    assert (files(), files("pictures")) == ({bad}, set())
    assert good


def test_a_file_of_a_row_that_could_not_be_removed_is_swept_the_next_time(user, monkeypatch):
    upload(user)
    with monkeypatch.context() as patched:
        patched.setattr(storage, "remove", lambda names: None)
        patched.setattr(storages["default"], "delete", lambda name: 1 / 0)
        with pytest.raises(CommandError, match="2 files"):
            tomorrow()
    assert "nothing names: 2," in tomorrow()
    assert not files()


def test_a_storage_that_can_not_be_listed_is_named(monkeypatch):
    monkeypatch.setattr(storages["default"], "listdir", lambda name: 1 / 0)
    with pytest.raises(CommandError, match=r"attachments/ can't be listed"):
        run()
