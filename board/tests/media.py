"""Pictures, as clients upload and attach them."""

from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from api.tests.helpers import make_picture
from board.models import PostMedia
from conftest import Client

MEDIA = "/api/v1/media/"
POSTS = "/api/v1/posts/"
BODY = {"title": "제목", "content": "내용"}


def upload(client: Client, content: bytes | None = None, name: str = "사진.png", **fields: Any) -> Any:
    file = SimpleUploadedFile(name, make_picture() if content is None else content)
    return client.post(MEDIA, {"image": file} | fields, format="multipart")


def uploaded(client: Client, number: int = 1, **fields: Any) -> list[str]:
    """Upload so many pictures: their ids."""
    answers = [upload(client, **fields) for _ in range(number)]
    assert {answer.status_code for answer in answers} <= {201}, answers[0].content
    return [answer.json()["id"] for answer in answers]


def write(client: Client, board: Any, media: list[Any], **fields: Any) -> Any:
    return client.post(POSTS, {"board": board.pk, "media": media} | BODY | fields)


def posted(client: Client, board: Any, number: int = 1, **fields: Any) -> dict[str, Any]:
    """A new post with so many pictures, as it is answered."""
    answer = write(client, board, uploaded(client, number), **fields)
    assert answer.status_code == 201, answer.content
    return answer.json()


def ids(post: dict[str, Any]) -> list[str]:
    return [picture["id"] for picture in post["media"]]


def path_of(post: dict[str, Any]) -> str:
    return f"{POSTS}{post['id']}/"


def files_of(pk: str) -> set[str]:
    return set(PostMedia.objects.get(pk=pk).files)


def read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())
