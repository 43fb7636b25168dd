"""The queue of a school's moderators, and what they decide."""

import pytest
from django.utils import timezone

from accounts.models import AuditLog, ModerationCase, Sanction
from accounts.services.cases import dismiss, uphold
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from board.models import Comment, Post
from board.services.comments import delete_comment
from board.services.hiding import hide
from board.services.posts import delete_post, update_post
from board.tests.moderation import (
    CASES,
    KINDS,
    case_of,
    in_days,
    kind_of,
    make_target,
    old_users,
    reload,
    report,
)
from conftest import Client

pytestmark = pytest.mark.django_db

NOTE = {"note": "규정 3조"}


@pytest.fixture
def api(moderator):
    return Client(moderator)


@pytest.fixture(params=KINDS)
def reported(request, user, author):
    """An anonymous post, comment or message of `author`, which `user` reported."""
    row = make_target(request.param, author, reader=user)
    report(user, row, note="보세요.")
    return row


@pytest.fixture
def post(user, author):
    row = make_target("post", author)
    report(user, row)
    return row


def url_of(row, act=""):
    return f"{CASES}{case_of(row).pk}/{act}"


def ids(answer):
    return [row["target_id"] for row in answer.json()["results"]]


# --- Who
def test_the_queue_is_for_moderators_and_staff(client_of, anonymous, author, user, reported, school):
    elsewhere = UserFactory(is_moderator=True)
    paths = [("get", CASES), ("get", url_of(reported))] + [
        ("post", url_of(reported, act)) for act in ("uphold/", "dismiss/")
    ]
    for method, path in paths:
        assert getattr(anonymous, method)(path, NOTE).status_code == 401
        for person in (user, author, UserFactory(school=school)):
            answer = getattr(client_of(person), method)(path, NOTE if method == "post" else None)
            assert (answer.status_code, codes(answer)) == (403, {(None, "not_moderator")})
    assert client_of(elsewhere).get(CASES).json()["results"] == []
    for method, path in paths[1:]:
        assert (
            getattr(client_of(elsewhere), method)(path, NOTE if method == "post" else None).status_code == 404
        )
    assert case_of(reported).state == "open"


def test_the_role_is_checked_before_the_case_and_its_state(client_of, user, moderator):
    for act in ("uphold/", "dismiss/"):
        assert client_of(user).post(f"{CASES}999/{act}", NOTE).status_code == 403
        assert client_of(moderator).post(f"{CASES}999/{act}", {}).status_code == 404


def test_staff_see_every_school_and_can_ask_for_one(client_of, post, school):
    theirs = make_target("post", UserFactory())
    report(UserFactory(school=theirs.school), theirs)
    staff = client_of(StaffFactory())
    assert ids(staff.get(CASES)) == [theirs.pk, post.pk]
    assert ids(staff.get(f"{CASES}?school={school.pk}")) == [post.pk]


def test_a_moderator_has_one_school(api, post, school):
    other = UserFactory().school
    assert ids(api.get(CASES)) == ids(api.get(f"{CASES}?school={school.pk}")) == [post.pk]
    assert codes(api.get(f"{CASES}?school={other.pk}")) == {("school", "does_not_exist")}


@pytest.mark.parametrize("role", ["moderator", "staff"])
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_decides_about_what_they_wrote(client_of, user, school, kind, role):
    author = StaffFactory(school=school) if role == "staff" else UserFactory(school=school, is_moderator=True)
    row = make_target(kind, author, reader=user)
    report(user, row)
    client = client_of(author)
    assert client.get(CASES).json()["results"] == []
    assert client.get(url_of(row)).status_code == 404
    for act in ("uphold/", "dismiss/"):
        assert client.post(url_of(row, act), NOTE).status_code == 404


# --- What they read
def test_a_case_has_what_a_moderator_needs_and_no_person(api, user, author, school, reported):
    row = api.get(url_of(reported)).json()
    (listed,) = api.get(CASES).json()["results"]
    case = case_of(reported)
    assert listed == {name: value for name, value in row.items() if name != "notes"}
    assert row.pop("opened_at") is not None
    number = 1 if kind_of(reported) == "comment" else None
    assert row == {
        "id": case.pk,
        "target_kind": kind_of(reported),
        "target_id": reported.pk,
        "school": {"id": school.pk, "name": school.name},
        "author": {
            "id": None,
            "kind": "anonymous",
            "number": number,
            "display_name": "Anonymous 1" if number else "Anonymous",
            "picture": None,
        },
        "target_state": "living",
        "snapshot": case.snapshot,
        "edited_text": None,
        "counted_reports": 0,
        "report_count": 1,
        "reasons": {"abuse": 1},
        "notes": ["보세요."],
        "state": "open",
        "state_display": "open",
        "decided_by": None,
        "decided_at": None,
        "note": "",
    }


def test_the_author_is_shown_as_readers_see_them_in_the_reader_s_language(api, user, author):
    named = make_target("post", author, is_anonymous=False)
    report(user, named)
    shown = api.get(url_of(named)).json()["author"]
    assert (shown["id"], shown["display_name"]) == (str(author.pk), author.nickname)
    author.delete()
    assert api.get(url_of(named)).json()["author"]["kind"] == "withdrawn"


def test_an_anonymous_author_who_withdraws_changes_nothing(api, author, reported):
    before = (api.get(url_of(reported)).content, api.get(CASES).content)
    author.delete()
    assert (api.get(url_of(reported)).content, api.get(CASES).content) == before


def test_labels_are_in_the_reader_s_language(moderator, reported):
    korean = Client(moderator, HTTP_ACCEPT_LANGUAGE="ko")
    assert korean.get(url_of(reported)).json()["author"]["display_name"].startswith("익명")


def test_reasons_and_notes_are_those_since_the_case_was_opened(api, user, school, moderator, post):
    crowd = old_users(3, school)
    for person, reason, note in zip(crowd, ["spam", "spam", "fraud"], ["", "둘째", "셋째"], strict=True):
        report(person, post, reason, note)
    row = api.get(url_of(post)).json()
    assert (row["reasons"], row["report_count"], row["counted_reports"]) == (
        {"spam": 2, "abuse": 1, "fraud": 1},
        4,
        3,
    )
    assert row["notes"] == ["둘째", "셋째"]
    dismiss(user=moderator, case=case_of(post), note="괜찮아요.")
    update_post(post=post, changes={"content": "고친 글"})
    report(crowd[0], post, "obscene", "다시")
    row = api.get(url_of(post)).json()
    assert (row["reasons"], row["report_count"], row["notes"]) == ({"obscene": 1}, 1, ["다시"])
    assert (api.get(f"{CASES}?reason=spam").json()["results"], ids(api.get(f"{CASES}?reason=obscene"))) == (
        [],
        [post.pk],
    )


def test_the_state_of_the_target_is_the_present_one(api, moderator, author, user):
    hidden, deleted = make_target("post", author), make_target("comment", author)
    for row in (hidden, deleted):
        report(user, row)
    hide(user=moderator, content=hidden, reason="spam")
    delete_comment(comment=deleted)
    assert api.get(url_of(hidden)).json()["target_state"] == "hidden"
    assert api.get(url_of(deleted)).json()["target_state"] == "deleted"
    assert api.get(url_of(deleted)).json()["author"]["kind"] == "anonymous"


def test_the_queue_is_filtered(api, user, author, moderator):
    rows = {kind: make_target(kind, author, reader=user) for kind in KINDS}
    for row, reason in zip(rows.values(), ["spam", "abuse", "spam"], strict=True):
        report(user, row, reason)
    uphold(user=moderator, case=case_of(rows["comment"]), note="규정 3조")
    for query, expected in [
        ("kind=post", ["post"]),
        ("kind=message", ["message"]),
        ("state=open", ["message", "post"]),
        ("state=upheld", ["comment"]),
        ("state=moot", []),
        ("reason=spam", ["message", "post"]),
        ("reason=spam&kind=post", ["post"]),
        ("reason=fraud", []),
    ]:
        assert [row["target_kind"] for row in api.get(f"{CASES}?{query}").json()["results"]] == expected
    for query in ("kind=board", "state=closed", "reason=boring", "author=1", "school=x", "ordering=oldest"):
        assert api.get(f"{CASES}?{query}").status_code == 400, query


def test_the_queue_is_ordered_by_age_or_by_reports(api, school, user, author):
    first, second = make_target("post", author), make_target("post", author)
    for person in old_users(2, school):
        report(person, first)
    report(user, second)
    assert ids(api.get(CASES)) == ids(api.get(f"{CASES}?ordering=newest")) == [second.pk, first.pk]
    assert ids(api.get(f"{CASES}?ordering=reports")) == [first.pk, second.pk]


def test_one_case_of_each_kind_and_thirty_cost_the_same(api, user, author, moderator, count_queries):
    def make_three():
        for kind in KINDS:
            row = make_target(kind, author, reader=user, is_anonymous=kind != "post")
            report(user, row, note="보세요.")
            if kind == "post":
                uphold(user=moderator, case=case_of(row), note="규정 3조")

    make_three()
    few = count_queries(lambda: api.get(f"{CASES}?page_size=100"))
    for _ in range(9):
        make_three()
    many = count_queries(lambda: api.get(f"{CASES}?page_size=100"))
    assert len(api.get(f"{CASES}?page_size=100").json()["results"]) == 30
    assert many == few <= 7


# --- Upholding
def test_upholding_hides_it_and_says_so(api, moderator, reported):
    answer = api.post(url_of(reported, "uphold/"), NOTE)
    assert answer.status_code == 200
    row = answer.json()
    assert row == api.get(url_of(reported)).json()
    assert (row["state"], row["note"], row["target_state"]) == ("upheld", "규정 3조", "hidden")
    assert row["decided_by"] == {"id": str(moderator.pk), "nickname": moderator.nickname}
    assert row["decided_at"] is not None
    row = reload(reported)
    assert (row.hidden_by, row.hidden_reason) == (moderator, "abuse")


def test_the_reason_is_the_one_given_or_the_most_frequent(api, school, user, author):
    first, second = make_target("post", author), make_target("post", author)
    for row in (first, second):
        report(user, row, "fraud")
        for person in old_users(1, school):
            report(person, row, "spam")
        report(UserFactory(school=school), row, "fraud")
    api.post(url_of(first, "uphold/"), NOTE)
    api.post(url_of(second, "uphold/"), NOTE | {"reason": "politics"})
    assert (reload(first).hidden_reason, reload(second).hidden_reason) == ("spam", "politics")


def test_what_is_hidden_already_stays_hidden_by_whom_and_for_what_it_was(api, school, post):
    somebody = UserFactory(school=school, is_moderator=True)
    hide(user=somebody, content=post, reason="politics")
    assert api.post(url_of(post, "uphold/"), NOTE).status_code == 200
    assert (reload(post).hidden_by, reload(post).hidden_reason) == (somebody, "politics")


def test_both_decisions_are_logged_with_their_note(api, moderator, user, author, school):
    rows = [make_target("post", author) for _ in "12"]
    for row, act in zip(rows, ("uphold", "dismiss"), strict=True):
        report(user, row)
        api.post(url_of(row, f"{act}/"), NOTE)
    logged = AuditLog.objects.order_by("id").values_list(
        "actor", "act", "target_kind", "target_id", "school", "reason"
    )
    assert list(logged) == [
        (moderator.pk, act, "post", str(row.pk), school.pk, "규정 3조")
        for act, row in zip(("uphold", "dismiss"), rows, strict=True)
    ]


def test_a_sanction_can_go_with_it(api, author, moderator, reported):
    until = in_days(7).isoformat()
    body = NOTE | {"reason": "spam", "sanction": {"kind": "no_writing", "until": until}}
    assert api.post(url_of(reported, "uphold/"), body).status_code == 200
    sanction = Sanction.objects.get()
    assert (sanction.user, sanction.kind, sanction.reason) == (author, "no_writing", "spam")
    assert (sanction.target_kind, sanction.target_id) == (kind_of(reported), str(reported.pk))
    assert (sanction.issued_by, timezone.localtime(sanction.until).isoformat()) == (moderator, until)
    assert list(AuditLog.objects.order_by("id").values_list("act", flat=True)) == ["uphold", "sanction"]


@pytest.mark.parametrize(
    ("change", "attr", "code"),
    [
        ({"note": ""}, "note", "blank"),
        ({"note": None}, "note", "null"),
        ({"note": "가" * 501}, "note", "max_length"),
        ({"reason": "boring"}, "reason", "invalid_choice"),
        ({"sanction": None}, "sanction", "null"),
        ({"sanction": 7}, "sanction.non_field_errors", "invalid"),
        ({"sanction": {"kind": "no_fun", "until": None}}, "sanction.kind", "invalid_choice"),
        ({"sanction": {"kind": "no_writing"}}, "sanction.until", "required"),
        ({"sanction": {"kind": "no_writing", "until": "2020-01-01T00:00:00Z"}}, "sanction.until", "past"),
        ({"sanction": {"kind": "no_writing", "until": "2999-01-01T00:00:00"}}, "sanction.until", "invalid"),
        ({"sanction": {"kind": "no_writing", "until": "soon"}}, "sanction.until", "invalid"),
        ({"sanction": {"kind": "no_writing", "until": 7}}, "sanction.until", "invalid"),
        ({"sanction": {"kind": "no_writing", "until": [1]}}, "sanction.until", "invalid"),
    ],
)
def test_a_decision_is_made_of_the_right_types(api, post, change, attr, code):
    answer = api.post(url_of(post, "uphold/"), NOTE | change)
    assert (answer.status_code, codes(answer)) == (400, {(attr, code)})
    assert case_of(post).state == "open"
    assert not Sanction.objects.exists()


@pytest.mark.parametrize("act", ["uphold/", "dismiss/"])
def test_a_decision_needs_a_note(api, post, act):
    assert codes(api.post(url_of(post, act), {})) == {("note", "required")}


# --- Dismissing
def test_dismissing_shows_again_what_reports_hid(settings, api, school, user, author):
    settings.REPORTS_TO_HIDE = 2
    row = make_target("comment", author)
    for person in old_users(2, school):
        report(person, row)
    assert reload(row).state == "hidden"
    answer = api.post(url_of(row, "dismiss/"), NOTE)
    assert (answer.status_code, answer.json()["state"]) == (200, "dismissed")
    assert (answer.json()["target_state"], answer.json()["note"]) == ("living", "규정 3조")
    row = reload(row)
    assert (row.hidden_at, row.hidden_by, row.hidden_reason) == (None, None, "")


def test_dismissing_leaves_what_is_shown_as_it_is(api, reported):
    assert api.post(url_of(reported, "dismiss/"), NOTE).json()["target_state"] == "living"
    assert reload(reported).state == "living"


# --- Closed
@pytest.mark.parametrize(("first", "state"), [("uphold/", "upheld"), ("dismiss/", "dismissed")])
@pytest.mark.parametrize("second", ["uphold/", "dismiss/"])
def test_a_case_is_decided_once(api, client_of, reported, first, state, second):
    api.post(url_of(reported, first), NOTE)
    before = ModerationCase.objects.values().get()
    answer = client_of(StaffFactory()).post(url_of(reported, second), {"note": "아니다"})
    assert (answer.status_code, codes(answer)) == (409, {(None, "case_closed")})
    assert answer.json()["errors"][0]["meta"] == {"state": state}
    assert ModerationCase.objects.values().get() == before
    assert AuditLog.objects.count() == 1


@pytest.mark.parametrize(("kind", "delete"), [("post", delete_post), ("comment", delete_comment)])
def test_deleting_it_makes_an_open_case_moot(client_of, api, user, author, kind, delete):
    row = make_target(kind, author)
    made = report(user, row)
    delete(**{kind: row})
    case = case_of(row)
    assert (case.state, case.decided_by, case.decided_at) == ("moot", None, None)
    for act in ("uphold/", "dismiss/"):
        answer = api.post(url_of(row, act), NOTE)
        assert (answer.status_code, codes(answer)) == (409, {(None, "case_closed")})
        assert answer.json()["errors"][0]["meta"] == {"state": "moot"}
    assert api.get(url_of(row)).json()["snapshot"]["content"] == row.content
    assert client_of(user).get(f"/api/v1/reports/{made.pk}/").json()["state"] == "moot"


def test_deleting_it_leaves_what_was_decided(api, author, post):
    api.post(url_of(post, "dismiss/"), NOTE)
    delete_post(post=post)
    assert case_of(post).state == "dismissed"


def test_deleting_one_thing_leaves_the_cases_of_others(user, author):
    """Nor that of a comment with the post's own number."""
    post, other, comment = (make_target(kind, author) for kind in ("post", "post", "comment"))
    Comment.objects.filter(pk=comment.pk).update(id=post.pk)
    comment = Comment.objects.get()
    for row in (post, other, comment):
        report(user, row)
    delete_post(post=post)
    assert [case_of(row).state for row in (post, other, comment)] == ["moot", "open", "open"]


# --- Anonymity
def test_a_case_has_the_same_bytes_whichever_of_two_wrote_it(api, user, school, reported):
    other = UserFactory(school=school)
    before = [api.get(path).content for path in (CASES, url_of(reported))]
    if kind_of(reported) == "message":
        type(reported.sender).objects.filter(pk=reported.sender_id).update(user=other)
    else:
        type(reported).objects.update(author=other)
    assert [api.get(path).content for path in (CASES, url_of(reported))] == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("queued")
def test_upholding_costs_the_same_whether_the_author_has_left(api, user, author, kind, count_queries):
    costs = set()
    for writer, leaves in ((author, False), (UserFactory(school=user.school), True)):
        row = make_target(kind, writer, reader=user)
        report(user, row)
        if leaves:
            writer.delete()
        body = NOTE | {"sanction": {"kind": "no_writing", "until": None}}
        costs.add(count_queries(lambda row=row, body=body: api.post(url_of(row, "uphold/"), body)))
    assert len(costs) == 1


def test_a_case_has_the_text_as_it_stands_where_it_was_changed(api, user, author):
    row = make_target("post", author)
    report(user, row)
    assert api.get(url_of(row)).json()["edited_text"] is None
    Post.objects.update(content="고친 글")
    assert api.get(url_of(row)).json()["edited_text"] == {"title": row.title, "content": "고친 글"}
    Post.objects.update(deleted_at=timezone.now())
    assert api.get(url_of(row)).json()["edited_text"] is None
