"""Reporting: what can be reported, what counts, and what the one who reported sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditLog, ModerationCase, Reason, Report, User
from accounts.services.cases import dismiss, uphold
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from board.services.comments import update_comment
from board.services.hiding import hide
from board.services.posts import delete_post, update_post
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.moderation import (
    KINDS,
    REPORTS,
    about,
    case_of,
    make_old,
    make_target,
    old_users,
    reload,
    report,
)

pytestmark = pytest.mark.django_db

MISSING = 10**9


@pytest.fixture(params=KINDS)
def target(request, user, author):
    return make_target(request.param, author, reader=user)


@pytest.fixture
def post(author):
    return make_target("post", author)


def send(client, row, **fields):
    return client.post(REPORTS, about(row, reason="abuse") | fields)


# --- Reporting
def test_a_report_is_answered_as_it_is_read(api, target):
    made = send(api, target, note="욕설이에요.")
    assert made.status_code == 201
    row = made.json()
    assert row == api.get(f"{REPORTS}{row['id']}/").json()
    assert api.get(REPORTS).json()["results"] == [row]
    assert row.pop("created_at") is not None
    assert row == {
        "id": Report.objects.get().pk,
        "target_kind": target._meta.model_name,
        "target_id": target.pk,
        "reason": "abuse",
        "reason_display": "abuse",
        "note": "욕설이에요.",
        "state": "open",
        "state_display": "open",
        "decision_note": "",
        "decided_at": None,
    }


def test_the_first_report_opens_the_one_case_of_a_target(target, user, author):
    report(user, target)
    case = ModerationCase.objects.get()
    assert (case.target_kind, case.target_id) == (target._meta.model_name, target.pk)
    assert (case.school, case.state) == (author.school, "open")
    if target._meta.model_name != "message":
        report(UserFactory(school=user.school), target)
    assert ModerationCase.objects.count() == 1


def test_every_signed_in_user_reports(client_of, user, post):
    unverified = UserFactory(school=user.school, school_verified_at=None)
    sanctioned = UserFactory(school=user.school)
    sanctioned.sanctions.create(kind="no_writing", reason="abuse", target_kind="user", target_id="")
    for person in (unverified, sanctioned, StaffFactory()):
        assert send(client_of(person), post).status_code == 201


def test_strangers_report_nothing(anonymous, post):
    assert send(anonymous, post).status_code == 401
    assert anonymous.get(REPORTS).status_code == 401


def test_what_one_can_not_see_is_what_does_not_exist(api, client_of, user, author, post):
    hidden, deleted = (make_target("post", author) for _ in "12")
    hide(user=StaffFactory(), content=hidden, reason="spam")
    delete_post(post=deleted)
    elsewhere = make_target("post", UserFactory())
    verified_alone = PostFactory(board=BoardFactory(school=user.school, needs_verification=True))
    theirs = make_target("message", author)
    unverified = client_of(UserFactory(school=user.school, school_verified_at=None))
    expected = api.post(REPORTS, about(post, reason="abuse") | {"target_id": MISSING})
    assert (expected.status_code, codes(expected)) == (400, {("target_id", "does_not_exist")})
    for client, row in [
        (api, hidden),
        (api, deleted),
        (api, elsewhere),
        (api, theirs),
        (client_of(StaffFactory()), theirs),
        (unverified, verified_alone),
    ]:
        answer = send(client, row)
        assert (answer.status_code, answer.content) == (400, expected.content), row
    assert not ModerationCase.objects.exists()


def test_a_dropped_message_can_not_be_reported(api, user, author):
    message = make_target("message", author, reader=user)
    type(message).objects.update(is_dropped=True)
    assert codes(send(api, message)) == {("target_id", "does_not_exist")}


def test_nobody_reports_their_own(client_of, author, target):
    answer = send(client_of(author), target)
    assert (answer.status_code, codes(answer)) == (403, {(None, "own_content")})
    assert not ModerationCase.objects.exists()


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_what_is_hidden_is_frozen_for_those_who_see_it(client_of, moderator, author, kind):
    row = make_target(kind, author)
    hide(user=moderator, content=row, reason="spam")
    answer = send(client_of(moderator), row)
    assert (answer.status_code, codes(answer)) == (409, {(None, "frozen")})
    assert not ModerationCase.objects.exists()
    assert codes(send(client_of(author), row)) == {(None, "own_content")}


def test_one_reports_a_thing_once(api, target):
    assert send(api, target).status_code == 201
    again = send(api, target, reason="spam")
    assert (again.status_code, codes(again)) == (409, {(None, "already_reported")})
    assert Report.objects.get().reason == "abuse"


@pytest.mark.parametrize("reason", Reason.values)
def test_there_are_seven_reasons(api, post, reason):
    assert send(api, post, reason=reason).json()["reason"] == reason


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("target_kind", "board", "invalid_choice"),
        ("target_kind", "user", "invalid_choice"),
        ("target_kind", None, "null"),
        ("target_kind", 1, "invalid_choice"),
        ("target_id", "1", "invalid"),
        ("target_id", None, "null"),
        ("target_id", True, "invalid"),
        ("target_id", 0, "does_not_exist"),
        ("target_id", -1, "does_not_exist"),
        ("target_id", 10**30, "does_not_exist"),
        ("reason", "boring", "invalid_choice"),
        ("reason", None, "null"),
        ("note", "가" * 501, "max_length"),
        ("note", None, "null"),
        ("note", 7, "invalid"),
    ],
)
def test_a_report_is_made_of_the_right_types(api, post, field, value, code):
    answer = api.post(REPORTS, about(post, reason="abuse") | {field: value})
    assert (answer.status_code, codes(answer)) == (400, {(field, code)})


def test_a_report_needs_a_target_and_a_reason(api):
    assert codes(api.post(REPORTS, {})) == {
        (name, "required") for name in ("target_kind", "target_id", "reason")
    }


# --- One's own
def test_one_sees_one_s_own_reports_alone(api, client_of, moderator, user, post):
    mine = report(user, post)
    for other in (UserFactory(school=user.school), moderator, StaffFactory()):
        client = client_of(other)
        assert client.get(REPORTS).json()["results"] == []
        assert client.get(f"{REPORTS}{mine.pk}/").status_code == 404


def test_the_newest_comes_first_and_what_was_reported_again_is_new(api, user, author, moderator):
    first, second = make_target("post", author), make_target("post", author)
    report(user, first)
    report(user, second)
    dismiss(user=moderator, case=case_of(first), note="아니에요.")
    update_post(post=first, changes={"content": "고친 글"})
    report(user, first)
    listed = api.get(REPORTS).json()["results"]
    assert [row["target_id"] for row in listed] == [first.pk, second.pk]


@pytest.mark.parametrize(("decide", "state"), [(uphold, "upheld"), (dismiss, "dismissed")])
def test_who_reported_sees_the_outcome_and_why_but_not_who_decided(
    api, user, target, moderator, decide, state
):
    made = report(user, target)
    decide(user=moderator, case=case_of(target), note="규정 3조")
    answer = api.get(f"{REPORTS}{made.pk}/")
    row = answer.json()
    assert (row["state"], row["decision_note"]) == (state, "규정 3조")
    assert row["decided_at"] is not None
    assert moderator.nickname not in answer.content.decode()


def test_reports_cost_the_same_number_of_queries(api, user, author, count_queries):
    report(user, make_target("post", author))
    one = count_queries(lambda: api.get(f"{REPORTS}?page_size=100"))
    for _ in range(29):
        report(user, make_target("post", author))
    thirty = count_queries(lambda: api.get(f"{REPORTS}?page_size=100"))
    assert len(api.get(f"{REPORTS}?page_size=100").json()["results"]) == 30
    assert thirty == one <= 2


# --- What counts
@pytest.mark.parametrize(
    ("who", "counts"),
    [
        ("old", True),
        ("staff", True),
        ("unverified", False),
        ("an hour short of a day", False),
        ("just a day", True),
    ],
)
def test_reports_of_verified_accounts_older_than_a_day_count(user, post, who, counts):
    person = {
        "old": lambda: make_old(UserFactory(school=user.school)),
        "staff": lambda: StaffFactory(),
        "unverified": lambda: make_old(UserFactory(school=user.school, school_verified_at=None)),
        "an hour short of a day": lambda: make_old(UserFactory(school=user.school), days=23 / 24),
        "just a day": lambda: make_old(UserFactory(school=user.school), days=1),
    }[who]()
    assert report(person, post).counts is counts
    assert case_of(post).counted_reports == counts


def test_without_verification_everybody_counts_as_verified(settings, user, post):
    settings.REQUIRE_SCHOOL_VERIFICATION = False
    unverified = make_old(UserFactory(school=user.school, school_verified_at=None))
    assert report(unverified, post).counts is True


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_the_tenth_report_that_counts_hides_it(user, author, kind):
    row = make_target(kind, author)
    for person in UserFactory.create_batch(12, school=user.school):
        report(person, row)
    for person in old_users(9, user.school):
        report(person, row)
    assert (reload(row).state, case_of(row).counted_reports) == ("living", 9)
    report(old_users(1, user.school)[0], row)
    row = reload(row)
    assert (row.state, row.hidden_by, row.hidden_reason) == ("hidden", None, "abuse")
    assert (case_of(row).state, case_of(row).counted_reports) == ("open", 10)
    assert not AuditLog.objects.exists()


def test_a_message_is_reported_by_one_person_and_is_not_hidden_by_that(user, author):
    message = make_target("message", author, reader=make_old(user))
    report(user, message)
    assert (reload(message).state, case_of(message).counted_reports) == ("living", 1)


def test_how_many_it_takes_is_a_setting(settings, user, author):
    settings.REPORTS_TO_HIDE = 2
    row = make_target("post", author)
    for person in old_users(2, user.school):
        report(person, row)
    assert reload(row).state == "hidden"


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (["spam", "abuse", "abuse"], "abuse"),
        (["politics", "abuse", "spam"], "politics"),
        (["spam", "abuse", "abuse", "spam"], "spam"),
    ],
)
def test_it_is_hidden_for_the_most_frequent_reason_and_of_several_for_the_first(
    settings, user, author, reasons, expected
):
    settings.REPORTS_TO_HIDE = len(reasons)
    row = make_target("post", author)
    for person in UserFactory.create_batch(5, school=user.school):
        report(person, row, "obscene")
    for person, reason in zip(old_users(len(reasons), user.school), reasons, strict=True):
        report(person, row, reason)
    assert reload(row).hidden_reason == expected


# --- After a decision
@pytest.fixture
def dismissed(settings, user, author, moderator):
    """A post whose case two reports opened, and a moderator dismissed."""
    settings.REPORTS_TO_HIDE = 2
    row = make_target("post", author)
    row.reporters = old_users(2, user.school)
    for person in row.reporters:
        report(person, row, "spam", note="첫 번째")
    assert reload(row).state == "hidden"
    dismiss(user=moderator, case=case_of(row), note="괜찮은 글")
    return row


def test_after_a_dismissal_reports_change_nothing(client_of, user, dismissed):
    before = ModerationCase.objects.values().get()
    for person in old_users(3, user.school):
        answer = send(client_of(person), dismissed)
        assert (answer.status_code, answer.json()["state"]) == (201, "dismissed")
    assert ModerationCase.objects.values().get() == before
    assert reload(dismissed).state == "living"
    assert Report.objects.filter(counts=True).count() == 2
    again = send(client_of(dismissed.reporters[0]), dismissed)
    assert codes(again) == {(None, "already_reported")}


def test_an_edit_after_a_dismissal_lets_reports_open_the_case_anew(client_of, user, dismissed):
    idle = old_users(1, user.school)[0]
    report(idle, dismissed, "politics")
    update_post(post=dismissed, changes={"content": "더 나쁜 글"})
    first, second = dismissed.reporters
    answer = send(client_of(first), dismissed, reason="obscene", note="두 번째")
    assert (answer.status_code, answer.json()["state"]) == (201, "open")
    assert (answer.json()["decision_note"], answer.json()["decided_at"]) == ("", None)

    case = case_of(dismissed)
    assert (case.state, case.counted_reports, case.decided_by) == ("open", 1, None)
    assert (case.note, case.decided_at) == ("", None)
    assert case.snapshot["content"] == "더 나쁜 글"
    replaced = Report.objects.get(reporter=first)
    assert (replaced.reason, replaced.note, replaced.counts) == ("obscene", "두 번째", True)
    assert replaced.reported_at >= case.opened_at
    assert codes(send(client_of(first), dismissed)) == {(None, "already_reported")}

    send(client_of(second), dismissed, reason="obscene")
    assert (reload(dismissed).state, reload(dismissed).hidden_reason) == ("hidden", "obscene")
    assert Report.objects.count() == 3


def test_an_edit_before_the_dismissal_does_not_shield_what_was_edited(user, author, moderator):
    row = make_target("comment", author)
    report(user, row)
    update_comment(comment=row, changes={"content": "고친 댓글"})
    dismiss(user=moderator, case=case_of(row), note="괜찮아요.")
    report(old_users(1, user.school)[0], row)
    case = case_of(row)
    assert (case.state, case.snapshot["content"], case.counted_reports) == ("open", "고친 댓글", 1)


def test_an_edit_does_not_count_an_open_case_anew(author):
    row = make_target("comment", author)
    first, second = old_users(2, author.school)
    report(first, row)
    update_comment(comment=row, changes={"content": "고친 댓글"})
    report(second, row)
    case = case_of(row)
    assert (case.counted_reports, case.snapshot["content"]) == (2, row.content)


def test_a_message_never_comes_up_again(user, author, moderator, client_of):
    message = make_target("message", author, reader=user)
    report(user, message)
    dismiss(user=moderator, case=case_of(message), note="괜찮아요.")
    assert codes(send(client_of(user), message)) == {(None, "already_reported")}


def test_what_was_upheld_is_hidden_and_can_not_be_reported(client_of, user, moderator, post):
    report(user, post)
    uphold(user=moderator, case=case_of(post), note="규정 3조")
    assert codes(send(client_of(UserFactory(school=user.school)), post)) == {("target_id", "does_not_exist")}
    assert codes(send(client_of(moderator), post)) == {(None, "frozen")}


def test_clocks_that_differ_let_nobody_report_twice(user, post):
    """Another host's clock is ahead: a report is never older than the case it is in."""
    report(UserFactory(school=user.school), post)
    ModerationCase.objects.update(opened_at=timezone.now() + timedelta(seconds=5))
    made = report(make_old(user), post)
    assert made.reported_at == case_of(post).opened_at


# --- The snapshot
def test_a_snapshot_is_the_text_as_it_was_first_reported(user, author, post):
    report(user, post)
    update_post(post=post, changes={"title": "고친 제목"})
    report(UserFactory(school=user.school), post)
    snapshot = case_of(post).snapshot
    assert snapshot == {"board": post.board.name, "title": post.title, "content": post.content}


def test_the_snapshot_of_a_comment_has_the_post_and_what_it_answers(user, author):
    post = PostFactory(board=BoardFactory(school=user.school))
    parent = make_comment(post, content="물음")
    row = make_comment(post, author=author, parent=parent, content="대답")
    report(user, row)
    assert case_of(row).snapshot == {
        "board": post.board.name,
        "content": "대답",
        "post": {"id": post.pk, "title": post.title, "content": post.content},
        "parent": {"id": parent.pk, "content": "물음"},
    }


def test_no_snapshot_names_anybody(user, target):
    report(user, target)
    snapshot = str(case_of(target).snapshot)
    for person in User.objects.all():
        for word in (person.nickname, person.username, str(person.pk), person.pk.hex):
            assert word not in snapshot


def test_nothing_says_who_reported(client_of, user, author, moderator, post):
    report(user, post, note="보세요.")
    for person, path in [
        (author, f"/api/v1/posts/{post.pk}/"),
        (moderator, "/api/v1/moderation/cases/"),
        (moderator, f"/api/v1/moderation/cases/{case_of(post).pk}/"),
        (StaffFactory(), f"/api/v1/moderation/cases/{case_of(post).pk}/"),
        (moderator, "/api/v1/moderation/audit/"),
    ]:
        answer = client_of(person).get(path)
        assert answer.status_code == 200
        for word in (user.nickname, user.username, str(user.pk)):
            assert word not in answer.content.decode()
