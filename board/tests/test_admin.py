import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import AuditLog, User
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import make_picture
from board.models import Board, Comment, Post
from board.services import hiding, likes
from board.services.comments import delete_comment
from board.services.media import upload_media
from board.services.posts import create_post, delete_post
from board.tests.factories import BoardFactory, PostFactory, make_comment

pytestmark = pytest.mark.django_db

WRITTEN = "아무도 모르는 이야기"


@pytest.fixture
def writer() -> User:
    """Somebody whose name stands nowhere but on their own account."""
    return UserFactory(
        username="secret_writer", nickname="비밀작가", email="hidden.mail@example.org", name="김비밀"
    )


@pytest.fixture
def post(writer: User) -> Post:
    """An anonymous post with an anonymous comment and a reply by its author."""
    board = BoardFactory(school=writer.school)
    post = PostFactory(board=board, author=writer, is_anonymous=True, title="비밀 제목", content=WRITTEN)
    comment = make_comment(post, author=writer, is_anonymous=True, content=f"{WRITTEN} 하나")
    make_comment(post, author=writer, is_anonymous=True, content=f"{WRITTEN} 둘", parent=comment)
    return post


def url(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:board_{model}_{page}", args=args)


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


def rows(response: Any) -> list[Any]:
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def act(client: Client, content: Post | Comment, action: str, reason: str = "spam") -> None:
    model = content._meta.model_name
    data = {"action": action, "_selected_action": content.pk, "reason": reason}
    assert client.post(url(model), data, follow=True).status_code == 200
    content.refresh_from_db()


def traces(user: User) -> tuple[str, ...]:
    return (str(user.pk), user.pk.hex, user.username, user.nickname, user.email, user.name)


# --- Who wrote something anonymous


def crawl(client: Client) -> Iterator[tuple[str, str]]:
    """Every page of the admin that links lead to, with its text; each filter and each order by itself."""
    waiting, seen = [reverse("admin:index")], {reverse("admin:logout"), reverse("admin:jsi18n")}
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith("/admin/"):
            continue
        seen.add(path)
        response = client.get(path)
        if response.status_code == 302:
            waiting.append(response["Location"])
            continue
        assert response.status_code == 200, path
        page = response.content.decode()
        yield path, page
        links = (urljoin(path, unescape(link)) for link in re.findall(r'href="([^"#]+)"', page))
        single = (link for link in links if not re.search(r"&|\?o=.*\.", link))
        waiting.extend(link.partition("?_changelist_filters")[0] for link in single)


@pytest.mark.usefixtures("post")
def test_no_page_that_shows_content_shows_the_author_and_no_other_shows_content(
    pages: Client, writer: User
) -> None:
    visited = dict(crawl(pages))
    assert {url("post"), url("comment"), url("post", "change", Post.objects.get().pk)} <= visited.keys()
    for path, page in visited.items():
        if path.startswith("/admin/board/"):
            assert not [trace for trace in traces(writer) if trace in page], path
        else:
            assert WRITTEN not in page, path
            assert "비밀 제목" not in page, path


def test_nor_after_it_was_liked_hidden_and_shown(pages: Client, post: Post, writer: User) -> None:
    fan = UserFactory(school=writer.school)
    likes.like(user=fan, content=post, wanted=True)
    likes.scrap(user=writer, post=post, wanted=True)
    act(pages, post, "hide")
    act(pages, post.comments.first(), "hide")
    for path, page in crawl(pages):
        if path.startswith(("/admin/board/", "/admin/accounts/auditlog/")):
            assert not [trace for trace in (*traces(writer), fan.username) if trace in page], path


@pytest.mark.parametrize("by", ["username", "nickname", "email", "name", "pk"])
def test_content_is_not_searched_by_its_author(by: str, pages: Client, post: Post, writer: User) -> None:
    words = str(getattr(writer, by))
    assert rows(pages.get(url("post"), {"q": words})) == []
    assert rows(pages.get(url("comment"), {"q": words})) == []


def test_content_is_searched_by_its_text(pages: Client, post: Post) -> None:
    assert rows(pages.get(url("post"), {"q": "비밀 제목"})) == [post]
    assert rows(pages.get(url("post"), {"q": "모르는"})) == [post]
    assert len(rows(pages.get(url("comment"), {"q": "하나"}))) == 1


AUTHOR_LOOKUPS = (
    "author",
    "author_id",
    "author__id__exact",
    "author__in",
    "author__isnull",
    "author__nickname",
    "author__username__startswith",
    "likers",
    "likers__id__exact",
    "likes__user",
    "hidden_by",
    "alias_number",
    "created_at__gte",
    "school__users",
)


@pytest.mark.parametrize(
    "lookup", [*AUTHOR_LOOKUPS, "scrappers", "scraps__user", "comments__author", "board__posts"]
)
def test_posts_are_not_filtered_by_people(lookup: str, pages: Client, post: Post, writer: User) -> None:
    assert pages.get(url("post"), {lookup: str(writer.pk)}).status_code == 400


@pytest.mark.parametrize("lookup", [*AUTHOR_LOOKUPS, "post__author", "post__school__users", "parent__author"])
def test_comments_are_not_filtered_by_people(lookup: str, pages: Client, post: Post, writer: User) -> None:
    assert pages.get(url("comment"), {lookup: str(writer.pk)}).status_code == 400


@pytest.mark.parametrize(
    "lookup",
    [
        "posts",
        "posts__id__exact",
        "posts__isnull",
        "posts__title__startswith",
        "comments",
        "comments__id__exact",
        "liked_posts",
        "liked_comments",
        "post_likes",
        "scraps",
        "scrapped_posts",
        "school__posts__author",
        "managed_boards__posts",
        "idempotency_records__path",
    ],
)
def test_people_are_not_filtered_by_what_they_wrote(lookup: str, pages: Client, post: Post) -> None:
    assert pages.get(reverse("admin:accounts_user_changelist"), {lookup: str(post.pk)}).status_code == 400


@pytest.mark.parametrize(
    ("page", "lookup"),
    [
        ("accounts_session", "user__posts"),
        ("accounts_school", "users__posts"),
        ("accounts_school", "posts__author"),
        ("accounts_auditlog", "actor__posts"),
        ("auth_group", "user__posts"),
        ("board_board", "posts__author"),
        ("board_board", "notice__author"),
        ("board_board", "manager__posts"),
    ],
)
def test_nor_is_anything_else_by_way_of_them(page: str, lookup: str, pages: Client, post: Post) -> None:
    assert pages.get(reverse(f"admin:{page}_changelist"), {lookup: str(post.pk)}).status_code == 400


@pytest.mark.parametrize("model", ["post", "comment"])
def test_no_order_depends_on_the_author(model: str, pages: Client) -> None:
    registered = {model._meta.model_name: page for model, page in admin.site._registry.items()}[model]
    column = registered.list_display.index("shown_author") + 1
    board = BoardFactory()
    for nickname in ("나나", "가가", "다다"):
        author = UserFactory(nickname=nickname, school=board.school)
        make_comment(
            PostFactory(board=board, author=author, is_anonymous=True), author=author, is_anonymous=True
        )
    newest_first = rows(pages.get(url(model)))
    for order in (column, -column):
        assert rows(pages.get(url(model), {"o": order})) == newest_first


def test_a_page_is_not_opened_by_the_author(pages: Client, post: Post, writer: User) -> None:
    path = url("post", "change", writer.pk)
    assert pages.get(path, {"_to_field": "author"}).status_code == 400


def test_completing_a_name_knows_nothing_of_content(pages: Client, post: Post, writer: User) -> None:
    query = {"app_label": "board", "model_name": "board", "field_name": "manager"}
    path = reverse("admin:autocomplete")
    assert len(pages.get(path, query | {"term": "비밀작가"}).json()["results"]) == 1
    assert pages.get(path, query | {"term": "비밀 제목"}).json()["results"] == []
    to_posts = {"app_label": "board", "model_name": "comment", "field_name": "post"}
    assert pages.get(path, to_posts | {"term": "secret_writer"}).json()["results"] == []


def test_likes_scraps_and_idempotency_records_have_no_page() -> None:
    assert {model.__name__ for model in admin.site._registry} == {
        "Group",
        "School",
        "EmailDomain",
        "User",
        "Session",
        "AuditLog",
        "ModerationCase",
        "Sanction",
        "Board",
        "Post",
        "Comment",
        "Semester",
        "Course",
        "Lecture",
        "CatalogueImport",
        "Timetable",
    }


def test_a_named_author_is_shown_and_an_anonymous_one_by_the_label(pages: Client, post: Post) -> None:
    named = PostFactory(board=post.board, author=UserFactory(nickname="이름있음", school=post.school))
    assert "이름있음" in pages.get(url("post")).content.decode()
    assert "이름있음" in pages.get(url("post", "change", named.pk)).content.decode()
    other = make_comment(post, is_anonymous=True)
    pages_of = [url("comment", "change", comment.pk) for comment in (post.comments.first(), other)]
    shown = [pages.get(path).context["original"] for path in pages_of]
    labels = [admin.site._registry[Comment].shown_author(comment) for comment in shown]
    assert other.alias_number == 1
    assert labels[0] != labels[1]
    for path, label in zip(pages_of, labels, strict=True):
        assert escape(label) in pages.get(path).content.decode()


# --- Reading and hiding


@pytest.mark.parametrize("model", [Post, Comment])
def test_nobody_writes_edits_or_deletes_content_here(
    model: Any, pages: Client, post: Post, operator: User
) -> None:
    name = model._meta.model_name
    content = model.objects.first()
    before = model.objects.filter(pk=content.pk).values().get()
    fields = {
        "author": operator.pk,
        "title": "x",
        "content": "x",
        "hidden_by": operator.pk,
        "is_anonymous": "",
    }
    assert pages.get(url(name, "add")).status_code == 403
    assert pages.post(url(name, "add"), fields).status_code == 403
    assert pages.post(url(name, "change", content.pk), fields).status_code == 403
    assert pages.post(url(name, "delete", content.pk), {"post": "yes"}).status_code == 403
    pages.post(url(name), {"action": "delete_selected", "_selected_action": content.pk, "post": "yes"})
    assert model.objects.filter(pk=content.pk).values().get() == before


@pytest.mark.parametrize("model", [Post, Comment])
def test_hiding_and_restoring_is_logged(model: Any, pages: Client, post: Post, operator: User) -> None:
    content = model.objects.first()
    act(pages, content, "hide", "abuse")
    assert (content.hidden_reason, content.hidden_by) == ("abuse", operator)
    act(pages, content, "hide", "spam")
    assert content.hidden_reason == "abuse"
    act(pages, content, "restore")
    assert content.hidden_at is None
    log = AuditLog.objects.order_by("id").values_list("act", "target_kind", "target_id", "reason", "actor")
    kind, pk = model._meta.model_name, str(content.pk)
    assert list(log) == [("hide", kind, pk, "abuse", operator.pk), ("restore", kind, pk, "", operator.pk)]


@pytest.mark.parametrize("reason", ["", "because"])
def test_hiding_asks_for_a_reason(reason: str, pages: Client, post: Post) -> None:
    act(pages, post, "hide", reason)
    assert post.hidden_at is None


def test_the_history_is_the_audit_log(pages: Client, post: Post, operator: User) -> None:
    hiding.hide(user=operator, content=post, reason="spam")
    hiding.hide(user=operator, content=PostFactory(board=post.board), reason="spam")
    response = pages.get(url("post", "history", post.pk), follow=True)
    assert [entry.target_id for entry in rows(response)] == [str(post.pk)]


def test_the_state_filters(pages: Client, post: Post, operator: User) -> None:
    hidden = hiding.hide(user=operator, content=PostFactory(board=post.board), reason="spam")
    assert rows(pages.get(url("post"), {"state": "hidden"})) == [hidden]
    assert rows(pages.get(url("post"), {"state": "living"})) == [post]


def test_what_its_author_deleted_is_gone_here_too(pages: Client, post: Post) -> None:
    top = post.comments.first()
    reply = post.comments.last()
    delete_comment(comment=top)
    assert rows(pages.get(url("comment"))) == [reply]
    assert "하나" not in pages.get(url("comment", "change", reply.pk)).content.decode()
    assert pages.get(url("comment", "change", top.pk)).status_code == 302
    delete_post(post=post)
    assert rows(pages.get(url("post"))) == rows(pages.get(url("comment"))) == []


def test_content_is_shown_as_text(pages: Client, post: Post) -> None:
    Post.objects.update(title="<script>a()</script>", content="<b>굵게</b>")
    for path in (url("post"), url("post", "change", post.pk)):
        page = pages.get(path).content.decode()
        assert "<script>a()" not in page
        assert "<b>굵게" not in page


def test_staff_hide_only_with_the_permission_to_change(post: Post) -> None:
    for permission, hides in (("view_post", False), ("change_post", True)):
        staff = StaffFactory()
        staff.user_permissions.set(Permission.objects.filter(codename=permission))
        client = Client()
        client.force_login(staff)
        assert client.get(url("post", "change", post.pk)).status_code == 200
        assert client.get(url("comment")).status_code == 403
        act(client, post, "hide")
        assert (post.hidden_at is not None) == hides


@pytest.mark.parametrize("model", ["board", "post", "comment"])
def test_a_list_costs_the_same_for_1_row_and_for_30(
    model: str, pages: Client, count_queries: Callable[..., int]
) -> None:
    def read() -> None:
        assert len(rows(pages.get(url(model)))) == len(made)

    made = [make(model)]
    read()
    few = count_queries(read)
    made += [make(model) for _ in range(29)]
    assert count_queries(read) == few <= 8


def make(model: str) -> Any:
    """A row with everything a list shows of one."""
    author = UserFactory()
    board = BoardFactory(school=author.school, manager=author)
    if model == "board":
        return board
    post = PostFactory(board=board, author=author)
    return make_comment(post, author=author) if model == "comment" else post


# --- Boards


def fields_of(board: Board, **changes: Any) -> dict[str, Any]:
    """What the browser sends when a board's page is saved."""
    fields = {attr: getattr(board, attr) for attr in ("category", "name", "description", "anonymity")}
    return fields | {"in_hot": "on"} | changes


def test_a_board_is_opened_and_changed(pages: Client) -> None:
    manager = UserFactory()
    fields = {"school": manager.school_id, "category": "general", "name": "자유게시판", "anonymity": "always"}
    assert pages.post(url("board", "add"), fields | {"manager": manager.pk}).status_code == 302
    board = Board.objects.get()
    assert board.manager == manager
    assert pages.get(url("board", "change", board.pk)).status_code == 200
    changes = fields_of(board, name="비밀게시판", needs_verification="on", manager="")
    assert pages.post(url("board", "change", board.pk), changes).status_code == 302
    board.refresh_from_db()
    assert (board.name, board.name_key, board.needs_verification) == ("비밀게시판", "비밀게시판", True)
    assert board.manager is None


def test_a_taken_board_name_is_an_error_in_its_school_while_the_other_lives(pages: Client) -> None:
    taken = BoardFactory(name="자유게시판")
    board = BoardFactory(school=taken.school)
    path, changes = url("board", "change", board.pk), fields_of(board, name="자유 게시판")
    new = changes | {"school": taken.school_id}
    assert list(errors_of(pages.post(path, changes))) == ["name"]
    assert list(errors_of(pages.post(url("board", "add"), new))) == ["name"]
    elsewhere = new | {"school": SchoolFactory().pk}
    assert pages.post(url("board", "add"), elsewhere).status_code == 302
    pages.post(url("board", "delete", taken.pk), {"post": "yes"})
    assert pages.post(path, changes).status_code == 302


def test_the_manager_is_of_the_school(pages: Client) -> None:
    board = BoardFactory()
    path = url("board", "change", board.pk)
    changes = fields_of(board, manager=UserFactory().pk)
    assert list(errors_of(pages.post(path, changes))) == ["manager"]
    new = changes | {"school": board.school_id, "name": "새 게시판"}
    assert list(errors_of(pages.post(url("board", "add"), new))) == ["manager"]
    assert list(errors_of(pages.post(url("board", "add"), new | {"school": ""}))) == ["school"]


def test_a_board_keeps_its_school_and_what_happens_meanwhile(pages: Client, post: Post) -> None:
    school = post.board.school
    changes = fields_of(post.board, school=SchoolFactory().pk, notice=post.pk, description="새 설명")
    assert pages.post(url("board", "change", post.board.pk), changes).status_code == 302
    board = Board.objects.get()
    assert (board.school, board.notice, board.description) == (school, None, "새 설명")


def test_a_deleted_board_stays_with_its_posts_and_is_read_only(pages: Client, post: Post) -> None:
    board = post.board
    path = url("board", "delete", board.pk)
    page = pages.get(path).content.decode()
    assert WRITTEN not in page
    assert post.title not in page
    assert pages.post(path, {"post": "yes"}).status_code == 302
    board.refresh_from_db()
    assert board.is_deleted
    assert Post.objects.filter(pk=post.pk).exists()
    assert pages.get(url("board", "change", board.pk)).status_code == 200
    assert pages.post(url("board", "change", board.pk), fields_of(board)).status_code == 403
    assert pages.post(path, {"post": "yes"}).status_code == 403


def test_boards_are_deleted_together(pages: Client) -> None:
    boards = [BoardFactory(), BoardFactory()]
    data = {"action": "delete_selected", "_selected_action": [board.pk for board in boards]}
    assert pages.post(url("board"), data).status_code == 200
    assert pages.post(url("board"), data | {"post": "yes"}).status_code == 302
    assert Board.objects.living().count() == 0
    assert Board.objects.count() == 2


@pytest.mark.parametrize("act", ["hide", "restore"])
def test_an_operator_decides_about_nothing_of_their_own(pages, operator, act):
    post = PostFactory(author=operator, hidden_at=timezone.now() if act == "restore" else None)
    body = {"action": act, "_selected_action": [post.pk], "reason": "spam"}
    assert pages.post("/admin/board/post/", body).status_code == 302
    was = post.state
    post.refresh_from_db()
    assert post.state == was
    assert not AuditLog.objects.exists()


def test_a_posts_page_shows_its_pictures_and_not_who_uploaded_them(pages, board, author):
    picture = upload_media(user=author, image=make_picture(), caption="<b>노을</b>")
    post = create_post(user=author, board=board, title="글", content="내용", media=[picture.pk])
    page = pages.get(reverse("admin:board_post_change", args=[post.pk])).content.decode()
    assert f'<img src="/media/{picture.thumbnail.name}" alt="&lt;b&gt;노을&lt;/b&gt;">' in page
    assert author.username not in page
    assert author.nickname not in page
