"""Somebody leaves: nothing of theirs is left in any table, and nothing that others see moves."""

from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session as BrowserSession
from django.core.files.storage import default_storage, storages
from django.test import Client as Browser
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditLog, Letter, ModerationCase, Sanction, User
from accounts.services.cases import dismiss, uphold
from accounts.services.mail import write_letter
from accounts.services.reports import report
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import PASSWORD, StaffFactory
from api.tests.helpers import at_once
from board.models import Comment, Post, PostMedia
from board.services import counters as board_counters
from board.services.media import upload_media
from config.tests.test_non_interference import normal
from config.tests.world import PICTURE, World, make_world, undone
from conftest import Client
from timetable.models import CatalogueImport, Lecture
from timetable.services import counters as timetable_counters
from timetable.services.entries import add_own
from timetable.services.friends import accept_request, ask_friend
from timetable.services.lectures import watch
from timetable.services.reviews import create_review
from timetable.tests.reviews import ANSWERS
from timetable.times import Meeting

pytestmark = pytest.mark.django_db

DEVICE, ADDRESS, EMAIL = "유령고래의 태블릿", "203.0.113.77", "vesper@whale.example"


@pytest.fixture
def world(request):
    """One in which the ghost has done everything there is to do, also through the API."""
    world = make_world(author="ghost")
    ghost: Any = world.ghost
    client = Client(REMOTE_ADDR=ADDRESS)
    body = {"username": ghost.username, "password": PASSWORD, "device": DEVICE}
    tokens = client.post("/api/v1/auth/login/", body).json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    board, post = world.board.pk, world.named_post.pk
    liked = Comment.objects.filter(author=world.user).values_list("pk", flat=True)[0]
    review = create_review(user=world.owner, course=world.course, semester=world.semester, **ANSWERS)
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("post", "posts/", {"board": board, "title": "실명 글", "content": "내용", "is_anonymous": False}),
        ("put", f"posts/{post}/like/", {}),
        ("put", f"posts/{post}/scrap/", {}),
        ("put", f"boards/{board}/pin/", {}),
        ("post", "boards/", {"category": "club", "name": "고래부"}),
        ("post", "reports/", {"target_kind": "post", "target_id": post, "reason": "spam", "note": "광고"}),
        ("post", "blocks/", {"user": str(world.second.pk)}),
        ("patch", "notifications/settings/", {"hot": False}),
        ("post", "friend-invitations/", {}),
        ("post", "users/me/export/", {}),
        ("post", f"posts/{post}/comments/", {"content": "나야", "is_anonymous": False}),
        ("put", f"comments/{liked}/like/", {}),
        ("put", f"reviews/{review.pk}/like/", {}),
        ("post", "auth/email/", {"email": EMAIL, "password": PASSWORD}),
    ]
    statuses = [
        getattr(client, method)(
            f"/api/v1/{path}", body, headers={"Idempotency-Key": f"key-{number}"}
        ).status_code
        for number, (method, path, body) in enumerate(calls)
    ]
    assert statuses == [201, 200, 200, 200, 201, 201, 201, 200, 201, 202, 201, 200, 200, 202]
    accept_request(user=world.user, request=ask_friend(user=ghost, other=world.user))
    watch(user=ghost, lecture=world.other_lecture, wanted=True)
    add_own(timetable=ghost.timetables.get(), title="고래 구경", times=[Meeting(6, 60, 120)], memo="비밀")
    upload_media(user=ghost, image=PICTURE)
    Client(world.second).post("/api/v1/blocks/", {"user": str(ghost.pk)})
    sanction_user(user=world.moderator, sanctioned=ghost, kind="no_writing", until=None, reason="spam")
    operator = StaffFactory(is_superuser=True)
    LogEntry.objects.log_actions(
        operator.pk, User.objects.filter(pk=ghost.pk), CHANGE, "", single_object=True
    )
    Browser().force_login(ghost)  # as one who was an operator once
    # What the ghost does last waits for a worker.
    request.getfixturevalue("queued")
    assert client.post("/api/v1/users/me/export/").status_code == 202
    write_letter(user=ghost, kind=Letter.Kind.PASSWORD_CHANGED, address=ghost.email, language="ko")
    return world


def traces(world: World) -> list[str]:
    ghost: Any = world.ghost
    return [
        str(ghost.pk),
        ghost.pk.hex,
        ghost.username,
        ghost.nickname,
        ghost.name,
        ghost.email,
        ghost.picture.name,
        DEVICE,
        ADDRESS,
        EMAIL,
    ]


def found(world: World) -> dict[str, set[str]]:
    """Where in the database the ghost is: each table, and by which traces."""
    searched = traces(world)
    where: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.values():
            text = repr(row)
            if model is BrowserSession:
                text = repr(BrowserSession.objects.get(pk=row["session_key"]).get_decoded())
            if hits := {trace for trace in searched if trace in text}:
                where.setdefault(model._meta.label, set()).update(hits)
    return where


def leave(world: World) -> None:
    assert Client(world.ghost).post("/api/v1/users/me/withdraw/", {"password": PASSWORD}).status_code == 204


def decide(world: World) -> ModerationCase:
    """What a moderator and an operator leave behind, which the ghost was once; a case of what they said."""
    ghost: Any = world.ghost
    said = Comment.objects.get(content="나야")
    cases = [
        report(user=world.user, target_kind=kind, target_id=row.pk, reason="abuse").case
        for kind, row in (("comment", said), ("message", world.message))
    ]
    dismiss(user=ghost, case=cases[0], note="")
    uphold(user=ghost, case=cases[1], note="")
    CatalogueImport.objects.create(semester=world.semester, format="csv", file_name="a", uploaded_by=ghost)
    ghost.groups.add(Group.objects.create(name="helpers"))
    ghost.user_permissions.add(Permission.objects.all()[0])
    return cases[0]


def test_nothing_of_who_left_is_in_any_table(world):
    case = decide(world)
    before = found(world)
    # The search finds what it should, or finding nothing would say nothing: each table that names a user, and
    # what names them without a key.
    names_users = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if any(field.related_model is User for field in model._meta.concrete_fields)
    }
    assert {
        "accounts.Verification",
        "accounts.Letter",
        "accounts.ModerationCase",
        "board.CommentLike",
        "timetable.ReviewLike",
    } <= names_users
    assert names_users | {"accounts.User", "sessions.Session"} <= set(before)
    assert {trace for hits in before.values() for trace in hits} == set(traces(world))
    assert DBTaskResult.objects.exists()
    leave(world)
    assert found(world) == {}
    # What was reported is kept for those who decide, and says nothing of its author but what they wrote.
    case.refresh_from_db()
    assert (case.snapshot["content"], case.decided_by) == ("나야", None)


def test_what_others_did_to_who_left_still_belongs_together(world):
    named = {"target_kind": "user", "target_id": str(world.ghost.pk)}
    sanction, entry = Sanction.objects.get(**named), AuditLog.objects.get(**named)
    leave(world)
    sanction.refresh_from_db()
    entry.refresh_from_db()
    assert sanction.target_id == entry.target_id != str(world.ghost.pk)
    assert (sanction.user, sanction.lifted_at) == (None, None)


def seen(world: World) -> dict[str, bytes]:
    """What `second` and the moderator see of what was written."""
    paths = [
        f"posts/{world.post.pk}/",
        f"posts/{world.post.pk}/comments/",
        f"posts/{world.question.pk}/comments/",
        f"posts/{world.named_post.pk}/",
        f"reviews/{world.review.pk}/",
        f"exam-notes/{world.exam_note.pk}/",
        "moderation/cases/",
    ]
    clients = {role: Client(world.people[role]) for role in ("second", "moderator")}
    return {
        f"{role} {path}": client.get(f"/api/v1/{path}").content
        for role, client in clients.items()
        for path in paths
    }


def test_what_stands_without_a_name_does_not_change(world):
    before = seen(world)
    assert any(b"post_author" in content for content in before.values())
    leave(world)
    assert seen(world) == before


def test_what_stood_under_a_name_says_that_they_left(world):
    post, comment = Post.objects.get(title="실명 글"), Comment.objects.get(content="나야")
    client = Client(world.second)
    edited = client.get(f"/api/v1/posts/{post.pk}/").json()["edited_at"]
    leave(world)
    for path in (f"posts/{post.pk}/", f"comments/{comment.pk}/"):
        row = client.get(f"/api/v1/{path}").json()
        assert row["author"]["kind"] == "withdrawn"
        assert row["author"]["id"] is None
        assert row["edited_at"] == edited


def test_what_one_can_do_about_the_anonymous_answers_as_before(world):
    client = Client(world.second)
    comment = world.comment.pk

    def act() -> list[Any]:
        with undone():
            answers = [
                client.put(f"/api/v1/posts/{world.post.pk}/like/"),
                client.post("/api/v1/messages/", {"post": world.post.pk, "content": "계세요?"}),
                client.post("/api/v1/blocks/", {"comment": comment}),
                client.post(
                    "/api/v1/reports/", {"target_kind": "comment", "target_id": comment, "reason": "spam"}
                ),
            ]
            return [normal(answer) for answer in answers]

    with time_machine.travel(timezone.now(), tick=False):
        before = act()
        leave(world)
        assert act() == before
    assert [status for status, *_ in before] == [200, 201, 201, 201]


def test_counters_are_right_afterwards(world):
    ghost: Any = world.ghost
    lectures = list(Lecture.objects.filter(entries__timetable__user=ghost).values_list("pk", "saved_count"))
    assert lectures
    leave(world)
    for pk, saved in lectures:
        assert Lecture.objects.get(pk=pk).saved_count == saved - 1
    for counters in (board_counters, timetable_counters):
        assert not any(counters.reconcile_counters().values())


def test_files_that_nothing_names_any_more_go(stored, world):
    ghost: Any = world.ghost
    kept = {name for media in PostMedia.objects.filter(post__isnull=False) for name in media.files}
    assert default_storage.exists(ghost.picture.name)
    leave(world)
    assert not default_storage.exists(ghost.picture.name)
    assert all(default_storage.exists(name) for name in kept)
    assert not PostMedia.objects.filter(uploader=None, post=None).exists()


def test_an_export_goes_along(world, settings):
    name = storages["exports"].save("ghost.zip", default_storage.open(world.ghost.picture.name))
    world.ghost.exports.update(file=name)
    leave(world)
    assert not storages["exports"].exists(name)


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_one_who_leaves_amid_writing_leaves_whole_and_nobody_sees_an_error():
    """What came before the leaving is kept, what came after is refused, and nothing is half of either."""
    world = make_world(author="ghost")
    ghost, other = (Client(person, raise_request_exception=False) for person in (world.ghost, world.second))
    begun, post, answered = world.begun.pk, world.post.pk, world.named_post.pk
    writes = [
        lambda: ghost.post(f"/api/v1/posts/{answered}/comments/", {"content": "나 여기 있어"}),
        lambda: ghost.put(f"/api/v1/posts/{answered}/like/"),
        lambda: ghost.post("/api/v1/messages/", {"conversation": begun, "content": "안녕"}),
        lambda: ghost.post("/api/v1/timetables/", {"semester": world.semester.pk, "name": "새 시간표"}),
        lambda: other.put(f"/api/v1/posts/{post}/like/"),
        lambda: other.post(f"/api/v1/posts/{post}/comments/", {"content": "누구세요"}),
        lambda: other.post("/api/v1/messages/", {"post": post, "content": "계세요?"}),
        lambda: other.post("/api/v1/friend-requests/", {"username": world.ghost.username}),
    ]
    withdraw = lambda: Client(world.ghost).post("/api/v1/users/me/withdraw/", {"password": PASSWORD})  # noqa: E731
    answers = at_once(withdraw, *writes)
    assert answers[0].status_code == 204, answers[0].content
    statuses = [answer.status_code for answer in answers[1:]]
    # 503 says that the row it pointed to went meanwhile; 401 that the session has ended.
    assert set(statuses[:4]) <= {200, 201, 401, 404, 503}, [answer.content for answer in answers]
    assert set(statuses[4:7]) <= {200, 201}, [answer.content for answer in answers]
    # 404: the request was made, and went along with the other before it was read again.
    assert statuses[7] in (201, 400, 404, 503), answers[8].content
    assert not User.objects.filter(pk=world.ghost.pk).exists()
    assert found(world) == {}
    for counters in (board_counters, timetable_counters):
        assert not any(counters.reconcile_counters().values())


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_operators_who_leave_at_once_one_stays():
    operators = StaffFactory.create_batch(2, is_superuser=True)
    clients = [Client(operator) for operator in operators]
    answers = at_once(
        *(
            lambda client=client: client.post("/api/v1/users/me/withdraw/", {"password": PASSWORD})
            for client in clients
        )
    )
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert User.objects.filter(is_superuser=True).count() == 1
