"""Searching posts: what is found, by whom, in which order, and within which bound."""

from urllib.parse import quote

import hypothesis.strategies as st
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings

import api.walks as api_walks
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import at_once, codes
from board.models import Post, PostGram
from board.search import grams_of
from board.services.hiding import hide
from board.services.posts import create_post, delete_post, update_post
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.helpers import block, ids, pages
from conftest import Client

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"


@pytest.fixture
def board(user):
    return BoardFactory(school=user.school)


def found(client, term, **query):
    answer = client.get(POSTS, {"search": term} | query)
    assert answer.status_code == 200, answer.content
    return ids(answer.json()["results"])


def flat(lists):
    return [pk for row in lists for pk in row]


@pytest.mark.parametrize(
    ("text", "term", "is_found"),
    [
        ("오늘학식메뉴", "학식", True),
        ("오늘학식메뉴", "학메", False),
        ("오늘학식메뉴", "메뉴 학식", True),
        ("오늘학식메뉴", "학식 저녁", False),
        ("오늘학식메뉴", "학식 늘", True),
        ("오늘학식메뉴", "학식 밤", False),
        ("오늘 학식", "늘학", False),
        ("오늘학식메뉴", "\u1112\u1161\u11a8\u1109\u1175\u11a8", True),
        ("\u1112\u1161\u11a8\u1109\u1175\u11a8", "학식", True),
        ("A동2층 학식🍕맛집abc123", "학식🍕", True),
        ("A동2층 학식🍕맛집abc123", "학식😀", False),
        ("A동2층 학식🍕맛집abc123", "a동2층", True),
        ("A동2층 학식🍕맛집abc123", "집ABC1", True),
        ("😀🍕", "😀🍕", True),
        ("😀🍕", "🍕🍕", False),
        ("😀🍕", "😀😀", False),
        ("ＭＥＮＵ", "menu", True),
        ("café", "cafe", False),
        ("cafe\u0301", "CAFÉ", True),
        ("ㅋㅋㅠㅠ", "ㅠㅠ", True),
        ("ㅋㅋㅠㅠ", "ㅋㅋ", True),
        ("아ㅋㅋ", "\uffbb\uffbb", True),
        ("100%_할인\\", "%_", True),
        ("100%_할인\\", "인\\", True),
        ("1000할인", "0%", False),
        ("학\u200b식❤\ufe0f", "학식❤", True),
        ("학식", "학\u200b식", True),
        ("학\n식", "학식", False),
    ],
)
def test_a_term_is_found_inside_words_however_it_is_typed(api, board, text, term, is_found):
    in_text, in_title = PostFactory(board=board, content=text), PostFactory(board=board, title=text)
    assert found(api, term) == ([in_title.pk, in_text.pk] if is_found else [])


def test_a_word_does_not_run_from_the_title_into_the_text_but_words_may_stand_in_both(api, board):
    post = PostFactory(board=board, title="오늘학", content="식메뉴")
    assert found(api, "학식") == []
    assert found(api, "오늘 메뉴") == [post.pk]


def test_what_is_found_follows_edits_and_deletes(api, board, user):
    post = create_post(user=user, board=board, title="저녁", content="학식")
    assert found(api, "학식") == [post.pk]
    update_post(post=post, changes={"content": "분식"})
    assert (found(api, "학식"), found(api, "분식"), found(api, "저녁")) == ([], [post.pk], [post.pk])
    post.refresh_from_db()
    assert set(PostGram.objects.values_list("gram", flat=True)) == grams_of(post.title, post.content)
    delete_post(post=post)
    assert (found(api, "분식"), PostGram.objects.count()) == ([], 0)


def test_what_is_hidden_is_found_by_its_author_alone(api, board, user):
    mine, others = (
        PostFactory(board=board, author=user, content="학식"),
        PostFactory(board=board, content="학식"),
    )
    for post in (mine, others):
        hide(user=UserFactory(school=user.school), content=post, reason="spam")
    assert found(api, "학식") == [mine.pk]


def test_nothing_is_found_that_the_list_would_not_show(api, user, board):
    blocked = PostFactory(board=board, content="학식", is_anonymous=True)
    PostFactory(content="학식")
    gone = PostFactory(board=BoardFactory(school=user.school), content="학식").board
    gone.deleted_at = blocked.created_at
    gone.save()
    closed = PostFactory(board=BoardFactory(school=user.school, needs_verification=True), content="학식")
    assert found(api, "학식") == [closed.pk, blocked.pk]
    block(api, post=blocked.pk)
    assert found(api, "학식") == [closed.pk]
    stranger = Client(UserFactory(school=user.school, school_verified_at=None))
    assert found(stranger, "학식") == [blocked.pk]
    assert found(Client(UserFactory(school=SchoolFactory())), "학식") == []


def test_staff_say_where_to_search(user, board):
    post, staff = PostFactory(board=board, content="학식"), Client(StaffFactory())
    assert codes(staff.get(POSTS, {"search": "학식"})) == {("school", "required")}
    assert found(staff, "학식", school=user.school_id) == found(staff, "학식", board=board.pk) == [post.pk]


@pytest.mark.parametrize("ordering", ["likes", "x"])
def test_what_is_searched_comes_newest_first(api, ordering):
    answer = api.get(POSTS, {"search": "학식", "ordering": ordering})
    assert codes(answer) == {("ordering", "invalid_choice")}
    assert found(api, "학식", ordering="newest") == []


@pytest.mark.parametrize(
    "query", ["search=학식", "liked=true", "scrapped=true", "commented=true", "mine=true"]
)
def test_walked_pages_lead_both_ways(api, user, board, query):
    posts = []
    for _ in range(7):
        author = user if query == "mine=true" else UserFactory(school=user.school)
        post = PostFactory(board=board, author=author, content="학식")
        user.post_likes.create(post=post)
        user.scraps.create(post=post)
        make_comment(post, author=user)
        make_comment(post, author=user)
        posts.insert(0, post.pk)
    url = f"{POSTS}?{quote(query, safe='=')}&page_size=2"
    forward = pages(api, url)
    assert forward == [posts[:2], posts[2:4], posts[4:6], posts[6:]]
    page = api.get(api.get(api.get(url).json()["next"]).json()["next"]).json()
    back = api.get(page["previous"]).json()
    assert ids(back["results"]) == posts[2:4]
    first = api.get(back["previous"]).json()
    assert (ids(first["results"]), first["previous"]) == (posts[:2], None)
    delete_post(post=Post.objects.get(pk=posts[4]))
    assert ids(api.get(back["next"]).json()["results"]) == posts[5:7]


def test_a_walk_that_meets_its_bound_gives_a_short_page_that_leads_on_both_ways(api, board, monkeypatch):
    monkeypatch.setattr(api_walks, "MAX_IDS", 3)
    monkeypatch.setattr(api_walks, "FIRST_WINDOW", 1)
    monkeypatch.setattr(api_walks, "ROUNDED_TO", 1)
    wanted = [PostFactory(board=board, content="가나다")]
    for _ in range(12):
        PostFactory(board=board, content="가나 나다")
    wanted.insert(0, PostFactory(board=board, content="가나다"))
    url = f"{POSTS}?search={quote('가나다')}&page_size=1"
    seen, answer = [], {"next": url}
    while answer["next"]:
        answer = api.get(answer["next"]).json()
        seen.append(ids(answer["results"]))
    assert flat(seen) == [post.pk for post in wanted]
    assert [] in seen
    back = [ids(answer["results"])]
    while answer["previous"]:
        answer = api.get(answer["previous"]).json()
        back.append(ids(answer["results"]))
    assert flat(back) == [post.pk for post in reversed(wanted)]


def test_long_texts_meet_the_bound_sooner(api, board, monkeypatch):
    monkeypatch.setattr(api_walks, "MAX_ROWS", 6)
    monkeypatch.setattr(api_walks, "ROUNDED_TO", 1)
    posts = [PostFactory(board=board, content="가나 나다 " + "라" * 600).pk for _ in range(4)]
    assert found(api, "가나 나다") == posts[:1:-1]
    for pk in posts:
        update_post(post=Post.objects.get(pk=pk), changes={"content": "가나 나다"})
    assert found(api, "가나 나다") == posts[::-1]


def test_where_a_page_met_its_bound_names_no_post_that_is_hidden():
    class Reached:
        key, backward, reached = 100_000, False, 81_234

    assert api_walks.bound_of(Reached, []) == 81_300
    Reached.backward, Reached.key = True, 1
    assert api_walks.bound_of(Reached, []) == 81_200


def test_a_cursor_of_no_number_is_refused(api):
    answer = api.get(POSTS, {"search": "학식", "cursor": "WyItaWQiLDAsMCwieCJd"})
    assert codes(answer) == {("cursor", "invalid_cursor")}


def test_searching_is_limited_and_reading_is_not(api, monkeypatch, settings):
    from api.throttling import ActionThrottle

    monkeypatch.setattr(ActionThrottle, "THROTTLE_RATES", {"search": "2/min"})
    answers = [api.get(POSTS, {"search": "학식"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert api.get(POSTS).status_code == 200


def test_posts_that_were_not_indexed_are_found_once_they_are(api, board, capsys):
    post = PostFactory(board=board, content="학식")
    PostGram.objects.all().delete()
    assert found(api, "학식") == []
    call_command("reindex_posts")
    assert "1 posts looked at, 1 mended" in capsys.readouterr().out
    assert found(api, "학식") == [post.pk]
    call_command("reindex_posts")
    assert "0 mended" in capsys.readouterr().out


texts = st.text(alphabet="가나ab😀 ", min_size=1, max_size=8)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds=st.lists(st.tuples(texts, texts), max_size=6), term=texts)
def test_any_term_finds_what_comparing_every_post_would(api, board, user, worlds, term):
    words = term.split()
    if not any(len(word) > 1 for word in words):
        return
    Post.objects.all().delete()
    PostGram.objects.all().delete()
    made = [create_post(user=user, board=board, title=title, content=text) for title, text in worlds]
    expected = [
        post.pk for post in made[::-1] if all(word in post.title or word in post.content for word in words)
    ]
    assert flat(pages(api, f"{POSTS}?search={quote(term)}&page_size=2")) == expected


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_edits_at_once_leave_exactly_the_grams_of_the_text():
    post = PostFactory(content="처음글")
    edits = [f"글{n}번째판{n}" for n in range(8)]
    at_once(*[lambda text=text: update_post(post=post, changes={"content": text}) for text in edits])
    post.refresh_from_db()
    assert post.content in edits
    assert set(PostGram.objects.values_list("gram", flat=True)) == grams_of(post.title, post.content)
