"""Uploading pictures, and what one does with one's own."""

import json
import struct
import zlib
from uuid import UUID, uuid4

import pytest
from PIL import Image

from accounts.tests.factories import StaffFactory, UserFactory
from api.images import MAX_BYTES
from api.tests.helpers import codes, make_picture
from board.models import PostMedia
from board.services.hiding import hide
from board.tests.factories import make_comment
from board.tests.media import MEDIA, files_of, path_of, posted, read, upload, uploaded, write
from conftest import Client

pytestmark = pytest.mark.django_db


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width, height):
    """The header of a picture that would be huge, were it there."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


# --- What comes in ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "extension"), [("JPEG", "jpg"), ("PNG", "jpg"), ("WEBP", "jpg"), ("GIF", "jpg")]
)
def test_a_picture_of_each_format_is_drawn_anew(api, user, stored, kind, extension):
    answer = upload(api, make_picture(kind, (2000, 1000)), caption="노을")
    assert answer.status_code == 201
    media = PostMedia.objects.get()
    assert answer.json() == {
        "id": str(media.pk),
        "url": f"http://testserver/media/{media.image.name}",
        "thumbnail_url": f"http://testserver/media/{media.thumbnail.name}",
        "width": 1280,
        "height": 640,
        "caption": "노을",
    }
    assert media.uploader == user
    assert media.post is None
    assert media.size == sum(len(read(name)) for name in media.files)
    assert stored() == set(media.files)
    assert media.image.name.endswith(f".{extension}")


def test_a_moving_picture_still_moves(api):
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("red", "green", "blue")]
    answer = upload(api, make_picture("GIF", save_all=True, append_images=frames))
    assert answer.json()["url"].endswith(".gif")
    assert answer.json()["thumbnail_url"].endswith(".jpg")


def test_nothing_that_stood_in_the_file_is_stored(api, stored):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Vesper"
    exif[0x8825] = {1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 40.0)}
    sent = make_picture("JPEG", exif=exif, comment=b"taken at home")
    assert b"Vesper" in sent
    assert b"at home" in sent
    assert upload(api, sent).status_code == 201
    for name in stored():
        kept = read(name)
        assert not any(word in kept for word in (b"Exif", b"Vesper", b"at home"))


@pytest.mark.parametrize("name", ["사진.exe", "../../etc/passwd", "a" * 300 + ".png", "x.svg"])
def test_the_name_of_the_file_says_nothing(api, name):
    answer = upload(api, name=name)
    assert answer.status_code == 201
    names = PostMedia.objects.get().files
    assert all(name.count("/") == 2 and name.startswith("attachments/") for name in names)
    assert all(UUID(hex=name.rpartition("/")[2].partition(".")[0]) for name in names)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "polyglot"),
        (b"<html><script>alert(1)</script></html>", "polyglot"),
        (make_picture("GIF") + b"<script>alert(1)</script>", "polyglot"),
        (make_picture("BMP"), "invalid_image"),
        (make_picture("JPEG", (200, 200))[:500], "invalid_image"),
        (b"no picture", "invalid_image"),
        (png_of(50_000, 50_000), "too_many_pixels"),
        (b"", "empty"),
    ],
    ids=["svg", "html", "polyglot", "bmp", "cut", "text", "bomb", "empty"],
)
def test_what_is_no_picture_is_refused_and_not_stored(api, stored, content, code):
    answer = upload(api, content, name="사진.jpg")
    assert answer.status_code == 400
    assert codes(answer) == {("image", code)}
    assert not PostMedia.objects.exists()
    assert stored() == set()


@pytest.mark.parametrize(
    ("claimed", "status"), [(None, 413), (1000, 400), (0, 400), (-1, 400), ("a lot", 400)]
)
def test_a_file_over_the_limit_is_refused_whatever_its_length_claims(api, stored, claimed, status):
    """What lies beyond a length that claims too little is not read, and then there is no whole form."""
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    body = head + make_picture() + b"\0" * (11 * 1024 * 1024) + b"\r\n--b--\r\n"
    extra = {} if claimed is None else {"CONTENT_LENGTH": claimed}
    answer = api.generic("POST", MEDIA, body, "multipart/form-data; boundary=b", **extra)
    assert answer.status_code == status
    assert stored() == set()


def test_bytes_are_counted_as_they_come_in(api):
    """The form is within what is read at all; its file is one byte over the limit, or just within."""
    assert upload(api, b"\0" * (MAX_BYTES + 1)).status_code == 413
    assert upload(api, b"\0" * MAX_BYTES).status_code == 400


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"no form", "multipart/form-data; boundary=b", 400),
        (b"", "multipart/form-data; boundary=b", 400),
        (b"--b\r\n", "multipart/form-data", 400),
        (
            b'--b\r\nContent-Disposition: form-data; name="image"\r\n\r\ntext\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            400,
        ),
        (json.dumps({"image": "x"}).encode(), "application/json", 415),
        (make_picture(), "image/png", 415),
        (b"image=x", "application/x-www-form-urlencoded", 415),
    ],
)
def test_what_is_no_form_with_a_file_is_told_so(api, body, content_type, status):
    answer = api.generic("POST", MEDIA, body, content_type)
    assert answer.status_code == status, answer.content


def test_a_form_without_a_picture_names_the_field(api):
    answer = api.post(MEDIA, {"caption": "노을"}, format="multipart")
    assert codes(answer) == {("image", "required")}


@pytest.mark.parametrize(("caption", "status"), [("가" * 200, 201), ("가" * 201, 400), ("", 201)])
def test_a_caption_has_at_most_200_characters(api, caption, status):
    answer = upload(api, caption=caption)
    assert answer.status_code == status
    if status == 400:
        assert codes(answer) == {("caption", "max_length")}


def test_only_who_may_write_uploads(school, stored):
    answer = upload(Client(UserFactory(school=school, school_verified_at=None)))
    assert answer.status_code == 403
    assert codes(answer) == {(None, "verification_required")}
    assert stored() == set()


def test_uploads_are_limited(api, settings, monkeypatch):
    monkeypatch.setattr("api.throttling.ActionThrottle.get_rate", lambda self: "1/hour")
    assert upload(api).status_code == 201
    answer = upload(api)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_a_storage_that_fails_is_a_503_and_no_row(api, dead_storage):
    api.raise_request_exception = False
    answer = upload(api)
    assert answer.status_code == 503
    assert codes(answer) == {(None, "storage_unavailable")}
    assert answer["Retry-After"] == "5"
    assert not PostMedia.objects.exists()


def test_a_row_that_cannot_be_written_leaves_no_file(api, stored, monkeypatch):
    monkeypatch.setattr(PostMedia.objects, "create", lambda **fields: 1 / 0)
    api.raise_request_exception = False
    assert upload(api).status_code == 500
    assert stored() == set()


# --- One's own ------------------------------------------------------------------------------------------
def test_a_caption_changes(api):
    (pk,) = uploaded(api, caption="노을")
    answer = api.patch(f"{MEDIA}{pk}/", {"caption": "바다"})
    assert answer.status_code == 200
    assert answer.json()["caption"] == "바다"
    assert PostMedia.objects.get().caption == "바다"


def test_a_caption_is_json(api):
    (pk,) = uploaded(api)
    assert api.patch(f"{MEDIA}{pk}/", {"caption": "바다"}, format="multipart").status_code == 415


def test_changing_a_caption_edits_the_post(api, board):
    post = posted(api, board)
    url = f"{MEDIA}{post['media'][0]['id']}/"
    api.patch(url, {"caption": ""})
    assert api.get(path_of(post)).json()["edited_at"] is None
    api.patch(url, {"caption": "바다"})
    row = api.get(path_of(post)).json()
    assert row["edited_at"] is not None
    assert row["media"][0]["caption"] == "바다"


def test_a_deleted_picture_leaves_its_post_and_takes_its_files(api, board, stored):
    post = posted(api, board, 3)
    first, second, third = (picture["id"] for picture in post["media"])
    gone = files_of(first)
    assert api.delete(f"{MEDIA}{first}/").status_code == 204
    row = api.get(path_of(post)).json()
    assert [picture["id"] for picture in row["media"]] == [second, third]
    assert row["media_count"] == 2
    assert row["thumbnail_url"] == row["media"][0]["thumbnail_url"]
    assert row["edited_at"] is not None
    assert len(stored()) == 4
    assert not stored() & gone
    assert api.delete(f"{MEDIA}{first}/").status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_picture_is_there_for_who_uploaded_it_alone(api, board, school, manager, method):
    """Also for those who decide, and who see it in the post: the very answer for what is not there."""
    post = posted(api, board)
    others = [
        UserFactory(school=school),
        manager,
        UserFactory(school=school, is_moderator=True),
        StaffFactory(),
    ]
    for other in others:
        client = Client(other)
        answers = [
            getattr(client, method)(f"{MEDIA}{pk}/", {"caption": "내 것"})
            for pk in (post["media"][0]["id"], uploaded(api)[0], uuid4())
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    assert PostMedia.objects.filter(caption="").count() == 1 + len(others)


def test_there_is_no_list_of_pictures(api):
    (pk,) = uploaded(api)
    assert api.get(MEDIA).status_code == 405
    assert api.get(f"{MEDIA}{pk}/").status_code == 405
    assert api.get(f"{MEDIA}latest/").status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_picture_of_a_hidden_post_stays_as_it_is(api, board, manager, stored, method):
    post = posted(api, board)
    media = PostMedia.objects.get()
    hide(user=manager, content=media.post, reason="abuse")
    answer = getattr(api, method)(f"{MEDIA}{media.pk}/", {"caption": "바다"})
    assert answer.status_code == 409
    assert codes(answer) == {(None, "frozen")}
    assert len(stored()) == 2
    assert api.get(path_of(post)).json()["media"][0]["caption"] == ""


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_picture_of_an_answered_question_stays_as_it_is(api, board, stored, method):
    posted(api, board, is_question=True)
    media = PostMedia.objects.get()
    make_comment(media.post)
    answer = getattr(api, method)(f"{MEDIA}{media.pk}/", {"caption": "바다"})
    assert answer.status_code == 409
    assert codes(answer) == {(None, "question_answered")}
    assert len(stored()) == 2


def test_a_picture_of_a_post_that_is_deleted_is_gone(api, board):
    post = posted(api, board)
    api.delete(path_of(post))
    assert api.patch(f"{MEDIA}{post['media'][0]['id']}/", {"caption": "바다"}).status_code == 404


def test_a_picture_goes_into_one_post_alone(api, board):
    (pk,) = uploaded(api)
    assert write(api, board, [pk]).status_code == 201
    answer = write(api, board, [pk], title="다른 글")
    assert answer.status_code == 400
    assert codes(answer) == {("media.0", "does_not_exist")}
