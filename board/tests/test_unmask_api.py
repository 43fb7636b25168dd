"""The one door behind anonymity."""

import logging

import pytest
from django.core import mail

from accounts.models import AuditLog
from accounts.services import unmasking
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from board.services.posts import delete_post
from board.tests.factories import PostFactory
from board.tests.moderation import KINDS, UNMASK, about, kind_of, make_target

pytestmark = pytest.mark.django_db

REASON = "영장 2027-17"


@pytest.fixture
def staff(db):
    return StaffFactory()


@pytest.fixture
def api(client_of, staff):
    return client_of(staff)


@pytest.fixture(params=KINDS)
def target(request, user):
    return make_target(request.param, user)


def unmask(client, row, reason=REASON):
    return client.post(UNMASK, about(row, reason=reason))


def test_staff_learn_who_wrote_it(api, user, target):
    answer = unmask(api, target)
    assert answer.status_code == 200
    assert answer.json() == {
        "user": {
            "id": str(user.pk),
            "username": user.username,
            "nickname": user.nickname,
            "name": user.name,
            "email": user.email,
            "school": {"id": user.school_id, "name": user.school.name},
        }
    }


def test_who_has_withdrawn_is_nobody(api, user, target):
    user.delete()
    assert unmask(api, target).json() == {"user": None}


def test_staff_who_wrote_something_have_no_school(api, staff):
    post = PostFactory(author=staff, is_anonymous=True)
    assert unmask(api, post).json()["user"]["school"] is None


def test_what_was_deleted_can_be_unmasked(api, user):
    post = make_target("post", user)
    delete_post(post=post)
    assert unmask(api, post).json()["user"]["id"] == str(user.pk)


def test_it_is_for_staff_alone(client_of, anonymous, user, target):
    assert unmask(anonymous, target).status_code == 401
    moderator = UserFactory(school=user.school, is_moderator=True)
    manager = UserFactory(school=user.school)
    for person in (user, moderator, manager):
        for body in (about(target, reason=REASON), {}, {"target_kind": "post", "target_id": 10**9}):
            answer = client_of(person).post(UNMASK, body)
            assert (answer.status_code, codes(answer)) == (403, {(None, "not_staff")})
    assert not AuditLog.objects.exists()
    assert mail.outbox == []


def test_it_is_logged_with_the_reason_and_without_the_answer(api, staff, user, target):
    unmask(api, target)
    entry = AuditLog.objects.get()
    assert (entry.actor, entry.act, entry.reason) == (staff, "unmask", REASON)
    assert (entry.target_kind, entry.target_id) == (kind_of(target), str(target.pk))
    assert entry.school == user.school
    text = str(AuditLog.objects.values().get())
    for word in (user.nickname, user.username, user.email, str(user.pk), user.pk.hex):
        assert word not in text


def test_the_other_staff_are_told_by_mail_and_not_the_answer(api, staff, user, target):
    others = StaffFactory.create_batch(2)
    StaffFactory(is_active=False)
    UserFactory(is_moderator=True)
    unmask(api, target)
    (message,) = mail.outbox
    assert sorted(message.bcc) == sorted(other.email for other in others)
    assert message.to == []
    assert staff.nickname in message.body
    assert REASON in message.body
    assert str(target.pk) in message.body
    for word in (user.nickname, user.username, user.email, str(user.pk)):
        assert word not in message.body + message.subject


def test_staff_without_an_address_are_left_out(api, user):
    other = StaffFactory()
    type(other).objects.filter(pk=other.pk).update(email="")
    unmask(api, make_target("post", user))
    assert mail.outbox == []


def test_nobody_is_told_before_it_is_committed(staff, user, django_capture_on_commit_callbacks):
    StaffFactory()
    post = make_target("post", user)
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        unmasking.unmask(user=staff, target_kind="post", target_id=post.pk, reason=REASON)
        assert mail.outbox == []
    assert len(waiting) == 1


def test_a_mail_that_can_not_be_sent_is_logged_and_keeps_nothing_back(api, user, settings, caplog):
    StaffFactory.create_batch(2)
    settings.EMAIL_BACKEND = "nowhere.Backend"
    with caplog.at_level(logging.WARNING, logger="accounts.services.mail"):
        answer = unmask(api, make_target("post", user))
    assert answer.status_code == 200
    assert [record.name for record in caplog.records].count("accounts.services.mail") == 1
    assert user.username not in caplog.text


@pytest.mark.parametrize(
    ("change", "attr", "code"),
    [
        ({"reason": ""}, "reason", "blank"),
        ({"reason": "   "}, "reason", "blank"),
        ({"reason": None}, "reason", "null"),
        ({"reason": "가" * 501}, "reason", "max_length"),
        ({"target_kind": "user"}, "target_kind", "invalid_choice"),
        ({"target_id": "1"}, "target_id", "invalid"),
        ({"target_id": 10**9}, "target_id", "does_not_exist"),
        ({"target_id": 10**30}, "target_id", "does_not_exist"),
    ],
)
def test_it_takes_a_target_and_a_reason(api, user, change, attr, code):
    answer = api.post(UNMASK, about(make_target("post", user), reason=REASON) | change)
    assert (answer.status_code, codes(answer)) == (400, {(attr, code)})
    assert not AuditLog.objects.exists()


def test_everything_is_required(api):
    assert codes(api.post(UNMASK, {})) == {
        (name, "required") for name in ("target_kind", "target_id", "reason")
    }
    assert api.get(UNMASK).status_code == 405
