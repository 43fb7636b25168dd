"""What `load_demo` loads. It takes seconds, so most tests look at one and the same demo."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max, Model, Q
from django.test import override_settings
from django.utils import timezone

from accounts.demo import PASSWORD, TROUPES, describe
from accounts.models import AuditLog, Block, ModerationCase, Notification, Report, Sanction, School, User
from accounts.tests.factories import SchoolFactory, UserFactory
from api.models import TimestampedModel
from api.storage import files_in
from api.tests.helpers import codes
from board.demo.pictures import DRAWINGS, draw
from board.models import Board, Comment, Message, Participant, PinnedBoard, Post, PostMedia
from board.services.counters import reconcile_counters
from config.tests.s3 import LOCAL
from timetable.models import Lecture, LectureTime, Timetable
from timetable.services.counters import reconcile_counters as reconcile_savers
from timetable.times import clash

LABELS = ("accounts", "board", "timetable")
# Lectures of the real catalogues, and those that the second file of one of them cancels.
CATALOGUES = {"gnu": (4_769, 145), "dongguk": (2_506, 0)}


def load_demo(**options: bool) -> str:
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the pictures."""
    path = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=str(path), STORAGES=settings.STORAGES | LOCAL):
        yield path


@pytest.fixture(scope="module")
def _demo(folder: Path, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
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
    return {model.__name__: (model.objects.count(), last_change(model)) for model in models}


def last_change(model: type[Model]) -> Any:
    """None of a table that only follows others."""
    if not issubclass(model, TimestampedModel):
        return None
    return model._default_manager.aggregate(at=Max("updated_at"))["at"]


def demo_schools() -> list[School]:
    return [School.objects.get(name=troupe.school) for troupe in TROUPES]


@pytest.fixture
def signed_in(demo: None, client_of: Callable) -> Callable:
    """`signed_in("hongik_1")`: a client signed in as somebody of the demo."""
    return lambda username: client_of(User.objects.get(username=username))


def read(client: Any, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def cases(client: Any, **filters: Any) -> list[dict]:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return read(client, f"moderation/cases/?page_size=100&{query}")["results"]


@pytest.mark.sqlite  # it takes long, and asks nothing of the database
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
    assert AuditLog.objects.filter(act=AuditLog.Act.HIDE).count() == 2 * len(TROUPES)


def test_no_text_stands_there_twice(demo):
    for model in (Post, Comment):
        assert not model.objects.values("content").annotate(n=Count("pk")).order_by().filter(n__gt=1)


def stored_files() -> set[str]:
    return {*files_in("attachments"), *files_in("pictures")}


def test_each_school_shows_pictures(demo):
    for school in demo_schools():
        media = PostMedia.objects.filter(post__school=school)
        assert media.count() >= 4
        assert all(picture.caption and picture.created_at == picture.post.created_at for picture in media)
        assert media.filter(post__is_anonymous=True).exists()
        assert User.objects.filter(school=school, picture__startswith="pictures/").count() == 5
    assert Post.objects.filter(media_count__gt=1).exists()
    counted = Post.objects.annotate(number=Count("media")).order_by()
    assert not counted.exclude(media_count=F("number"))


def test_every_picture_has_its_files_and_every_file_its_row(demo):
    named = {name for media in PostMedia.objects.all() for name in media.files}
    named |= set(User.objects.filter(picture__gt="").values_list("picture", flat=True))
    assert stored_files() == named


@pytest.mark.parametrize("what", list(DRAWINGS))
def test_the_same_is_drawn_everywhere(what):
    assert draw(what, "a") == draw(what, "a") != draw(what, "b")


def test_ids_follow_time(demo):
    for model in (Post, Comment, Message, Block, Report, ModerationCase, AuditLog):
        times = list(model.objects.order_by("id").values_list("created_at", flat=True))
        assert times == sorted(times)
    latest = Board.objects.annotate(latest=Max("posts__created_at")).order_by()
    assert not latest.exclude(last_post_at=F("latest"))
    assert not Comment.objects.filter(Q(created_at__lte=F("post__created_at")))


def test_counters_are_right(demo):
    assert not any(reconcile_counters().values())


@pytest.mark.parametrize("key", list(CATALOGUES))
def test_two_schools_have_their_whole_catalogue(signed_in, key):
    (semester,) = read(signed_in(f"{key}_1"), "semesters/")["results"]
    lectures = Lecture.objects.filter(semester=semester["id"])
    total, cancelled = CATALOGUES[key]
    assert (semester["name"], semester["is_current"]) == ("2025-2", True)
    assert (lectures.count(), lectures.filter(is_cancelled=True).count()) == (total, cancelled)
    assert LectureTime.objects.filter(lecture__semester=semester["id"]).count() > total / 2


@pytest.mark.parametrize("key", list(CATALOGUES))
def test_their_students_have_timetables_of_real_lectures(signed_in, key):
    for number in range(1, 12):
        plans = read(signed_in(f"{key}_{number}"), "timetables/")["results"]
        assert [plan["is_primary"] for plan in plans].count(True) == 1
        for plan in plans:
            assert plan["total_credit"] >= 6, plan["name"]
            assert all(entry["times"] for entry in plan["entries"] if entry["lecture"] is None)


def test_nothing_in_a_timetable_clashes(demo):
    for timetable in Timetable.objects.with_entries():
        entries = [entry for entry in timetable.entries.all() if entry.takes_place]
        for number, entry in enumerate(entries):
            assert not any(clash(entry.times, other.times) for other in entries[:number])


def test_a_student_finds_that_a_lecture_was_cancelled(signed_in):
    (plan, _second) = read(signed_in("gnu_1"), "timetables/")["results"]
    (entry,) = [entry for entry in plan["entries"] if entry["is_cancelled"]]
    assert (entry["title"], plan["total_credit"]) == ("TV드라마의이해", living_credit(plan))
    (change,) = entry["changes"]
    assert (change["field"], change["before"], change["after"]) == ("is_cancelled", False, True)


def living_credit(plan: dict) -> float:
    living = [entry for entry in plan["entries"] if entry["lecture"] and not entry["is_cancelled"]]
    return sum(entry["lecture"]["credit"] for entry in living)


def test_a_timetable_is_shared(demo, anonymous):
    for timetable in Timetable.objects.shared():
        link = f"/api/v1/shared-timetables/{timetable.share_token}/"
        assert anonymous.get(link).json()["name"] == timetable.name
        assert b"BEGIN:VEVENT" in anonymous.get(f"{link}calendar.ics").content
    assert Timetable.objects.shared().count() == len(CATALOGUES)


def test_people_save_the_same_lectures_and_are_counted_right(demo):
    assert Lecture.objects.filter(saved_count__gte=3).exists()
    assert not any(reconcile_savers().values())


def test_somebody_watches_a_lecture(signed_in):
    assert read(signed_in("gnu_1"), "lectures/?watched=true")["results"]


@pytest.mark.parametrize(
    ("username", "kind", "text"),
    [
        ("gnu_1", "lecture_changed", "유라시아지역진로탐색 (11021019-1) is cancelled."),
        ("dongguk_1", "seat_free", "알고리즘 (CSC2008-02) has a free seat: 44 of 45 are taken."),
    ],
    ids=["cancelled", "free seat"],
)
def test_who_watches_a_lecture_is_told_what_becomes_of_it(signed_in, username, kind, text):
    told = read(signed_in(username), "notifications/?page_size=100")["results"]
    assert (kind, text) in {(row["kind"], row["text"]) for row in told}


def test_a_course_says_what_its_reviews_say_together(signed_in):
    client = signed_in("gnu_1")
    (row, *_others) = read(client, "reviews/?ordering=likes")["results"]
    assert (row["like_count"], row["is_mine"]) == (3, True)
    summary = read(client, f"courses/{row['course']['id']}/")["review_summary"]
    assert (summary["count"], summary["rating"], summary["attendance"]) == (3, 3.67, "electronic")


def test_a_student_opens_an_exam_note_with_what_their_own_earned(signed_in):
    client = signed_in("gnu_1")
    before = read(client, "points/")
    assert {row["reason"] for row in before["results"]} >= {"exam_note", "unlock"}
    assert len(read(client, "exam-notes/?unlocked=true")["results"]) == 1
    (note, *_others) = read(client, "exam-notes/?unlocked=false&mine=false")["results"]
    answer = client.post(f"/api/v1/exam-notes/{note['id']}/unlock/")
    assert answer.json()["strategy"]
    assert read(client, "points/")["balance"] == before["balance"] - note["price"]


@pytest.mark.parametrize("key", list(CATALOGUES))
def test_friends_compare_their_weeks(signed_in, key):
    client = signed_in(f"{key}_1")
    friends = read(client, "friends/")["results"]
    assert [friend["display_name"] != friend["user"]["nickname"] for friend in friends].count(True) == 1
    (semester,) = read(client, "semesters/")["results"]
    users = "".join(f"&users={friend['user']['id']}" for friend in friends)
    answer = read(client, f"friends/free-time/?semester={semester['id']}{users}&minutes=60")
    assert answer["windows"]
    assert any(len(span["users"]) > 1 for span in answer["busy"])
    shown = [person["timetable"] is not None for person in answer["people"]]
    assert shown.count(True) == 3
    assert shown.count(False) == 1
    assert read(client, "friend-requests/?direction=received")["results"]
    told = {row["kind"]: row["is_read"] for row in read(client, "notifications/?page_size=100")["results"]}
    assert (told["friend_request"], told["friend_accepted"]) == (False, True)


def test_each_school_has_hot_posts_that_became_so_on_different_days(demo):
    yesterday = timezone.now() - timedelta(days=1)
    for school in demo_schools():
        moments = set(school.posts.filter(hot_at__isnull=False).values_list("hot_at", flat=True))
        assert len(moments) >= 2
        assert min(moments) < yesterday
    assert not Post.objects.filter(hot_at__lt=F("created_at")).exists()


def test_students_read_what_is_hot_and_their_boards_latest_posts(signed_in):
    client = signed_in("hongik_1")
    hot = read(client, "posts/?hot=true")["results"]
    assert len(hot) >= 2
    assert [post["hot_at"] for post in hot] == sorted((post["hot_at"] for post in hot), reverse=True)
    assert all(board["latest_post"] for board in read(client, "boards/?pinned=true")["results"])
    assert len(read(client, "posts/?ordering=hot")["results"]) == 20


def test_nobody_likes_what_they_wrote(demo):
    assert not Post.objects.filter(likers=F("author"))
    assert not Comment.objects.filter(likers=F("author"))


def test_boards_are_pinned_by_everybody(demo):
    assert PinnedBoard.objects.values("user").distinct().count() == User.objects.exclude(school=None).count()


@pytest.mark.parametrize("key", [troupe.key for troupe in TROUPES])
def test_each_moderator_finds_a_case_in_every_state(signed_in, key):
    found = cases(signed_in(f"{key}_moderator"))
    assert {case["state"] for case in found} == set(ModerationCase.State.values)
    for case in found:
        decided = case["state"] in ("upheld", "dismissed")
        assert (case["decided_at"] is not None, bool(case["note"])) == (decided, decided)
        assert case["target_state"] == "hidden" if case["state"] == "upheld" else True
        assert case["target_state"] == "living" if case["state"] == "dismissed" else True
        assert case["target_state"] == "deleted" if case["state"] == "moot" else True


@pytest.mark.parametrize("key", [troupe.key for troupe in TROUPES])
def test_each_moderator_finds_what_ten_reports_hid_and_what_fewer_did_not(signed_in, key):
    found = cases(signed_in(f"{key}_moderator"), state="open", kind="post")
    reported = {case["target_state"]: case["counted_reports"] for case in found}
    assert reported.keys() == {"hidden", "living"}
    assert (reported["hidden"], reported["living"] in range(2, 10)) == (10, True)


def test_what_ten_reported_was_shown_again(signed_in):
    (case,) = cases(signed_in("hongik_moderator"), state="dismissed")
    assert (case["counted_reports"], case["target_state"]) == (10, "living")
    assert read(signed_in("hongik_unverified"), f"posts/{case['target_id']}/")["state"] == "living"


def test_a_message_was_reported_with_what_stood_before_it(signed_in):
    (case,) = cases(signed_in("hongik_moderator"), kind="message")
    assert [line["is_reported_side"] for line in case["snapshot"]["before"]] == [True, False, True]
    assert (case["state"], case["author"]["kind"]) == ("open", "anonymous")


def test_the_printed_student_is_sanctioned_through_an_anonymous_comment(signed_in):
    (sanction,) = read(signed_in("hongik_moderator"), "sanctions/")["results"]
    (case,) = cases(signed_in("hongik_moderator"), state="upheld")
    assert sanction["target_id"] == str(case["target_id"])
    assert sanction["author"] == case["author"]
    assert (sanction["author"]["kind"], sanction["is_living"]) == ("anonymous", True)
    name = f"hongik_{TROUPES[0].sanctioned}"
    assert Sanction.objects.get().user == User.objects.get(username=name)
    board = Board.objects.filter(school__name="홍익대학교").first()
    answer = signed_in(name).post("/api/v1/posts/", {"board": board.pk, "title": "저기요", "content": "저기"})
    assert (answer.status_code, codes(answer)) == (403, {(None, "sanctioned")})


def test_the_audit_log_has_what_moderators_did(signed_in):
    log = read(signed_in("hongik_moderator"), "moderation/audit/")["results"]
    assert {entry["act"] for entry in log} == {"hide", "uphold", "dismiss", "sanction"}


def test_reports_are_in_the_order_of_things(demo):
    for case in ModerationCase.objects.all():
        times = list(case.reports.order_by("id").values_list("reported_at", flat=True))
        content = {"post": Post, "comment": Comment, "message": Message}[case.target_kind]
        target = content.objects.get(pk=case.target_id)
        assert target.created_at < times[0] == case.opened_at == case.created_at
        assert times == sorted(times)
        assert case.decided_at is None or times[-1] < case.decided_at
        if case.is_open and target.hidden_at:
            assert target.hidden_at == times[-1]


def test_nothing_was_written_under_what_was_hidden(demo):
    assert not Comment.objects.filter(post__hidden_at__lte=F("created_at"))
    assert not Comment.objects.filter(parent__hidden_at__lte=F("created_at"))


def test_each_school_writes_messages_in_every_way(demo):
    for school in demo_schools():
        sides = Participant.objects.with_unread().with_block().filter(user__school=school)
        begun = {
            (side.is_anonymous, side.alias_number is not None) for side in sides if not side.is_initiator
        }
        assert begun == {(False, False), (True, False), (True, True)}
        assert {side.is_anonymous for side in sides if side.is_initiator} == {True, False}
        assert any(side.unread_count for side in sides)
        assert any(side.last_message is None for side in sides)
    assert Message.objects.filter(is_dropped=True).count() == 1


def test_students_see_their_conversations(signed_in):
    assert read(signed_in("hongik_1"), "conversations/unread-count/") == {"unread_count": 2}
    blocked = Participant.objects.with_block().get(is_blocked=True)
    client = signed_in(blocked.user.username)
    assert read(client, f"conversations/{blocked.conversation_id}/")["is_blocked"]
    listed = [conversation["id"] for conversation in read(client, "conversations/")["results"]]
    assert listed
    assert blocked.conversation_id not in listed


def test_students_are_told_what_happened_in_its_time(signed_in):
    told = read(signed_in("hongik_1"), "notifications/?page_size=100")["results"]
    assert len({row["kind"] for row in told}) >= 3
    assert {row["is_read"] for row in told} == {True, False}
    assert len({row["at"][:10] for row in told}) > 5
    kinds = set(Notification.objects.values_list("kind", flat=True))
    assert kinds >= {"comment", "reply", "message", "case_decided", "board_handover"}


def test_each_kind_of_surface_is_blocked(signed_in):
    for username, surface in (("hongik_2", "user"), ("hongik_10", "label"), ("hongik_6", "conversation")):
        (block,) = read(signed_in(username), "blocks/")["results"]
        assert block["surface"] == surface
    assert not Block.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))


def test_a_board_of_each_school_is_offered_to_somebody(signed_in):
    for school in demo_schools():
        offered = Board.objects.get(school=school, offered_to__isnull=False)
        client = signed_in(offered.offered_to.username)
        (board,) = read(client, "boards/?offered=true")["results"]
        assert (board["id"], board["handover"]["is_mine"]) == (offered.pk, True)


def test_everybody_who_is_printed_can_sign_in(demo, anonymous):
    printed = [line.split()[0] for line in describe().splitlines() if line.startswith("  ")]
    assert len(printed) == 1 + 4 * len(TROUPES) + sum(troupe.sanctioned is not None for troupe in TROUPES)
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


@pytest.mark.sqlite  # it takes long, and asks nothing of the database
def test_if_it_fails_no_file_stays(empty, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | LOCAL
    loaded = []

    def fail(*args: Any) -> None:
        loaded.extend(stored_files())
        raise RuntimeError("too much")

    monkeypatch.setattr("board.demo.take", fail)
    with pytest.raises(RuntimeError):
        load_demo(force=True)
    monkeypatch.undo()
    monkeypatch.setattr("timetable.demo.load", fail)
    with pytest.raises(RuntimeError):
        load_demo(force=True)
    assert len(loaded) > 2 * 30
    assert (stored_files(), User.objects.count()) == (set(), 0)


@pytest.mark.sqlite  # it takes long, and asks nothing of the database
def test_it_loads_where_one_report_hides(empty, settings, monkeypatch):
    settings.REPORTS_TO_HIDE = 1
    monkeypatch.setattr("timetable.demo.load", lambda *args: None)
    load_demo(force=True)
    assert {case.state for case in ModerationCase.objects.all()} >= {"open", "upheld", "dismissed"}
