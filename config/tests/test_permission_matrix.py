"""Who may do what: every route × method × role. A new route fails until its row stands here."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from accounts.tests.factories import PASSWORD
from board.services.hiding import hide
from config.tests.world import ACTORS, PICTURE, World, make_world, undone, url_of, walk
from conftest import Client
from timetable.tests.reviews import ANSWERS

pytestmark = pytest.mark.django_db

# In the order of ACTORS: stranger, other school, unverified, sanctioned, user, owner, manager, moderator,
# staff.
EVERYBODY = (200,) * 9
SIGNED_IN = (401, *(200,) * 8)
OF_THE_SCHOOL = (401, 404, *(200,) * 7)
VERIFIED = (401, 404, 403, 403, 200, 200, 200, 200, 200)
CREATES = (401, 201, 403, 403, 201, 201, 201, 201, 201)
OF_THE_TWO = (401, 404, 404, 404, 200, 200, 404, 404, 404)
FOR_MODERATORS = (401, *(403,) * 6, 200, 200)
NOT_OWN = (401, 404, 403, 403, 200, 403, 200, 200, 200)


def own(status: int) -> tuple[int, ...]:
    """Of `user` alone, in whatever role the others are."""
    return (401, 404, 404, 404, status, 404, 404, 404, 404)


OWN_TIMETABLE = own(200)

MATRIX: dict[tuple[str, str], tuple[int, ...]] = {
    ("docs", "GET"): EVERYBODY,
    ("redoc", "GET"): EVERYBODY,
    ("schema", "GET"): EVERYBODY,
    ("api-root", "GET"): EVERYBODY,
    # Signing in asks for nothing but the right body.
    ("auth-signup", "POST"): (201,) * 9,
    ("auth-availability", "GET"): EVERYBODY,
    ("auth-login", "POST"): EVERYBODY,
    ("auth-refresh", "POST"): (401,) * 9,
    ("auth-logout", "POST"): (401, *(204,) * 8),
    # Devices: of `user`.
    ("session-list", "GET"): SIGNED_IN,
    ("session-list", "DELETE"): (401, *(204,) * 8),
    ("session-detail", "DELETE"): own(204),
    # People
    ("school-list", "GET"): EVERYBODY,
    ("school-detail", "GET"): EVERYBODY,
    ("user-detail", "GET"): OF_THE_SCHOOL,
    ("user-me", "GET"): SIGNED_IN,
    ("user-me", "PATCH"): SIGNED_IN,
    ("user-picture", "PUT"): SIGNED_IN,
    ("user-picture", "DELETE"): SIGNED_IN,
    # Boards
    ("board-list", "GET"): SIGNED_IN,
    ("board-list", "POST"): (401, 201, 403, 403, 201, 201, 201, 201, 403),  # staff have no school
    ("board-detail", "GET"): OF_THE_SCHOOL,
    ("board-detail", "PATCH"): (401, 404, 403, 403, 403, 403, 200, 403, 200),
    ("board-detail", "DELETE"): (401, 404, 403, 403, 403, 403, 409, 403, 204),
    ("board-pin", "PUT"): OF_THE_SCHOOL,
    ("board-pin", "DELETE"): OF_THE_SCHOOL,
    ("board-pins", "PUT"): (401, 400, *(200,) * 7),
    ("board-notice", "PUT"): (401, 404, 403, 403, 403, 403, 200, 403, 200),
    ("board-notice", "DELETE"): (401, 404, 403, 403, 403, 403, 204, 403, 204),
    ("board-offer", "POST"): (401, 404, 403, 403, 403, 403, 200, 403, 200),
    ("board-offer", "DELETE"): (401, 404, 403, 403, 403, 403, 204, 403, 204),
    ("board-accept-offer", "POST"): (401, 404, 403, 403, 200, 409, 409, 409, 409),  # it is offered to `user`
    ("board-decline-offer", "POST"): (401, 404, 409, 409, 204, 409, 409, 409, 409),
    # Posts
    ("post-list", "GET"): SIGNED_IN,
    ("post-list", "POST"): (401, 400, 403, 403, 201, 201, 201, 201, 201),
    ("post-detail", "GET"): OF_THE_SCHOOL,
    ("post-detail", "PATCH"): (401, 404, 403, 403, 403, 200, 403, 403, 403),
    ("post-detail", "DELETE"): (401, 404, 403, 403, 403, 204, 403, 403, 403),
    ("post-like", "PUT"): NOT_OWN,
    ("post-like", "DELETE"): NOT_OWN,
    ("post-scrap", "PUT"): OF_THE_SCHOOL,
    ("post-scrap", "DELETE"): OF_THE_SCHOOL,
    ("post-hide", "PUT"): (401, 404, 403, 403, 403, 403, 200, 200, 200),
    ("post-hide", "DELETE"): (401, 404, 403, 403, 403, 403, 200, 200, 200),
    # Comments
    ("post-comment-list", "GET"): OF_THE_SCHOOL,
    ("post-comment-list", "POST"): (401, 404, 403, 403, 201, 201, 201, 201, 201),
    ("reply-list", "GET"): OF_THE_SCHOOL,
    ("comment-list", "GET"): SIGNED_IN,
    ("comment-detail", "GET"): OF_THE_SCHOOL,
    ("comment-detail", "PATCH"): (401, 404, 403, 403, 403, 200, 403, 403, 403),
    ("comment-detail", "DELETE"): (401, 404, 403, 403, 403, 204, 403, 403, 403),
    ("comment-like", "PUT"): NOT_OWN,
    ("comment-like", "DELETE"): NOT_OWN,
    ("comment-hide", "PUT"): (401, 404, 403, 403, 403, 403, 200, 200, 200),
    ("comment-hide", "DELETE"): (401, 404, 403, 403, 403, 403, 200, 200, 200),
    # Pictures: of `owner`, who uploaded it for the anonymous post.
    ("media-list", "POST"): CREATES,
    ("media-detail", "PATCH"): (401, 404, 403, 403, 404, 200, 404, 404, 404),
    ("media-detail", "DELETE"): (401, 404, 403, 403, 404, 204, 404, 404, 404),
    # Messages: the rows are of `user`, and of the anonymous author, who is `owner`.
    ("conversation-list", "GET"): SIGNED_IN,
    ("conversation-detail", "GET"): OF_THE_TWO,
    ("conversation-detail", "DELETE"): (401, 404, 404, 404, 204, 204, 404, 404, 404),
    ("conversation-read", "PUT"): OF_THE_TWO,
    ("conversation-unread-count", "GET"): SIGNED_IN,
    ("message-list", "GET"): (401, 400, 400, 400, 200, 200, 400, 400, 400),
    ("message-list", "POST"): (401, 400, 403, 403, 201, 403, 201, 201, 201),
    ("message-detail", "GET"): OF_THE_TWO,
    # Blocks and reports: of `user`.
    ("block-list", "GET"): SIGNED_IN,
    ("block-list", "POST"): (401, 400, 201, 201, 201, 403, 201, 201, 201),
    ("block-detail", "DELETE"): (401, 404, 404, 404, 204, 404, 404, 404, 404),
    ("report-list", "GET"): SIGNED_IN,
    ("report-list", "POST"): (401, 400, 201, 201, 201, 403, 201, 201, 201),
    ("report-detail", "GET"): (401, 404, 404, 404, 200, 404, 404, 404, 404),
    # Notifications: of `user`.
    ("notification-list", "GET"): SIGNED_IN,
    ("notification-read", "PUT"): own(200),
    ("notification-read-all", "PUT"): SIGNED_IN,
    ("notification-unread-count", "GET"): SIGNED_IN,
    ("notification-settings", "GET"): SIGNED_IN,
    ("notification-settings", "PATCH"): SIGNED_IN,
    # Moderation
    ("case-list", "GET"): FOR_MODERATORS,
    ("case-detail", "GET"): FOR_MODERATORS,
    ("case-uphold", "POST"): FOR_MODERATORS,
    ("case-dismiss", "POST"): FOR_MODERATORS,
    ("audit-list", "GET"): FOR_MODERATORS,
    ("unmask-list", "POST"): (401, *(403,) * 7, 200),
    ("sanction-list", "GET"): FOR_MODERATORS,
    ("sanction-list", "POST"): (401, *(403,) * 6, 201, 201),
    ("sanction-detail", "GET"): FOR_MODERATORS,
    ("sanction-detail", "DELETE"): (401, *(403,) * 6, 204, 204),
    # The catalogue
    ("semester-list", "GET"): SIGNED_IN,
    ("semester-detail", "GET"): OF_THE_SCHOOL,
    ("course-list", "GET"): SIGNED_IN,
    ("course-detail", "GET"): OF_THE_SCHOOL,
    ("lecture-list", "GET"): SIGNED_IN,
    ("lecture-detail", "GET"): OF_THE_SCHOOL,
    ("lecture-facets", "GET"): (401, 400, *(200,) * 7),
    ("lecture-watch", "PUT"): OF_THE_SCHOOL,
    ("lecture-watch", "DELETE"): OF_THE_SCHOOL,
    # Timetables: of `user`, who has shared one.
    ("timetable-list", "GET"): SIGNED_IN,
    ("timetable-list", "POST"): (401, 400, *(201,) * 7),
    ("timetable-detail", "GET"): OWN_TIMETABLE,
    ("timetable-detail", "PATCH"): OWN_TIMETABLE,
    ("timetable-detail", "DELETE"): own(204),
    ("timetable-duplicate", "POST"): own(201),
    ("timetable-primary", "PUT"): OWN_TIMETABLE,
    ("timetable-share", "PUT"): OWN_TIMETABLE,
    ("timetable-share", "DELETE"): own(204),
    ("timetable-entry-list", "POST"): own(201),
    ("timetable-entry-detail", "PATCH"): OWN_TIMETABLE,
    ("timetable-entry-detail", "DELETE"): own(204),
    ("timetable-entry-seen", "PUT"): OWN_TIMETABLE,
    ("timetable-generate-list", "POST"): (401, 400, *(200,) * 7),
    # Reviews: of `owner`, about a course that `user` has had as well.
    ("review-list", "GET"): SIGNED_IN,
    ("review-list", "POST"): (401, 400, 403, 403, 201, 400, 403, 403, 403),
    ("review-detail", "GET"): OF_THE_SCHOOL,
    ("review-detail", "PATCH"): (401, 404, 403, 403, 403, 200, 403, 403, 403),
    ("review-detail", "DELETE"): (401, 404, 403, 403, 403, 204, 403, 403, 403),
    ("review-like", "PUT"): NOT_OWN,
    ("review-like", "DELETE"): NOT_OWN,
    # Exam notes: of `owner`, about a lecture that `user` has as well. `user` alone has points.
    ("exam-note-list", "GET"): SIGNED_IN,
    ("exam-note-list", "POST"): (401, 400, 403, 403, 201, 201, 403, 403, 403),
    ("exam-note-detail", "GET"): OF_THE_SCHOOL,
    ("exam-note-detail", "PATCH"): (401, 404, 403, 403, 403, 200, 403, 403, 403),
    ("exam-note-detail", "DELETE"): (401, 404, 403, 403, 403, 204, 403, 403, 403),
    # Friends: `owner` is one of `user`, and `second` would be.
    ("friend-list", "GET"): SIGNED_IN,
    ("friend-detail", "PATCH"): own(200),
    ("friend-detail", "DELETE"): own(204),
    ("friend-timetable-list", "GET"): own(200),
    ("friend-free-time", "GET"): (401, 400, 400, 400, 200, 400, 400, 400, 400),
    ("friend-request-list", "GET"): SIGNED_IN,
    ("friend-request-list", "POST"): (401, 400, 403, 403, 201, 201, 201, 201, 400),
    ("friend-request-detail", "DELETE"): own(403),
    ("friend-request-accept", "POST"): (401, 404, 403, 403, 200, 404, 404, 404, 404),
    ("friend-request-decline", "POST"): own(204),
    ("friend-invitation-list", "GET"): SIGNED_IN,
    ("friend-invitation-list", "POST"): CREATES,
    ("friend-invitation-detail", "DELETE"): own(204),
    ("friend-invitation-accept", "POST"): (401, 404, 403, 403, 200, 200, 200, 200, 404),
    ("exam-note-unlock", "POST"): (401, 404, 409, 409, 200, 403, 409, 409, 409),
    ("point-list", "GET"): SIGNED_IN,
    ("grade-summary", "GET"): SIGNED_IN,
    # Proving that one reads an address, and passwords.
    ("email-list", "POST"): (401, *(202,) * 8),
    ("email-confirm", "POST"): (401, *(400,) * 8),
    ("verification-list", "POST"): (401, 409, 202, *(409,) * 6),
    ("verification-confirm", "POST"): (401, *(400,) * 8),
    ("password-change", "POST"): (401, *(204,) * 8),
    ("auth-reset-list", "POST"): (202,) * 9,
    ("auth-reset-confirm", "POST"): (400,) * 9,
    # Leaving: the export is of `user`.
    ("user-export", "POST"): (401, *(202,) * 8),
    ("user-withdraw", "POST"): (401, *(204,) * 8),
    ("export-detail", "GET"): own(200),
    ("export-download", "GET"): own(200),
    ("shared-timetable-detail", "GET"): EVERYBODY,
    ("shared-timetable-calendar", "GET"): EVERYBODY,
}

BODIES: dict[tuple[str, str], Callable[[World], dict[str, Any]]] = {
    ("auth-signup", "POST"): lambda world: {
        "username": "newcomer",
        "email": "newcomer@example.com",
        "password": PASSWORD,
        "nickname": "새내기",
        "school": world.school.pk,
        "admission_year": 2026,
    },
    ("auth-login", "POST"): lambda world: {"username": "user", "password": PASSWORD},
    ("user-me", "PATCH"): lambda world: {"name": "김민지"},
    ("email-list", "POST"): lambda world: {"email": "other@example.com", "password": PASSWORD},
    ("email-confirm", "POST"): lambda world: {"code": "K7QM-2XRD"},
    ("verification-list", "POST"): lambda world: {"email": "minji@madang.ac.kr"},
    ("verification-confirm", "POST"): lambda world: {"code": "K7QM-2XRD"},
    ("password-change", "POST"): lambda world: {"password": PASSWORD, "new_password": "staple-battery-9"},
    ("auth-reset-list", "POST"): lambda world: {"email": world.owner.email},
    ("auth-reset-confirm", "POST"): lambda world: {
        "email": world.owner.email,
        "code": "K7QM-2XRD",
        "new_password": "staple-battery-9",
    },
    ("user-withdraw", "POST"): lambda world: {"password": PASSWORD},
    ("user-picture", "PUT"): lambda world: {"image": PICTURE},
    ("board-list", "POST"): lambda world: {"category": "club", "name": "밴드부"},
    ("board-detail", "PATCH"): lambda world: {"description": "새 설명"},
    ("board-pins", "PUT"): lambda world: {"boards": [world.board.pk]},
    ("board-notice", "PUT"): lambda world: {"post": world.named_post.pk},
    ("post-list", "POST"): lambda world: {"board": world.board.pk, "title": "제목", "content": "내용"},
    ("post-detail", "PATCH"): lambda world: {"title": "새 제목"},
    ("post-hide", "PUT"): lambda world: {"reason": "spam"},
    ("post-comment-list", "POST"): lambda world: {"content": "댓글"},
    ("comment-detail", "PATCH"): lambda world: {"content": "새 댓글"},
    ("media-list", "POST"): lambda world: {"image": PICTURE, "caption": "노을"},
    ("media-detail", "PATCH"): lambda world: {"caption": "바다"},
    ("comment-hide", "PUT"): lambda world: {"reason": "abuse"},
    ("board-offer", "POST"): lambda world: {"user": str(world.second.pk)},
    ("message-list", "POST"): lambda world: {"post": world.post.pk, "content": "쪽지"},
    ("block-list", "POST"): lambda world: {"comment": world.comment.pk},
    ("report-list", "POST"): lambda world: about("post", world.post) | {"reason": "spam"},
    ("notification-settings", "PATCH"): lambda world: {"comment": False},
    ("case-uphold", "POST"): lambda world: {"note": "욕설입니다."},
    ("case-dismiss", "POST"): lambda world: {"note": "문제 없습니다."},
    ("unmask-list", "POST"): lambda world: about("post", world.post) | {"reason": "영장"},
    ("sanction-list", "POST"): lambda world: (
        about("comment", world.comment) | {"kind": "no_writing", "until": None, "reason": "abuse"}
    ),
    ("timetable-list", "POST"): lambda world: {"semester": world.semester.pk, "name": "플랜 B"},
    ("timetable-detail", "PATCH"): lambda world: {"theme": "pastel"},
    ("timetable-entry-list", "POST"): lambda world: {
        "lecture": world.other_lecture.pk,
        "on_conflict": "replace",
    },
    ("timetable-entry-detail", "PATCH"): lambda world: {"memo": "뒷자리"},
    ("review-list", "POST"): lambda world: {
        "course": world.course.pk,
        "semester": world.semester.pk,
        **ANSWERS,
        "content": "발표가 한 번 있고 시험은 쉬웠습니다. 추천해요.",
    },
    ("review-detail", "PATCH"): lambda world: {"rating": 2},
    ("exam-note-list", "POST"): lambda world: {
        "course": world.course.pk,
        "semester": world.semester.pk,
        "kind": "final",
        "strategy": "강의록의 예제를 모두 풀어 보면 됩니다.",
        "samples": ["스택으로 큐를 만들어라."],
    },
    ("exam-note-detail", "PATCH"): lambda world: {"samples": []},
    ("friend-detail", "PATCH"): lambda world: {"display_name": "옆자리"},
    ("friend-request-list", "POST"): lambda world: {"username": "second"},
    ("timetable-generate-list", "POST"): lambda world: {
        "semester": world.semester.pk,
        "groups": [{"lectures": [world.lecture.pk, world.other_lecture.pk]}],
    },
}
QUERIES: dict[tuple[str, str], Callable[[World], str]] = {
    ("auth-availability", "GET"): lambda world: "?username=newcomer",
    ("message-list", "GET"): lambda world: f"?conversation={world.begun.pk}",
    ("lecture-facets", "GET"): lambda world: f"?semester={world.semester.pk}",
    ("friend-free-time", "GET"): lambda world: f"?semester={world.semester.pk}&users={world.owner.pk}",
}


def about(kind: str, row: Any) -> dict[str, Any]:
    return {"target_kind": kind, "target_id": row.pk}


def call(world: World, name: str, method: str, actor: str) -> Any:
    params = next(route.params for route in walk() if route.name == name)
    url = url_of(name, params, world) + QUERIES.get((name, method), lambda world: "")(world)
    body = BODIES.get((name, method), lambda world: {})(world)
    return send(Client(world.people[actor]), method, url, body)


def send(client: Client, method: str, url: str, body: dict[str, Any]) -> Any:
    """Send a body as JSON; as a form where there are bytes in it, which are a file."""
    files = {
        name: SimpleUploadedFile("picture.png", value)
        for name, value in body.items()
        if isinstance(value, bytes)
    }
    if files:
        return client.generic(method, url, encode_multipart(BOUNDARY, body | files), MULTIPART_CONTENT)
    return client.generic(method, url, json.dumps(body), "application/json")


def test_every_route_and_method_has_a_row():
    routes = {(route.name, method) for route in walk() for method in route.methods}
    assert routes == set(MATRIX)


def answers(name: str, method: str, world: World) -> dict[str, Any]:
    """What each role is answered, as the first to ask. A world for each would take far longer than asking."""
    found = {}
    for actor in ACTORS:
        with undone():
            found[actor] = call(world, name, method, actor)
    return found


@pytest.mark.parametrize("route", MATRIX, ids="-".join)
def test_each_role_gets_its_status(route):
    statuses = {actor: response.status_code for actor, response in answers(*route, make_world()).items()}
    assert statuses == dict(zip(ACTORS, MATRIX[route], strict=True))


# What is hidden: others than the author and those who decide get a 404, whatever the method.
HIDDEN_SEEN_BY = {"owner", "manager", "moderator", "staff"}
# Who one is comes first: a write is refused before anything is looked up.
REFUSED_FIRST = {
    "stranger": "not_authenticated",
    "unverified": "verification_required",
    "sanctioned": "sanctioned",
}


@pytest.mark.parametrize(
    "route",
    [key for key in MATRIX if key[0].split("-")[0] in ("post", "comment") and not key[0].endswith("t-list")]
    + [("post-comment-list", "GET"), ("post-comment-list", "POST"), ("reply-list", "GET")],
    ids="-".join,
)
def test_a_hidden_post_and_its_comments_exist_for_few(route):
    world = make_world()
    hide(user=world.moderator, content=world.post, reason="abuse")
    for actor, response in answers(*route, world).items():
        if actor in HIDDEN_SEEN_BY:
            assert response.status_code != 404, actor
        elif response.status_code in (401, 403):
            assert response.json()["errors"][0]["code"] == REFUSED_FIRST[actor]
        else:
            assert response.status_code == 404, (actor, response.content[:500])


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_a_route_lacks_is_405_for_users_and_401_for_strangers(method):
    world = make_world()
    for route in walk():
        if method in route.methods or route.name in ("docs", "redoc", "schema", "api-root"):
            continue
        user = call_lacking(world, route.name, method, "user")
        assert user.status_code == 405, route.name
        assert user.json()["errors"][0]["code"] == "method_not_allowed"
        stranger = call_lacking(world, route.name, method, "stranger")
        public = route.name.split("-")[0] in ("auth", "school", "shared")
        assert stranger.status_code == (405 if public else 401), route.name


def call_lacking(world: World, name: str, method: str, actor: str) -> Any:
    params = next(route.params for route in walk() if route.name == name)
    return Client(world.people[actor]).generic(method, url_of(name, params, world))
