"""Friends, and requests to be friends, as clients make and read them."""

from typing import Any

from accounts.models import User
from conftest import Client
from timetable.models import Friendship
from timetable.tests.helpers import ok

REQUESTS = "/api/v1/friend-requests/"
INVITATIONS = "/api/v1/friend-invitations/"
FRIENDS = "/api/v1/friends/"
BLOCKS = "/api/v1/blocks/"
MISSING = 987_654_321


def ask(asker: User, asked: User) -> Any:
    """Send a request: the answer."""
    return Client(asker).post(REQUESTS, {"username": asked.username})


def requests_of(user: User, direction: str = "") -> list[dict[str, Any]]:
    query = {"direction": direction} if direction else {}
    return ok(Client(user).get(REQUESTS, query))["results"]


def friends_of(user: User) -> list[str]:
    """The nicknames of somebody's friends, the newest first."""
    return [row["user"]["nickname"] for row in ok(Client(user).get(FRIENDS))["results"]]


def befriend(one: User, other: User) -> Friendship:
    """Make two people friends, through the API."""
    pk = ok(ask(one, other))["id"]
    ok(Client(other).post(f"{REQUESTS}{pk}/accept/"))
    return Friendship.objects.get(pk=pk)


def block(blocker: User, blocked: User) -> int:
    """Block somebody by the name: the block's id."""
    return ok(Client(blocker).post(BLOCKS, {"user": str(blocked.pk)}))["id"]


def unblock(blocker: User, pk: int) -> None:
    ok(Client(blocker).delete(f"{BLOCKS}{pk}/"))


def invitation_of(user: User) -> str:
    """The path of a new invitation of somebody's."""
    return accept_url(ok(Client(user).post(INVITATIONS))["token"])


def accept_url(token: str) -> str:
    return f"{INVITATIONS}{token}/accept/"


def told(user: User, kind: str) -> list[dict[str, Any]]:
    """What somebody is told of this kind."""
    rows = ok(Client(user).get("/api/v1/notifications/"))["results"]
    return [row for row in rows if row["kind"] == kind]
