"""Notifications, as clients read them."""

from itertools import count
from typing import Any

from conftest import Client

NOTIFICATIONS = "/api/v1/notifications/"
_texts = count(1)


def notifications(client: Client, **parameters: Any) -> list[dict[str, Any]]:
    """The first page of what one is told."""
    answer = client.get(NOTIFICATIONS, {"page_size": 100} | parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def the_one(client: Client) -> dict[str, Any]:
    """The one thing one is told."""
    (row,) = notifications(client)
    return row


def unread(client: Client) -> int:
    answer = client.get(f"{NOTIFICATIONS}unread-count/")
    assert answer.status_code == 200, answer.content
    return answer.json()["unread_count"]


def mark_read(client: Client, pk: int) -> dict[str, Any]:
    answer = client.put(f"{NOTIFICATIONS}{pk}/read/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def comment(client: Client, post: Any, **fields: Any) -> int:
    """Comment on a post, anonymously unless said otherwise: the comment's id."""
    body = {"content": f"댓글 {next(_texts)}", "is_anonymous": True} | fields
    answer = client.post(f"/api/v1/posts/{post.pk}/comments/", body)
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]
