"""Reports of exam notes, the cases they make, and what is hidden."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.exceptions import Frozen, Sanctioned
from accounts.models import ModerationCase, User
from accounts.services import reports
from accounts.services.cases import dismiss, uphold
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from conftest import Client
from timetable.models import ExamNote, PointEntry
from timetable.services import exam_notes as services
from timetable.services.points import balance_of
from timetable.tests.exam_notes import NOTES, POINTS, SAMPLES, STRATEGY, earn, tell, unlock_url
from timetable.tests.factories import make_lecture

pytestmark = pytest.mark.django_db
REPORTS, CASES, SANCTIONS = "/api/v1/reports/", "/api/v1/moderation/cases/", "/api/v1/sanctions/"


@pytest.fixture
def author(user):
    return UserFactory(school=user.school)


@pytest.fixture
def note(author, semester):
    return tell(author, make_lecture(semester))


@pytest.fixture
def moderator(user):
    return UserFactory(school=user.school, is_moderator=True)


def open_note(user, note):
    """Pay for a note, with points that are given for it."""
    earn(user, note.course.lectures.first(), 5)
    services.unlock_note(user=user, note=note)


def about(note):
    return {"target_kind": "exam_note", "target_id": note.pk}


def report_by(number, note):
    """Reports of so many who have opened it, and joined long ago."""
    users = UserFactory.create_batch(number, school=note.school)
    User.objects.filter(pk__in=[user.pk for user in users]).update(
        created_at=timezone.now() - timedelta(days=2)
    )
    for user in users:
        open_note(user, note)
        reports.report(user=User.objects.get(pk=user.pk), **about(note), reason="fraud")
    return users[0]


def case_of(note):
    return ModerationCase.objects.get(target_kind="exam_note", target_id=note.pk)


# --- Reporting ---
def test_only_who_has_opened_a_note_reports_it(api, user, client_of, author, note):
    body = about(note) | {"reason": "fraud"}
    nothing = api.post(REPORTS, body | {"target_id": 10**9})
    unseen = api.post(REPORTS, body)
    assert unseen.status_code == nothing.status_code == 400
    assert unseen.content == nothing.content
    open_note(user, note)
    assert api.post(REPORTS, body).status_code == 201
    assert codes(api.post(REPORTS, body)) == {(None, "already_reported")}
    assert codes(client_of(author).post(REPORTS, body)) == {(None, "own_content")}


def test_moderators_read_a_reported_note_whole_in_the_case_and_by_its_id(client_of, clients, moderator, note):
    report_by(1, note)
    mod = client_of(moderator)
    (case,) = mod.get(CASES).json()["results"]
    assert case["snapshot"] == {
        "course": str(note.course),
        "kind": "midterm",
        "content": STRATEGY,
        "samples": "\n".join(SAMPLES),
    }
    assert case["author"]["kind"] == "anonymous"
    for client in (mod, clients["staff"]):
        row = client.get(f"{NOTES}{note.pk}/").json()
        assert (row["strategy"], row["samples"], row["is_unlocked"]) == (STRATEGY, SAMPLES, True)
        assert client.get(POINTS).json()["balance"] == 0
    assert clients["other"].get(f"{NOTES}{note.pk}/").json()["strategy"] is None


def test_the_admins_page_of_the_case_has_the_note_and_not_its_author(client, moderator, author, note):
    report_by(1, note)
    services.update_note(note=note, changes={"samples": ["고친 문제"]})
    client.force_login(moderator)
    page = client.get(reverse("admin:accounts_moderationcase_change", args=[case_of(note).pk]))
    texts = (str(note.course), STRATEGY, SAMPLES[0], "고친 문제")
    assert [text for text in texts if text not in page.content.decode()] == []
    traces = (author.username, author.nickname, str(author.pk), author.email)
    assert not any(trace in page.content.decode() for trace in traces)


def test_a_note_is_sanctioned_through_once_it_is_reported(client_of, moderator, author, note):
    terms = about(note) | {"kind": "no_writing", "until": None, "reason": "fraud"}
    mod = client_of(moderator)
    assert codes(mod.post(SANCTIONS, terms)) == {("target_id", "does_not_exist")}
    report_by(1, note)
    answer = mod.post(SANCTIONS, terms)
    assert (answer.status_code, answer.json()["author"]["kind"]) == (201, "anonymous")
    assert author.sanctions.exists()


def test_a_new_text_opens_a_dismissed_case_anew(author, moderator, note):
    report_by(1, note)
    dismiss(user=moderator, case=case_of(note), note="괜찮습니다.")
    services.update_note(note=note, changes={"samples": ["다른 문제"]})
    report_by(1, note)
    assert case_of(note).is_open
    assert case_of(note).snapshot["samples"] == "다른 문제"


# --- Hiding ---
def test_ten_reports_hide_a_note_from_all_but_its_author_and_those_who_decide(
    api, user, client_of, author, moderator, note
):
    reader = Client(report_by(9, note))
    assert reader.get(f"{NOTES}{note.pk}/").json()["strategy"] == STRATEGY
    report_by(1, note)
    earn(user, note.course.lectures.first(), 5)
    for client in (reader, api):
        for call in (client.get, client.patch, client.delete):
            assert call(f"{NOTES}{note.pk}/").status_code == 404
        assert client.post(unlock_url(note)).status_code == 404
        for query in ("", "?unlocked=true", "?mine=false"):
            assert client.get(f"{NOTES}{query}").json()["results"] == []
    assert balance_of(user) == 5
    own, mod = client_of(author), client_of(moderator)
    row = own.get(f"{NOTES}{note.pk}/").json()
    assert (row["state"], row["strategy"], row["hidden"]["reason"]) == ("hidden", STRATEGY, "fraud")
    assert [each["state"] for each in own.get(NOTES).json()["results"]] == ["hidden"]
    assert mod.get(f"{NOTES}{note.pk}/").json()["strategy"] == STRATEGY
    assert mod.get(NOTES).json()["results"] == []
    # What it earned and what they paid stays.
    assert own.get(POINTS).json()["balance"] == 20
    assert reader.get(POINTS).json()["balance"] == 0


def test_a_hidden_note_is_frozen(client_of, author, moderator, note):
    report_by(10, note)
    own = client_of(author)
    for call in (own.patch, own.delete):
        assert codes(call(f"{NOTES}{note.pk}/", {"samples": []})) == {(None, "frozen")}
    earn(moderator, note.course.lectures.first(), 5)
    assert codes(client_of(moderator).post(unlock_url(note))) == {(None, "frozen")}
    assert balance_of(moderator) == 5


def test_a_note_shown_again_is_open_to_who_had_paid(moderator, note):
    reader = Client(report_by(10, note))
    dismiss(user=moderator, case=case_of(note), note="괜찮습니다.")
    row = reader.get(f"{NOTES}{note.pk}/").json()
    assert (row["strategy"], row["state"], row["hidden"]) == (STRATEGY, "living", None)
    assert reader.post(unlock_url(note)).status_code == 200
    assert reader.get(POINTS).json()["balance"] == 0


def test_an_upheld_note_stays_hidden_and_its_author_is_told(client_of, author, moderator, note):
    report_by(1, note)
    with TestCase.captureOnCommitCallbacks(execute=True):
        uphold(user=moderator, case=case_of(note), note="지어낸 문제입니다.")
    own = client_of(author)
    row = own.get(f"{NOTES}{note.pk}/").json()
    assert (row["hidden"]["is_final"], row["hidden"]["note"]) == (True, "지어낸 문제입니다.")
    (told,) = own.get("/api/v1/notifications/").json()["results"]
    assert (told["kind"], told["target"]["exam_note"]) == ("case_decided", note.pk)


def test_deleting_a_reported_note_leaves_nothing_to_decide(note):
    report_by(1, note)
    services.delete_note(note=note)
    assert case_of(note).state == ModerationCase.State.MOOT


# --- What changed since the request began ---
def test_nobody_pays_for_what_was_hidden_or_deleted_a_moment_ago(user, moderator, note):
    earn(user, note.course.lectures.first(), 5)
    ExamNote.objects.update(hidden_at=timezone.now())
    with pytest.raises(Frozen):
        services.unlock_note(user=user, note=note)
    ExamNote.objects.update(deleted_at=timezone.now())
    with pytest.raises(Http404):
        services.unlock_note(user=user, note=note)
    assert balance_of(user) == 5


def test_nothing_is_written_or_edited_once_a_sanction_has_answered(author, note):
    sanction_user(user=StaffFactory(), sanctioned=author, kind="no_writing", until=None, reason="spam")
    about_it = {"course": note.course, "semester": note.semester, "kind": "final", "strategy": STRATEGY}
    with pytest.raises(Sanctioned):
        services.create_note(user=author, **about_it)
    with pytest.raises(Sanctioned):
        services.update_note(note=note, changes={"strategy": STRATEGY * 2})


def test_who_has_made_a_note_keeps_the_school(client_of, note):
    author = note.author
    User.objects.filter(pk=author.pk).update(school_verified_at=None)
    answer = client_of(author).patch("/api/v1/users/me/", {"school": UserFactory().school_id})
    assert (answer.status_code, codes(answer)) == (409, {(None, "school_locked")})


def test_a_note_outlives_its_author(api, user, client_of, note):
    open_note(user, note)
    before = api.get(f"{NOTES}{note.pk}/").json()
    note.author.delete()
    assert api.get(f"{NOTES}{note.pk}/").json() == before
    assert PointEntry.objects.filter(note=note).exists()
