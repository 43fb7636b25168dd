"""What `load_demo` loads. It takes seconds, so most tests look at one and the same demo."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max, Q

from accounts.demo import PASSWORD, TROUPES, describe
from accounts.models import AuditLog, School, User
from accounts.tests.factories import SchoolFactory, UserFactory
from board.models import Board, Comment, PinnedBoard, Post
from board.services.counters import reconcile_counters

LABELS = ("accounts", "board")


def load_demo(**options: bool) -> str:
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def _demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        load_demo(force=True)
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def demo(_demo: None, db: None) -> None:
    """A database with the demo; what a test changes there is undone."""


@pytest.fixture
def empty(transactional_db: None) -> None:
    """A database with nothing in it, where transactions are real. Such tests run last."""
    call_command("flush", interactive=False, verbosity=0)


def snapshot() -> dict[str, tuple]:
    models = [model for label in LABELS for model in apps.get_app_config(label).get_models()]
    return {
        model.__name__: (model.objects.count(), model.objects.aggregate(at=Max("updated_at"))["at"])
        for model in models
    }


def demo_schools() -> list[School]:
    return [School.objects.get(name=troupe.school) for troupe in TROUPES]


def test_a_second_run_changes_nothing_and_prints_the_users_again(demo):
    before = snapshot()
    assert describe() in load_demo(force=True)
    assert snapshot() == before


def test_all_schools_come_along(demo):
    assert School.objects.count() == 203


def test_each_school_has_every_category_and_rule(demo):
    for school in demo_schools():
        boards = Board.objects.filter(school=school)
        assert {board.category for board in boards} == set(Board.Category.values)
        assert {board.anonymity for board in boards} == set(Board.Anonymity.values)
        assert boards.filter(needs_verification=True).exists()
        assert boards.filter(notice__isnull=False).exists()
        assert not boards.filter(last_post_at=None).exists()


def test_each_school_has_people_of_every_role(demo):
    for troupe in TROUPES:
        users = User.objects.filter(school__name=troupe.school)
        assert users.filter(is_moderator=True).count() == 1
        assert users.filter(school_verified_at=None).count() == 1
        assert User.objects.get(username=f"{troupe.key}_manager").managed_boards.exists()


def test_each_school_talks_in_every_way(demo):
    for school in demo_schools():
        posts, comments = Post.objects.filter(school=school), Comment.objects.filter(post__school=school)
        assert 25 <= posts.count() <= 40
        for written in (posts, comments):
            assert {row.is_anonymous for row in written} == {True, False}
            assert written.filter(hidden_at__isnull=False).exists()
        assert posts.filter(is_question=True).exists()
        assert posts.filter(like_count__gte=10).exists()
        assert posts.filter(scrap_count__gt=0).exists()
        assert comments.filter(depth__gte=4).exists()
        assert comments.filter(alias_number=0).exists()
        assert comments.filter(deleted_at__isnull=False, reply_count__gt=0).exists()
    assert AuditLog.objects.filter(act=AuditLog.Act.HIDE).count() == 8


def test_no_text_stands_there_twice(demo):
    for model in (Post, Comment):
        assert not model.objects.values("content").annotate(n=Count("pk")).order_by().filter(n__gt=1)


def test_ids_follow_time(demo):
    for model in (Post, Comment):
        times = list(model.objects.order_by("id").values_list("created_at", flat=True))
        assert times == sorted(times)
    latest = Board.objects.annotate(latest=Max("posts__created_at")).order_by()
    assert not latest.exclude(last_post_at=F("latest"))
    assert not Comment.objects.filter(Q(created_at__lte=F("post__created_at")))


def test_counters_are_right(demo):
    assert not any(reconcile_counters().values())


def test_nobody_likes_what_they_wrote(demo):
    assert not Post.objects.filter(likers=F("author"))
    assert not Comment.objects.filter(likers=F("author"))


def test_boards_are_pinned_by_everybody(demo):
    assert PinnedBoard.objects.values("user").distinct().count() == User.objects.exclude(school=None).count()


def test_everybody_who_is_printed_can_sign_in(demo, anonymous):
    printed = [line.split()[0] for line in describe().splitlines() if line.startswith("  ")]
    assert len(printed) == 1 + 4 * len(TROUPES)
    for username in printed:
        answer = anonymous.post("/api/v1/auth/login/", {"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.json()


def test_the_users_are_as_the_sign_up_would_have_them(demo):
    for user in User.objects.all():
        user.clean_fields()
        validate_password(PASSWORD, user)


def test_staff_come_into_the_admin(demo, client):
    assert client.login(username="demo_staff", password=PASSWORD)
    assert client.get("/admin/").status_code == 200


def test_without_debug_it_wants_to_be_forced(empty):
    with pytest.raises(CommandError, match="--force"):
        load_demo()
    assert not User.objects.exists()


def test_a_taken_name_leaves_nothing_behind(empty):
    UserFactory(nickname="연희동주민", school=SchoolFactory(name="마당대학교"))
    with pytest.raises(CommandError, match="a nickname that is taken"):
        load_demo(force=True)
    assert (User.objects.count(), School.objects.count(), Board.objects.count()) == (1, 1, 0)
