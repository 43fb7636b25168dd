"""Hiding by hand and by reports, and who shows it again."""

import pytest

from accounts.models import AuditLog, ModerationCase
from accounts.services.cases import dismiss, uphold
from api.tests.helpers import codes
from board.services.hiding import hide
from board.tests.factories import make_comment
from board.tests.moderation import case_of, old_users, reload, report

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["post", "comment"])
def content(request, post):
    return post if request.param == "post" else make_comment(post, author=post.author)


@pytest.fixture
def hidden(settings, content):
    """Hidden by reports."""
    settings.REPORTS_TO_HIDE = 2
    for person in old_users(2, content.author.school):
        report(person, content)
    assert reload(content).state == "hidden"
    return content


def restore(client, content):
    return client.delete(f"/api/v1/{content._meta.model_name}s/{content.pk}/hide/")


def assert_kept(answer, content, state):
    assert (answer.status_code, codes(answer)) == (409, {(None, "case_decides")})
    assert (reload(content).state, case_of(content).state) == ("hidden", state)


def test_a_manager_does_not_show_again_what_reports_hid(clients, hidden):
    assert_kept(restore(clients["manager"], hidden), hidden, "open")


@pytest.mark.parametrize("role", ["moderator", "staff"])
def test_a_moderator_who_shows_it_again_dismisses_the_case(clients, people, hidden, role):
    assert restore(clients[role], hidden).json() == {"state": "living"}
    case = case_of(hidden)
    assert (case.state, case.decided_by, case.note) == ("dismissed", people[role], "")
    assert case.decided_at is not None
    assert reload(hidden).state == "living"
    acts = AuditLog.objects.order_by("id").values_list("act", "actor")
    assert list(acts) == [("dismiss", people[role].pk), ("restore", people[role].pk)]
    report(old_users(1, hidden.author.school)[0], hidden)
    assert reload(hidden).state == "living"


@pytest.mark.parametrize("by", ["manager", "moderator"])
def test_what_moderators_upheld_only_moderators_show_again(clients, people, content, by):
    report(people["user"], content)
    hide(user=people[by], content=content, reason="spam")
    uphold(user=people["staff"], case=case_of(content), note="규정 3조")
    assert_kept(restore(clients["manager"], content), content, "upheld")
    assert restore(clients["moderator"], content).status_code == 200
    assert case_of(content).state == "dismissed"


def test_a_moderator_who_manages_the_board_is_a_moderator(clients, people, hidden):
    people["manager"].is_moderator = True
    people["manager"].save()
    assert restore(clients["manager"], hidden).status_code == 200


@pytest.mark.parametrize("by", ["manager", "moderator"])
def test_what_was_hidden_by_hand_a_manager_shows_again_and_the_case_stays_open(clients, people, content, by):
    report(people["user"], content)
    hide(user=people[by], content=content, reason="spam")
    assert restore(clients["manager"], content).status_code == 200
    assert (reload(content).state, case_of(content).state) == ("living", "open")


def test_what_was_dismissed_and_hidden_by_hand_a_manager_shows_again(clients, people, content):
    report(people["user"], content)
    dismiss(user=people["moderator"], case=case_of(content), note="괜찮아요.")
    hide(user=people["manager"], content=content, reason="spam")
    assert restore(clients["manager"], content).status_code == 200
    assert case_of(content).note == "괜찮아요."


def test_the_case_of_one_thing_keeps_nothing_else(clients, people, post):
    comment, other = make_comment(post), make_comment(post)
    report(people["user"], other)
    uphold(user=people["moderator"], case=case_of(other), note="규정 3조")
    hide(user=people["manager"], content=comment, reason="spam")
    assert restore(clients["manager"], comment).status_code == 200


def test_reports_hide_from_everybody_but_the_author_and_those_who_decide(clients, hidden):
    path = f"/api/v1/{hidden._meta.model_name}s/{hidden.pk}/"
    for role, status in [("user", 404), ("author", 200), ("manager", 200), ("moderator", 200)]:
        assert clients[role].get(path).status_code == status, role
    assert clients["author"].get(path).json()["state"] == "hidden"
    for answer in (clients["author"].delete(path), clients["author"].patch(path, {"content": "고친 글"})):
        assert codes(answer) == {(None, "frozen")}


def test_hiding_by_hand_counts_no_report_and_opens_no_case(people, content):
    hide(user=people["manager"], content=content, reason="spam")
    assert not ModerationCase.objects.exists()


# --- What the author is told
def told(client, content):
    return client.get(f"/api/v1/{content._meta.model_name}s/{content.pk}/").json()["hidden"]


def test_the_author_of_what_reports_hid_is_told_why_and_that_it_is_open(clients, hidden):
    answer = told(clients["author"], hidden)
    assert answer.pop("at") is not None
    reason = reload(hidden)
    assert answer == {
        "reason": reason.hidden_reason,
        "reason_display": str(reason.get_hidden_reason_display()),
        "is_final": False,
        "note": "",
    }


def test_the_author_of_what_was_upheld_reads_the_note(clients, people, hidden):
    uphold(user=people["moderator"], case=case_of(hidden), note="욕설입니다.")
    answer = told(clients["author"], hidden)
    assert (answer["is_final"], answer["note"]) == (True, "욕설입니다.")


def test_the_author_of_what_was_dismissed_is_told_nothing(clients, people, hidden):
    dismiss(user=people["moderator"], case=case_of(hidden), note="괜찮아요.")
    assert told(clients["author"], hidden) is None
    # Nor the note, where a manager hides it by hand after that.
    hide(user=people["manager"], content=reload(hidden), reason="spam")
    answer = told(clients["author"], hidden)
    assert (answer["reason"], answer["is_final"], answer["note"]) == ("spam", False, "")
