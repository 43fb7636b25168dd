"""Reporting, deciding and deleting at one moment: each counts once, and no client sees an error."""

import pytest
from django.utils import timezone

from accounts.models import AuditLog, ModerationCase, Report, Sanction
from accounts.services.withdrawal import leave
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import at_once, codes
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.moderation import CASES, REPORTS, SANCTIONS, about, case_of, old_users, reload, report
from conftest import Client

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

NOTE = {"note": "규정 3조"}
TERMS = {"kind": "no_writing", "until": None, "reason": "abuse"}


@pytest.fixture
def post():
    return PostFactory(board=BoardFactory(), is_anonymous=True)


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def posting(person, path, body):
    client = Client(person)
    return lambda: client.post(path, body)


def reports_of(people, row):
    return [posting(person, REPORTS, about(row, reason="abuse")) for person in people]


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_twelve_reports_at_once_open_one_case_and_hide_once(post, kind):
    row = post if kind == "post" else make_comment(post)
    answers = at_once(*reports_of(old_users(12, post.school), row))
    case = ModerationCase.objects.get()
    # Those that came after the tenth found it hidden, or found nothing.
    accepted = [answer for answer in answers if answer.status_code == 201]
    assert len(accepted) == 10
    assert {code for answer in answers if answer not in accepted for _attr, code in codes(answer)} <= {
        "frozen",
        "does_not_exist",
    }
    assert case.counted_reports == Report.objects.filter(counts=True).count() == 10
    row = reload(row)
    assert (row.state, row.hidden_by) == ("hidden", None)


def test_one_person_s_reports_at_once_are_one(post):
    (person,) = old_users(1, post.school)
    client = Client(person)
    answers = at_once(*[lambda: client.post(REPORTS, about(post, reason="spam"))] * 6)
    assert statuses(answers) == [201] + [409] * 5
    assert case_of(post).counted_reports == Report.objects.count() == 1


@pytest.mark.parametrize("acts", [("uphold", "uphold"), ("uphold", "dismiss"), ("dismiss", "dismiss")])
def test_of_two_moderators_at_once_one_decides(post, acts):
    report(UserFactory(school=post.school), post)
    path = f"{CASES}{case_of(post).pk}/"
    moderators = UserFactory.create_batch(2, school=post.school, is_moderator=True)
    answers = at_once(
        *[posting(person, f"{path}{act}/", NOTE) for person, act in zip(moderators, acts, strict=True)]
    )
    assert statuses(answers) == [200, 409]
    assert AuditLog.objects.count() == 1
    state = case_of(post).state
    assert reload(post).state == ("hidden" if state == "upheld" else "living")


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_reporting_and_deleting_at_once_leave_no_open_case(kind):
    """Whichever comes first: no report is made of what is gone, and no case is left open."""
    board = BoardFactory()
    for _ in range(6):
        post = PostFactory(board=board)
        row = post if kind == "post" else make_comment(post, parent=make_comment(post))
        author = Client(row.author)
        reporters = old_users(4, post.school)
        deleted, *answers = at_once(
            lambda author=author, row=row: author.delete(f"/api/v1/{kind}s/{row.pk}/"),
            *reports_of(reporters, row),
        )
        assert deleted.status_code == 204
        assert set(statuses(answers)) <= {201, 400}
    assert not ModerationCase.objects.filter(state="open").exists()
    assert not ModerationCase.objects.exclude(state="moot").exists()


def test_reporting_and_deciding_at_once_deadlock_nobody(settings, post):
    settings.REPORTS_TO_HIDE = 3
    comment = make_comment(post)
    for row in (post, comment):
        report(UserFactory(school=post.school), row)
    moderator = UserFactory(school=post.school, is_moderator=True)
    deciding = [posting(moderator, f"{CASES}{case_of(row).pk}/dismiss/", NOTE) for row in (post, comment)]
    answers = at_once(
        *deciding,
        *reports_of(old_users(5, post.school), post),
        *reports_of(old_users(5, post.school), comment),
    )
    assert set(statuses(answers)) <= {200, 201, 400, 409}
    assert {case.state for case in ModerationCase.objects.all()} == {"dismissed"}
    assert {reload(row).state for row in (post, comment)} == {"living"}


def test_sanctions_and_new_nicknames_at_once_deadlock_nobody(post):
    """A sanction locks the writer last; a moderator may be a writer too."""
    moderators = UserFactory.create_batch(2, school=post.school, is_moderator=True)
    posts = [PostFactory(board=post.board, author=moderator, is_anonymous=True) for moderator in moderators]
    clients = [Client(moderator) for moderator in moderators]
    answers = at_once(
        *[
            posting(moderator, SANCTIONS, about(row) | TERMS)
            for moderator, row in zip(moderators, reversed(posts), strict=True)
            for _ in "123"
        ],
        *[lambda client=client: client.patch("/api/v1/users/me/", {"name": "이름"}) for client in clients],
    )
    assert set(statuses(answers)) == {200, 201}
    assert Sanction.objects.count() == 6


def test_a_sanction_of_somebody_who_leaves_at_that_moment_is_made_all_the_same(post):
    staff = StaffFactory()
    for _ in range(6):
        row = PostFactory(board=post.board, is_anonymous=True)
        answer, _gone = at_once(
            posting(staff, SANCTIONS, about(row) | TERMS), lambda author=row.author: leave(user=author)
        )
        assert answer.status_code == 201
    assert Sanction.objects.filter(user=None).count() == 6


def test_lifting_at_once_is_logged_once(post):
    moderator = Client(UserFactory(school=post.school, is_moderator=True))
    made = moderator.post(SANCTIONS, about(post) | TERMS)
    path = f"{SANCTIONS}{made.json()['id']}/"
    assert statuses(at_once(*[lambda: moderator.delete(path)] * 6)) == [204] * 6
    assert AuditLog.objects.filter(act="lift").count() == 1
    assert Sanction.objects.get().lifted_at <= timezone.now()
