"""The main job, end to end: join, open a board, post, comment and reply."""

import pytest

from accounts.tests.factories import PASSWORD, SchoolFactory

pytestmark = pytest.mark.django_db


def test_a_student_joins_posts_and_is_answered(anonymous, settings):
    settings.REQUIRE_SCHOOL_VERIFICATION = False
    school = SchoolFactory(name="홍익대학교")
    joined = anonymous.post(
        "/api/v1/auth/signup/",
        {
            "username": "minji_kim",
            "email": "minji@example.com",
            "password": PASSWORD,
            "nickname": "민지",
            "school": school.pk,
            "admission_year": 2025,
        },
    )
    assert joined.status_code == 201, joined.json()
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {joined.json()['access']}")
    board = anonymous.post("/api/v1/boards/", {"category": "general", "name": "자유게시판"})
    assert board.status_code == 201, board.json()
    post = anonymous.post(
        "/api/v1/posts/", {"board": board.json()["id"], "title": "안녕하세요", "content": "반가워요"}
    )
    assert post.status_code == 201, post.json()
    comments = f"/api/v1/posts/{post.json()['id']}/comments/"
    comment = anonymous.post(comments, {"content": "첫 댓글"})
    assert comment.status_code == 201, comment.json()
    reply = anonymous.post(comments, {"content": "대댓글", "parent": comment.json()["id"]})
    assert reply.status_code == 201, reply.json()

    thread = anonymous.get(comments).json()
    assert [comment["content"] for comment in thread["results"]] == ["첫 댓글"]
    assert [reply["content"] for reply in thread["results"][0]["replies"]] == ["대댓글"]
    assert thread["results"][0]["author"]["kind"] == "post_author"
    assert anonymous.get("/api/v1/posts/").json()["results"][0]["comment_count"] == 2
    assert anonymous.get("/api/v1/").status_code == 200
