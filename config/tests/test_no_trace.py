"""A crawl: what somebody wrote without a name leads to them in no answer, header, mail or log."""

import logging
from typing import Any

import pytest
from django.contrib import admin
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Session, User
from accounts.tests.factories import PASSWORD, StaffFactory
from board.services.conversations import send_message
from config.tests.test_non_interference import (
    ACTIONS,
    VIEWERS,
    paths,
    usual_acts,
    variants,
)
from config.tests.test_permission_matrix import BODIES
from config.tests.world import PICTURE, World, make_world, undone
from conftest import Client
from timetable.models import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # it takes long, and asks nothing of the database

ADDRESS = "203.0.113.77"
# The pages about people themselves and what they keep under their names, and what belongs to Django.
ABOUT_PEOPLE = {User, Session, Timetable}


@pytest.fixture
def world(caplog):
    """One in which the ghost wrote all that is anonymous, and wrote some of it through the API."""
    caplog.set_level(logging.DEBUG)
    # What the database is told is no log of the application's, and off unless one debugs.
    caplog.set_level(logging.INFO, logger="django.db.backends")
    world = make_world(author="ghost")
    client = Client(REMOTE_ADDR=ADDRESS)
    tokens = client.post("/api/v1/auth/login/", {"username": "vesper_ghost", "password": PASSWORD}).json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    file = SimpleUploadedFile(f"{world.ghost.nickname}.png", PICTURE)
    uploaded = client.post("/api/v1/media/", {"image": file}, format="multipart")
    wrote = [
        uploaded,
        client.post(
            "/api/v1/posts/",
            {"board": world.board.pk, "title": "또", "content": "익명", "media": [uploaded.json()["id"]]},
        ),
        client.post(f"/api/v1/posts/{world.post.pk}/comments/", {"content": "나야"}),
        client.post("/api/v1/messages/", {"conversation": world.begun.pk, "content": "그게 나야"}),
        client.patch(f"/api/v1/posts/{world.post.pk}/", {"title": "고친 글"}),
        client.post("/api/v1/posts/", {"board": world.board.pk, "title": "", "content": ""}),
        client.patch(f"/api/v1/reviews/{world.review.pk}/", {"rating": 2}),
        client.post("/api/v1/exam-notes/", BODIES["exam-note-list", "POST"](world)),
    ]
    assert [response.status_code for response in wrote] == [201, 201, 201, 201, 200, 400, 200, 201]
    send_message(user=world.ghost, conversation=world.received, content="저기요")
    return world


def traces(world: World) -> list[str]:
    """All that would lead to the ghost."""
    ghost = world.ghost
    names = [ghost.username, ghost.nickname, ghost.name, ghost.email, ghost.picture.name]
    return [str(ghost.pk), ghost.pk.hex, *names, ADDRESS]


def assert_no_trace(world: World, texts: dict[Any, str]) -> None:
    found = {(where, trace) for where, text in texts.items() for trace in traces(world) if trace in text}
    assert not found


def whole(response: Any) -> str:
    return "\n".join([*(f"{name}: {value}" for name, value in response.items()), response.content.decode()])


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_answer_leads_to_who_wrote_anonymously(world, viewer, caplog):
    client = Client(world.people[viewer])
    answers = {path: whole(client.get(path)) for path in paths(world)}
    for action in ACTIONS:
        for act in (*usual_acts(world, *action), *variants(world, *action)):
            with undone():
                response = act.by(client)
                if not (act.is_door and response.status_code == 200):
                    answers[act.method, act.path, repr(act.body)] = whole(response)
    assert len(answers) > 150
    assert_no_trace(world, answers)
    assert caplog.text
    assert_no_trace(world, {"log": caplog.text, "mail": "".join(str(sent.message()) for sent in mail.outbox)})


def test_the_crawl_would_notice(world):
    """The same search finds the ghost where they may be found: in what they see of themselves."""
    answers = {"me": whole(Client(world.ghost).get("/api/v1/users/me/"))}
    with pytest.raises(AssertionError):
        assert_no_trace(world, answers)


@pytest.mark.parametrize("who", ["superuser", "moderator"])
def test_no_page_of_the_admin_leads_to_who_wrote_anonymously(world, who):
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(StaffFactory(is_superuser=True) if who == "superuser" else world.moderator)
    pages: dict[Any, str] = {}
    for model in admin.site._registry:
        if model in ABOUT_PEOPLE:
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        urls = [reverse(f"{name}_changelist")]
        urls += [reverse(f"{name}_change", args=[row.pk]) for row in model._default_manager.all()[:50]]
        pages |= {url: whole(browser.get(url)) for url in urls}
    assert len(pages) > 20
    assert_no_trace(world, pages)
