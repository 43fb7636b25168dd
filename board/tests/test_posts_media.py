"""Posts with pictures."""

import logging
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.models import User
from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Post, PostMedia
from board.services.posts import delete_post, update_post
from board.tests.factories import PostFactory
from board.tests.media import BODY, POSTS, files_of, ids, path_of, posted, read, upload, uploaded, write
from conftest import Client

pytestmark = pytest.mark.django_db


# --- Writing --------------------------------------------------------------------------------------------
def test_a_post_has_its_pictures_in_the_order_given(api, board):
    first, second, third = uploaded(api, 3, caption="노을")
    made = write(api, board, [third, first, second])
    assert made.status_code == 201
    row = made.json()
    assert ids(row) == [third, first, second]
    assert row == api.get(path_of(row)).json()
    media = PostMedia.objects.get(pk=third)
    assert row["media"][0] == {
        "id": third,
        "url": f"http://testserver/media/{media.image.name}",
        "thumbnail_url": f"http://testserver/media/{media.thumbnail.name}",
        "width": 8,
        "height": 6,
        "caption": "노을",
    }
    assert row["media_count"] == 3
    assert row["thumbnail_url"] == row["media"][0]["thumbnail_url"]


def test_a_list_has_the_first_thumbnail_and_how_many_there_are(api, board):
    row = posted(api, board, 2)
    posted(api, board, 0, title="사진 없는 글")
    without, with_two = api.get(POSTS).json()["results"]
    assert (without["thumbnail_url"], without["media_count"]) == (None, 0)
    assert (with_two["thumbnail_url"], with_two["media_count"]) == (row["thumbnail_url"], 2)
    assert "media" not in with_two


def test_a_post_has_no_pictures_unless_they_are_named(api, board):
    uploaded(api)
    assert ids(api.post(POSTS, {"board": board.pk} | BODY).json()) == []


def test_a_post_has_at_most_twenty(api, board):
    pictures = uploaded(api, 20)
    assert len(ids(write(api, board, pictures).json())) == 20
    answer = write(api, board, [str(uuid4()) for _ in range(21)])
    assert answer.status_code == 400
    assert codes(answer) == {("media", "max_length")}


def test_no_picture_stands_twice_in_a_post(api, board):
    (pk,) = uploaded(api)
    answer = write(api, board, [pk, pk.upper()])
    assert answer.status_code == 400
    assert codes(answer) == {("media", "duplicate")}


@pytest.mark.parametrize("media", [None, "x", {}, [1], [None], ["x"], [[]], [True], [2**200]])
def test_ids_are_uuids_in_a_list(api, board, media):
    assert write(api, board, media).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_one_may_not_take_is_answered_like_one_that_is_not_there(api, board, school):
    """Somebody else's, one that stands in a post, and one that was deleted."""
    other = Client(UserFactory(school=school))
    deleted = uploaded(api)[0]
    api.delete(f"/api/v1/media/{deleted}/")
    taken = ids(posted(api, board))[0]
    ours = uploaded(api)[0]
    answers = [
        write(api, board, [ours, pk], title=pk)
        for pk in (uploaded(other)[0], ids(posted(other, board))[0], taken, deleted, str(uuid4()))
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert codes(answers[0]) == {("media.1", "does_not_exist")}
    assert Post.objects.count() == 2
    assert PostMedia.objects.get(pk=ours).post is None


def test_a_post_is_written_while_the_storage_is_dead(api, board, monkeypatch, request):
    pictures = uploaded(api, 2)
    request.getfixturevalue("dead_storage")
    row = write(api, board, pictures).json()
    assert ids(row) == pictures
    assert ids(api.get(path_of(row)).json()) == pictures


def test_a_retry_with_its_key_makes_one_post(api, board):
    body = {"board": board.pk, "media": uploaded(api, 2)} | BODY
    first, again = (api.post(POSTS, body, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Post.objects.get().media_count == 2


# --- Changing -------------------------------------------------------------------------------------------
def test_a_change_orders_adds_and_leaves_out(api, board, stored):
    row = posted(api, board, 2)
    first, second = ids(row)
    (new,) = uploaded(api)
    gone = files_of(first)
    changed = api.patch(path_of(row), {"media": [new, second]}).json()
    assert ids(changed) == [new, second]
    assert changed["media_count"] == 2
    assert changed["edited_at"] is not None
    assert not PostMedia.objects.filter(pk=first).exists()
    assert len(stored()) == 4
    assert not stored() & gone


def test_a_change_of_the_order_alone_edits_the_post(api, board):
    row = posted(api, board, 2)
    changed = api.patch(path_of(row), {"media": ids(row)[::-1]}).json()
    assert ids(changed) == ids(row)[::-1]
    assert changed["edited_at"] is not None


def test_a_change_to_the_same_pictures_changes_nothing(api, board):
    row = posted(api, board, 2)
    assert api.patch(path_of(row), {"media": ids(row)}).json() == row
    assert api.patch(path_of(row), {"title": row["title"]}).json() == row


def test_a_change_can_take_all_pictures(api, board, stored):
    row = posted(api, board, 2)
    changed = api.patch(path_of(row), {"media": []}).json()
    assert (ids(changed), changed["media_count"], changed["thumbnail_url"]) == ([], 0, None)
    assert stored() == set()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_refused_changes_nothing(api, board, stored):
    row = posted(api, board, 2)
    answer = api.patch(path_of(row), {"title": "새 제목", "media": [str(uuid4())]})
    assert codes(answer) == {("media.0", "does_not_exist")}
    assert api.get(path_of(row)).json() == row
    assert len(stored()) == 4


@pytest.mark.parametrize("act", ["change", "delete"])
@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_keeps_its_files(api, board, stored, act):
    row = posted(api, board, 2)
    post = Post.objects.get()
    acts = {
        "change": lambda: update_post(post=post, changes={"media": []}),
        "delete": lambda: delete_post(post=post),
    }
    with transaction.atomic():
        acts[act]()
        assert len(stored()) == 4
        transaction.set_rollback(True)
    assert len(stored()) == 4
    assert api.get(path_of(row)).json() == row
    acts[act]()
    assert stored() == set()


def test_a_deleted_post_takes_its_pictures_and_no_others(api, board, stored):
    row = posted(api, board, 2)
    kept = files_of(uploaded(api)[0])
    assert api.delete(path_of(row)).status_code == 204
    assert stored() == kept
    assert PostMedia.objects.count() == 1
    assert Post.objects.get().media_count == 0


def test_files_that_cannot_be_deleted_keep_nobody_from_deleting(api, user, board, request, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="django.db.backends")
    rows = [posted(api, board, 2), posted(api, board, 1, title="다른 글")]
    request.getfixturevalue("dead_storage")
    assert api.patch(path_of(rows[0]), {"media": ids(rows[0])[1:]}).status_code == 200
    assert api.delete(path_of(rows[0])).status_code == 204
    assert api.delete(f"/api/v1/media/{ids(rows[1])[0]}/").status_code == 204
    assert not PostMedia.objects.exists()
    said = [record for record in caplog.records if record.name == "api.storage"]
    assert len(said) == 3
    assert not any(trace in caplog.text for trace in (user.username, user.nickname, str(user.pk)))


# --- Reading --------------------------------------------------------------------------------------------
def test_pictures_of_who_left_stay_in_the_post(api, user, board, school):
    row = posted(api, board, 2, is_anonymous=True)
    User.objects.filter(pk=user.pk).delete()
    seen = Client(UserFactory(school=school)).get(path_of(row)).json()
    assert seen["media"] == row["media"]
    assert all(read(media.image.name) for media in PostMedia.objects.all())


def test_who_uploaded_it_stands_nowhere(api, user, board, school, manager):
    row = posted(api, board, is_anonymous=True)
    for viewer in (UserFactory(school=school), manager, UserFactory(school=school, is_moderator=True)):
        body = Client(viewer).get(path_of(row)).content.decode()
        assert str(user.pk) not in body
        assert user.nickname not in body


def test_a_post_costs_the_same_with_one_picture_and_with_twenty(api, board, count_queries):
    one, twenty = posted(api, board, 1), posted(api, board, 20, title="많은 사진")
    costs = [count_queries(lambda row=row: api.get(path_of(row))) for row in (one, twenty)]
    assert costs[0] == costs[1]


def test_a_list_costs_the_same_with_one_post_and_with_thirty(api, user, board, count_queries):
    def write_one():
        post = PostFactory(board=board, author=user, media_count=2)
        for position in range(2):
            PostMedia.objects.create(
                post=post, image=f"a{position}", thumbnail="b", width=1, height=1, size=1, position=position
            )

    url = f"{POSTS}?page_size=100"
    write_one()
    one = count_queries(lambda: api.get(url))
    for _ in range(29):
        write_one()
    assert len([row for row in api.get(url).json()["results"] if row["thumbnail_url"]]) == 30
    assert count_queries(lambda: api.get(url)) == one


def test_reports_show_moderators_the_captions(api, board, school):
    uploads = [upload(api, caption=caption).json()["id"] for caption in ("욕설", "", "또 욕설")]
    row = write(api, board, uploads).json()
    reporter = Client(UserFactory(school=school))
    reporter.post("/api/v1/reports/", {"target_kind": "post", "target_id": row["id"], "reason": "abuse"})
    moderator = Client(UserFactory(school=school, is_moderator=True))
    api.patch(f"/api/v1/media/{uploads[0]}/", {"caption": "고친 말"})
    (case,) = moderator.get("/api/v1/moderation/cases/").json()["results"]
    assert case["snapshot"]["captions"] == "욕설\n또 욕설"
    assert case["edited_text"]["captions"] == "고친 말\n또 욕설"
