"""Taking along what one wrote and owns."""

import io
import json
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Export, User
from accounts.services import exports as services
from accounts.tests.factories import UserFactory
from api.exports import parts
from api.tests.helpers import codes
from board.models import Board, Post
from board.services.comments import create_comment
from board.services.media import upload_media
from board.services.posts import create_post, delete_post
from config.tests.test_non_interference import Views, in_both_worlds
from config.tests.world import PICTURE, World, make_world
from conftest import Client

pytestmark = pytest.mark.django_db

ASK = "/api/v1/users/me/export/"


@pytest.fixture
def board(user):
    return Board.objects.create(school=user.school, category="general", name="자유게시판", manager=user)


def ask(client: Client) -> dict[str, Any]:
    answer = client.post(ASK)
    assert answer.status_code == 202, answer.content
    return answer.json()


def path_of(export: dict[str, Any]) -> str:
    return f"/api/v1/exports/{export['id']}/"


def download(client: Client) -> ZipFile:
    answer = client.get(f"{path_of(ask(client))}download/")
    assert answer.status_code == 200, answer.content
    return ZipFile(io.BytesIO(answer.getvalue()))


def read(archive: ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"{name}.json"))


# --- Asking -------------------------------------------------------------------------------------------
def test_an_export_is_asked_for_made_and_downloaded(api, user):
    export = ask(api)
    row = api.get(path_of(export)).json()
    assert row == export | {"state": "ready", "size": row["size"]}
    assert export["state"] == "pending"
    answer = api.get(f"{path_of(export)}download/", HTTP_ACCEPT="application/zip")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="madang.zip"'
    assert answer["Cache-Control"] == "private, no-store"
    content = answer.getvalue()
    assert len(content) == row["size"]
    archive = ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    assert sorted(archive.namelist()) == sorted(f"{part.name}.json" for part in parts())
    assert read(archive, "profile")[0] == api.get("/api/v1/users/me/").json()


def test_while_one_is_being_made_that_is_the_answer(api, queued, user):
    export = ask(api)
    assert ask(api) == export
    pending = api.get(f"{path_of(export)}download/")
    assert (pending.status_code, codes(pending)) == (409, {(None, "export_pending")})
    Export.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert ask(api)["id"] != export["id"]


def test_nobody_else_has_it_and_after_a_day_nobody(user, client_of, operator):
    with time_machine.travel("2026-03-10T12:00:00+09:00", tick=False) as clock:
        path = path_of(ask(client_of(user)))
        for other in (UserFactory(school=user.school, is_moderator=True), operator):
            assert client_of(other).get(path).status_code == 404
            assert client_of(other).get(f"{path}download/").status_code == 404
        clock.shift(timedelta(days=1, seconds=-1))
        api = client_of(user)
        assert api.get(path).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert api.get(path).status_code == api.get(f"{path}download/").status_code == 404


def test_the_file_goes_after_a_day(api, django_capture_on_commit_callbacks):
    ask(api)
    name = Export.objects.get().file
    Export.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("prune", verbosity=0)
    assert not Export.objects.exists()
    assert not storages["exports"].exists(name)


def test_where_it_failed_the_task_can_run_again(user, queued, monkeypatch):
    export = services.ask_export(user=user)
    monkeypatch.setattr(services, "write_export", no_space)
    with pytest.raises(OSError, match="no space"):
        services.make_export.call(export.pk)
    monkeypatch.undo()
    export.refresh_from_db()
    assert export.state == "pending"
    services.make_export.call(export.pk)
    export.refresh_from_db()
    assert export.state == "ready"
    # Twice is once: the file of the first run stays.
    services.make_export.call(export.pk)
    assert Export.objects.get().file == export.file


def no_space(*args: Any) -> None:
    raise OSError("no space left")


def test_whoever_left_meanwhile_gets_no_file(stored, user, queued):
    export = services.ask_export(user=user)
    User.objects.filter(pk=user.pk).delete()
    services.make_export.call(export.pk)
    assert storages["exports"].listdir("") == ([], [])


# --- What is in it --------------------------------------------------------------------------------------
def test_all_that_one_did_is_in_it():
    world = make_world()
    archive = download(Client(world.user))
    empty = {part.name for part in parts() if not read(archive, part.name)}
    assert empty == {"boards", "pictures", "watched_lectures", "liked_comments", "reviews"}
    assert {row["title"] for row in read(archive, "posts")} == {world.named_post.title}
    assert {row["id"] for row in read(archive, "liked_posts")} == {world.post.pk}
    assert {row["content"] for row in read(archive, "messages")} >= {"누구세요?", "안녕하세요"}
    assert read(archive, "timetables")[0]["entries"][0]["grade"] == "A+"
    told = Client(world.user).get("/api/v1/notifications/").json()["results"]
    assert {row["text"] for row in read(archive, "notifications")} == {row["text"] for row in told}


def test_ones_own_anonymous_writing_is_whole_and_pictures_come_along():
    world = make_world()
    archive = download(Client(world.owner))
    (post,) = (row for row in read(archive, "posts") if row["is_anonymous"])
    assert (post["content"], post["is_mine"]) == ("내용", True)
    assert [row["id"] for row in read(archive, "pictures")] == [str(world.picture.pk)]
    name = world.picture.image.name
    assert archive.read(f"pictures/{world.picture.pk}.{name.rpartition('.')[2]}")
    assert archive.read("pictures/me.jpg")


def test_what_stands_on_a_deleted_board_is_in_it_and_what_one_deleted_is_not(api, user, board):
    kept, gone = (
        create_post(user=user, board=board, title=title, content="내용", is_anonymous=True)
        for title in ("남은 글", "지운 글")
    )
    delete_post(post=gone)
    Board.objects.filter(pk=board.pk).update(deleted_at=timezone.now())
    assert api.get(f"/api/v1/posts/{kept.pk}/").status_code == 404
    assert [row["title"] for row in read(download(api), "posts")] == ["남은 글"]


def test_of_a_post_that_is_gone_ones_comment_stays_without_the_title(api, user, board):
    author = UserFactory(school=user.school)
    posts = [
        create_post(user=author, board=board, title=title, content="내용", is_anonymous=True)
        for title in ("남은 글", "지울 글", "숨길 글")
    ]
    for post in posts:
        create_comment(user=user, post=post, content="댓글", is_anonymous=True)
    delete_post(post=posts[1])
    Post.objects.filter(pk=posts[2].pk).update(hidden_at=timezone.now(), hidden_reason="spam")
    rows = read(download(api), "comments")
    assert [row["content"] for row in rows] == ["댓글"] * 3
    assert [row["post"] and row["post"]["title"] for row in rows] == ["남은 글", None, None]


@pytest.mark.parametrize(("language", "category"), [("ko", "일반"), ("en", "general")])
def test_it_speaks_the_language_it_was_asked_in(user, board, language, category):
    api = Client(user, HTTP_ACCEPT_LANGUAGE=language)
    assert [row["category_display"] for row in read(download(api), "boards")] == [category]


def test_a_file_that_is_lost_does_not_keep_the_rest_back(api, user, board):
    media = upload_media(user=user, image=PICTURE)
    storages["default"].delete(media.image.name)
    archive = download(api)
    assert [row["id"] for row in read(archive, "pictures")] == [str(media.pk)]
    assert not [name for name in archive.namelist() if name.startswith("pictures/")]


def test_many_posts_cost_as_many_queries_as_one(user, board, count_queries):
    def write_posts(number: int) -> None:
        for n in range(number):
            post = create_post(user=user, board=board, title=f"글 {n}", content="내용", is_anonymous=True)
            create_comment(user=user, post=post, content=f"댓글 {n}", is_anonymous=True)

    def write() -> int:
        export = Export.objects.create(user=user, language="ko")
        return count_queries(lambda: services.make_export.call(export.pk))

    write_posts(1)
    one = write()
    write_posts(20)
    assert write() == one


# --- Whom it tells of -----------------------------------------------------------------------------------
def test_nobodys_export_tells_who_wrote_anonymously():
    def look(world: World, views: Views) -> Any:
        exports = {}
        for viewer in ("user", "manager", "moderator", "staff"):
            archive = download(Client(world.people[viewer]))
            exports[viewer] = {name: archive.read(name) for name in archive.namelist()}
            # Made at one moment, so that their ids order them, which are random.
            rows = [row | {"id": None} for row in read(archive, "sessions")]
            exports[viewer]["sessions.json"] = json.dumps(sorted(rows, key=json.dumps)).encode()
        return exports

    first, second = in_both_worlds(look)
    differing = [
        (viewer, name)
        for viewer, files in first.items()
        for name in files
        if files[name] != second[viewer][name]
    ]
    assert not differing
    assert b"anonymous" in b"".join(first["user"].values())
