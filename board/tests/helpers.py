"""Messages, as clients write and read them."""

from itertools import count
from typing import Any

from board.models import Comment, Post
from conftest import Client

MESSAGES = "/api/v1/messages/"
CONVERSATIONS = "/api/v1/conversations/"
_texts = count(1)


def send(client: Client, **fields: Any) -> Any:
    """Send a message, with a text of its own unless one is given."""
    return client.post(MESSAGES, {"content": f"쪽지 {next(_texts)}"} | fields)


def begin(client: Client, origin: Post | Comment, **fields: Any) -> int:
    """The conversation that a first message begins."""
    answer = send(client, **{"comment" if isinstance(origin, Comment) else "post": origin.pk}, **fields)
    assert answer.status_code == 201, answer.content
    return answer.json()["conversation"]


def write(client: Client, conversation: int, number: int = 1) -> list[int]:
    """Write so many messages into a conversation: their ids."""
    answers = [send(client, conversation=conversation) for _ in range(number)]
    assert {answer.status_code for answer in answers} <= {201}, answers[0].content
    return [answer.json()["id"] for answer in answers]


def conversations(client: Client, **parameters: Any) -> list[dict[str, Any]]:
    """The first page of one's conversations."""
    return client.get(CONVERSATIONS, parameters).json()["results"]


def conversation_of(client: Client, pk: int) -> dict[str, Any]:
    answer = client.get(f"{CONVERSATIONS}{pk}/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def messages(client: Client, conversation: int, **parameters: Any) -> list[dict[str, Any]]:
    """The first page of a conversation's messages."""
    answer = client.get(MESSAGES, {"conversation": conversation} | parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def unread(client: Client) -> int:
    return client.get(f"{CONVERSATIONS}unread-count/").json()["unread_count"]


def pages(client: Client, url: str) -> list[list[int]]:
    """The ids on each page of a list, following `next`."""
    found = []
    while url:
        answer = client.get(url).json()
        found.append(ids(answer["results"]))
        url = answer["next"]
    return found


def block(client: Client, **surface: Any) -> int:
    """Block, through one of `blocks/`' fields: the block's id."""
    answer = client.post(
        "/api/v1/blocks/", {name: str(pk) if name == "user" else pk for name, pk in surface.items()}
    )
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def lift(client: Client, pk: int) -> None:
    assert client.delete(f"/api/v1/blocks/{pk}/").status_code == 204
