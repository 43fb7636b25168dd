"""Tasks in the database, as on a server: queued with their cause, done by a worker, and tried again."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import Notification, User
from accounts.services.cases import uphold
from accounts.services.reports import report
from accounts.tests.factories import UserFactory
from api.tests.helpers import work
from board.services.comments import create_comment
from board.services.conversations import begin_conversation
from board.services.handover import offer_board
from board.services.likes import like
from board.services.notifications import tell_of_comment
from board.tests.factories import BoardFactory, PostFactory, make_comment
from conftest import Client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued")]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def post():
    return PostFactory(board=BoardFactory())


def statuses():
    return sorted(DBTaskResult.objects.values_list("status", flat=True))


def test_a_cause_that_is_kept_leaves_one_task_which_a_worker_does(post):
    client = Client(UserFactory(school=post.school))
    answer = client.post(f"/api/v1/posts/{post.pk}/comments/", {"content": "댓글"})
    assert answer.status_code == 201
    task = DBTaskResult.objects.get()
    assert task.args_kwargs == {"args": [answer.json()["id"]], "kwargs": {}}
    assert not Notification.objects.exists()
    work()
    assert Notification.objects.get().user == post.author
    assert statuses() == [TaskResultStatus.SUCCESSFUL]


def test_a_cause_that_is_undone_leaves_no_task(post):
    user = UserFactory(school=post.school)
    with transaction.atomic():
        create_comment(user=user, post=post, content="댓글")
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()


def test_the_queue_names_content_and_nobody(post, settings):
    """Nor does what it keeps of a task that is done."""
    settings.HOT_LIKES = 1
    author, user = post.author, UserFactory(school=post.school)
    moderator = UserFactory(school=post.school, is_moderator=True)
    comment = make_comment(post, author=user, is_anonymous=True)
    begin_conversation(user=user, origin=post, content="쪽지")
    like(user=user, content=post, wanted=True)
    offer_board(user=UserFactory(is_staff=True), board=post.board, to=user)
    case = report(user=author, target_kind="comment", target_id=comment.pk, reason="spam").case
    uphold(user=moderator, case=case, note="광고")
    assert DBTaskResult.objects.count() == 5
    for step in (lambda: None, work):
        step()
        kept = str(list(DBTaskResult.objects.values()))
        for person in (author, user, moderator):
            traces = {str(person.pk), person.pk.hex, person.nickname, person.username}
            assert not {trace for trace in traces if trace in kept}
    assert statuses() == [TaskResultStatus.SUCCESSFUL] * 5
    # The comment was hidden before anybody could be told of it.
    assert Notification.objects.count() == 5


def test_a_task_that_failed_is_tried_again_and_tells_once(post, monkeypatch):
    create_comment(user=UserFactory(school=post.school), post=post, content="댓글")

    def fail(**kwargs):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("board.services.notifications.notify", fail)
        work()
    assert statuses() == [TaskResultStatus.FAILED]
    out = StringIO()
    call_command("retry_tasks", stdout=out)
    assert out.getvalue().strip() == "1 put back, 0 given up"
    work()
    assert statuses() == [TaskResultStatus.SUCCESSFUL]
    assert Notification.objects.count() == 1


def test_the_queue_keeps_of_a_failure_its_kind_and_the_log_its_place(post, monkeypatch, caplog):
    def fail(**told):
        raise ValueError("what somebody wrote")

    create_comment(user=UserFactory(school=post.school), post=post, content="댓글")
    monkeypatch.setattr("board.services.notifications.notify", fail)
    work()
    failed = DBTaskResult.objects.failed().get()
    assert (failed.exception_class_path, failed.traceback) == ("builtins.ValueError", "")
    assert any(record.exc_info for record in caplog.records if record.name.startswith("django_tasks"))


def test_what_failed_too_often_is_given_up_and_can_be_pruned(post, monkeypatch):
    def fail(**kwargs):
        raise ConnectionError

    monkeypatch.setattr("board.services.notifications.notify", fail)
    create_comment(user=UserFactory(school=post.school), post=post, content="댓글")
    for _ in range(5):
        work()
        call_command("retry_tasks", attempts=3, stdout=(out := StringIO()))
    assert out.getvalue().strip() == "0 put back, 1 given up"
    task = DBTaskResult.objects.get()
    assert (task.status, len(task.worker_ids)) == (TaskResultStatus.FAILED, 3)
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=15))
    call_command("prune_db_task_results", verbosity=0)
    assert not DBTaskResult.objects.exists()


def test_only_what_has_been_running_for_long_is_put_back(post):
    tell_of_comment.enqueue(make_comment(post).pk)
    for minutes in (1, 11):
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by("pk").first().claim("killed")
        claimed = DBTaskResult.objects.running().order_by("-started_at").first()
        DBTaskResult.objects.filter(pk=claimed.pk).update(
            started_at=timezone.now() - timedelta(minutes=minutes)
        )
    assert statuses() == [TaskResultStatus.RUNNING] * 2
    call_command("retry_tasks", stdout=StringIO())
    assert statuses() == [TaskResultStatus.READY, TaskResultStatus.RUNNING]


@pytest.mark.server
def test_what_a_killed_worker_was_at_is_told_after_all(post):
    comment = create_comment(user=UserFactory(school=post.school), post=post, content="댓글")
    with transaction.atomic():
        # The worker waits for this lock, and is killed in the middle of its task.
        User.objects.select_for_update().get(pk=post.author.pk)
        worker = start_worker()
        try:
            wait_until(lambda: list(DBTaskResult.objects.running()))
            time.sleep(0.5)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    work()
    assert statuses() == [TaskResultStatus.RUNNING]
    assert not Notification.objects.exists()
    call_command("retry_tasks", stuck_after=0, stdout=StringIO())
    work()
    assert statuses() == [TaskResultStatus.SUCCESSFUL]
    assert Notification.objects.get().last_cause == comment.pk


def start_worker():
    """A worker in a process of its own, on this test's database."""
    parts = connection.settings_dict
    names = ("HOST", "PORT", "NAME", "USER", "PASSWORD")
    environment = os.environ | {f"DATABASE_{name}": str(parts[name]) for name in names}
    environment |= {
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "TASKS_BACKEND": "database",
    }
    command = [
        sys.executable,
        "manage.py",
        "db_worker",
        "--no-reload",
        "--no-startup-delay",
        "--interval=0.1",
    ]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 (ours)


def wait_until(condition, seconds=30):
    """Wait for something in the database, which the open transaction sees at READ COMMITTED."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def test_the_admin_shows_no_tasks():
    assert DBTaskResult not in admin.site._registry
