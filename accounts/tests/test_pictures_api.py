"""The picture beside one's name."""

import logging

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Sanction
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes, make_picture
from conftest import Client

pytestmark = pytest.mark.django_db

ME = "/api/v1/users/me/"
URL = f"{ME}picture/"


def put(client, content=None):
    file = SimpleUploadedFile("나.png", make_picture() if content is None else content)
    return client.put(URL, {"image": file}, format="multipart")


def test_a_picture_is_kept_as_a_square(api, user, stored):
    answer = put(api, make_picture("JPEG", (600, 400)))
    assert answer.status_code == 200
    assert answer.json() == api.get(ME).json()
    (name,) = stored()
    assert answer.json()["picture"] == f"http://testserver/media/{name}"
    assert name.startswith("pictures/")
    with default_storage.open(name) as file:
        assert Image.open(file).size == (256, 256)


def test_another_picture_takes_the_place_of_the_first(api, stored):
    put(api)
    (first,) = stored()
    put(api)
    (second,) = stored()
    assert first != second


def test_a_deleted_picture_takes_its_file(api, stored):
    put(api)
    for _ in range(2):
        answer = api.delete(URL)
        assert answer.status_code == 200
        assert answer.json()["picture"] is None
        assert stored() == set()


def test_what_is_no_picture_leaves_the_one_before(api, stored):
    put(api)
    before = stored()
    answer = put(api, b"<svg/>")
    assert codes(answer) == {("image", "polyglot")}
    assert codes(api.put(URL, {}, format="multipart")) == {("image", "required")}
    assert api.put(URL, {"image": "x"}).status_code == 415
    assert stored() == before
    assert api.get(ME).json()["picture"]


def test_a_storage_that_fails_leaves_the_one_before(api, request):
    before = put(api).json()["picture"]
    request.getfixturevalue("dead_storage")
    api.raise_request_exception = False
    answer = put(api)
    assert answer.status_code == 503
    assert codes(answer) == {(None, "storage_unavailable")}
    assert api.get(ME).json()["picture"] == before


def test_a_file_that_cannot_be_deleted_keeps_nobody_from_having_none(api, user, request, caplog):
    put(api)
    request.getfixturevalue("dead_storage")
    caplog.set_level(logging.INFO)
    assert api.delete(URL).json()["picture"] is None
    assert [record.name for record in caplog.records if record.levelname == "ERROR"] == ["api.storage"]
    assert not any(trace in caplog.text for trace in (user.username, user.nickname, str(user.pk)))


def test_everybody_who_is_signed_in_has_a_picture(user, anonymous):
    sanctioned = UserFactory(school=user.school)
    moderator = UserFactory(school=user.school, is_moderator=True)
    kind = Sanction.Kind.NO_WRITING
    sanction_user(user=moderator, sanctioned=sanctioned, kind=kind, until=None, reason="spam")
    for person in (UserFactory(school_verified_at=None), sanctioned, StaffFactory()):
        assert put(Client(person)).status_code == 200
    assert put(anonymous).status_code == 401


def test_uploads_are_limited(api, monkeypatch):
    monkeypatch.setattr("api.throttling.ActionThrottle.get_rate", lambda self: "1/hour")
    assert put(api).status_code == 200
    assert put(api).status_code == 429
    assert api.delete(URL).status_code == 200


def test_a_change_of_the_name_at_the_same_time_is_not_undone(api, user):
    """Each writes its own columns alone."""
    put(api)
    api.patch(ME, {"name": "김민지"})
    api.delete(URL)
    user.refresh_from_db()
    assert (user.name, user.picture.name) == ("김민지", "")
