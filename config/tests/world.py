"""A small school with somebody in every role, and the routes of the whole API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.test import TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import (
    Block,
    EmailDomain,
    Export,
    ModerationCase,
    Notification,
    Report,
    Sanction,
    School,
    Session,
    User,
)
from accounts.services.blocks import block_user
from accounts.services.pictures import set_picture
from accounts.services.reports import report
from accounts.services.sanctions import sanction_user
from accounts.services.sessions import start_session
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import make_picture
from board.models import Board, Comment, Conversation, Message, Post, PostLike, PostMedia
from board.services.boards import pin_board
from board.services.comments import create_comment
from board.services.conversations import begin_conversation
from board.services.handover import offer_board
from board.services.likes import like, scrap
from board.services.media import upload_media
from board.services.posts import create_post
from timetable.models import (
    Course,
    ExamNote,
    FriendInvitation,
    Friendship,
    Lecture,
    Review,
    Semester,
    Timetable,
    TimetableEntry,
)
from timetable.services.entries import add_lecture
from timetable.services.exam_notes import create_note, unlock_note
from timetable.services.friends import accept_request, ask_friend
from timetable.services.invitations import invite
from timetable.services.reviews import create_review, like_review
from timetable.services.sharing import share_timetable
from timetable.services.timetables import create_timetable
from timetable.tests.exam_notes import attend
from timetable.tests.factories import SemesterFactory, make_lecture
from timetable.tests.reviews import ANSWERS
from timetable.times import Meeting

PICTURE = make_picture()

ACTORS = (
    "stranger",
    "other_school",
    "unverified",
    "sanctioned",
    "user",
    "owner",
    "manager",
    "moderator",
    "staff",
)


@dataclass
class World:
    school: School
    people: dict[str, User | None]
    board: Board
    # With a picture.
    post: Post
    picture: PostMedia
    named_post: Post
    question: Post
    comment: Comment
    reply: Comment
    answer: Comment
    # `user` began one with the author of the anonymous post; that author began the other with `user`.
    begun: Conversation
    received: Conversation
    message: Message
    report: Report
    case: ModerationCase
    block: Block
    sanction: Sanction
    # The second device of `user`.
    session: Session
    # What `user` was told of, kind by kind.
    notifications: list[Notification]
    semester: Semester
    course: Course
    # `lecture` is in the timetable of `user`, and clashes with the other one.
    lecture: Lecture
    other_lecture: Lecture
    timetable: Timetable
    entry: TimetableEntry
    # `user` has opened and reported the first, and has points for the second. The third is their own.
    exam_note: ExamNote
    other_note: ExamNote
    users_note: ExamNote
    # `user` likes and has reported it.
    review: Review
    # `owner` is a friend of `user`, `second` would be; the invitation is of `user`, the token of `second`.
    friend_request: Friendship
    sent_request: Friendship
    invitation: FriendInvitation
    invitation_token: str
    # What `user` takes along.
    export: Export

    def __getattr__(self, name: str) -> Any:
        """`world.owner` and the others by their role."""
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def make_world(author: str = "owner") -> World:
    """`author` is the role that wrote the anonymous post, comments and message."""
    # A test's own transaction never commits, and so would nobody be told of anything.
    with TestCase.captureOnCommitCallbacks(execute=True):
        world = build_world(author)
    world.notifications = list(world.user.notifications.order_by("kind"))
    return world


def build_world(author: str) -> World:
    people = make_people()
    people[author] = set_picture(user=people[author], image=PICTURE)
    school, writer, bystander = people["user"].school, people[author], people["user"]
    board = Board.objects.create(
        school=school, category="general", name="자유게시판", manager=people["manager"]
    )
    picture = upload_media(user=writer, image=PICTURE, caption="사진")
    post = create_post(
        user=writer, board=board, title="익명 글", content="내용", is_anonymous=True, media=[picture.pk]
    )
    named_post = create_post(user=bystander, board=board, title="글", content="내용", is_anonymous=False)
    # Of the owner in every world; who commented on it without a name is another question.
    question = create_post(
        user=people["owner"], board=board, title="질문", content="?", is_anonymous=False, is_question=True
    )
    answer = create_comment(user=writer, post=question, content="질문의 익명 댓글", is_anonymous=True)
    comment = create_comment(user=writer, post=post, content="댓글", is_anonymous=True)
    other = create_comment(user=bystander, post=post, content="다른 댓글", is_anonymous=True)
    create_comment(user=writer, post=post, parent=other, content="대댓글", is_anonymous=True)
    reply = create_comment(user=writer, post=named_post, content="익명 댓글", is_anonymous=True)
    make_popular(post)
    like(user=bystander, content=post, wanted=True)
    scrap(user=bystander, post=post, wanted=True)
    pin_board(user=bystander, board=board)
    begun = begin_conversation(user=bystander, origin=post, content="누구세요?")
    message = begin_conversation(user=writer, origin=named_post, content="안녕하세요")
    reported = report(user=bystander, target_kind="comment", target_id=reply.pk, reason="abuse", note="욕설")
    offer_board(user=people["manager"], board=board, to=bystander)
    semester = SemesterFactory(school=school)
    lecture = make_lecture(semester, Meeting(1, 540, 615, "공학관 101"), title="자료구조")
    timetable = create_timetable(user=bystander, semester=semester, name="시간표")
    entry = add_lecture(timetable=timetable, lecture=lecture, memo="앞자리", grade="A+")
    notes = make_notes(people, writer, lecture)
    start_session(user=bystander)
    return World(
        school=school,
        people=people,
        board=board,
        post=post,
        picture=picture,
        named_post=named_post,
        question=question,
        comment=comment,
        reply=reply,
        answer=answer,
        begun=begun.conversation,
        received=message.conversation,
        message=message,
        report=reported,
        case=reported.case,
        block=block_user(user=bystander, blocked=people["unverified"]),
        sanction=sanction_user(
            user=people["moderator"],
            sanctioned=people["sanctioned"],
            kind=Sanction.Kind.NO_WRITING,
            until=None,
            reason="spam",
        ),
        session=start_session(user=bystander, device="도서관 컴퓨터"),
        notifications=[],
        semester=semester,
        course=lecture.course,
        lecture=lecture,
        other_lecture=make_lecture(semester, Meeting(1, 600, 660), title="운영체제"),
        entry=entry,
        timetable=share_timetable(timetable=timetable),
        exam_note=notes[0],
        other_note=notes[1],
        users_note=notes[2],
        review=make_review(bystander, writer, lecture),
        **make_friends(people),
        export=make_finished_export(people["user"]),
    )


def make_notes(people: dict[str, Any], writer: User, lecture: Lecture) -> list[ExamNote]:
    """Two of the writer, and one of `user`, who pays with what it earned to open the first, and reports it.

    Everybody who may have written one has the lecture.
    """
    for person in {people["owner"], people["second"], writer}:
        attend(person, lecture)
    about = {"course": lecture.course, "semester": lecture.semester}
    notes = [
        create_note(
            user=person, **about, kind=kind, strategy=f"{kind}: 기출만 보면 됩니다.", samples=["문제"]
        )
        for person, kind in ((writer, "midterm"), (writer, "final"), (people["user"], "quiz"))
    ]
    unlock_note(user=people["user"], note=notes[0])
    report(user=people["user"], target_kind="exam_note", target_id=notes[0].pk, reason="fraud")
    return notes


def make_review(user: User, writer: User, lecture: Lecture) -> Review:
    """Of the writer, about what those of the notes have; `user` likes and reports it."""
    about = {"course": lecture.course, "semester": lecture.semester}
    review = create_review(user=writer, **about, **ANSWERS)
    like_review(user=user, review=review, wanted=True)
    report(user=user, target_kind="review", target_id=review.pk, reason="off_topic")
    return Review.objects.get(pk=review.pk)


def make_friends(people: dict[str, Any]) -> dict[str, Any]:
    """Who of the two wrote anything does not matter here. The friend shows a timetable."""
    user, owner, second = (people[role] for role in ("user", "owner", "second"))
    accept_request(user=owner, request=ask_friend(user=user, other=owner))
    owner.timetables.update(visibility="friends")
    invitation, _token = invite(user=user)
    return {
        "friend_request": ask_friend(user=second, other=user),
        "sent_request": ask_friend(user=user, other=people["moderator"]),
        "invitation": invitation,
        "invitation_token": invite(user=second)[1],
    }


def make_finished_export(user: User) -> Export:
    """With a file in which there is nothing: what stands in one has tests of its own."""
    name = storages["exports"].save("export.zip", ContentFile(b"PK"))
    return Export.objects.create(user=user, language="ko", file=name, size=2)


def make_popular(post: Post) -> None:
    """With likes of people who have left: the next one makes it HOT, and one of the BEST."""
    likes = settings.BEST_LIKES - 1
    PostLike.objects.bulk_create(PostLike(post=post) for _ in range(likes))
    Post.objects.filter(pk=post.pk).update(like_count=likes)


def make_people() -> dict[str, Any]:
    school, other = SchoolFactory(name="마당대학교"), SchoolFactory(name="다른대학교")
    school.email_domains.add(EmailDomain.objects.create(domain="madang.ac.kr"))

    def person(role: str, **fields: Any) -> User:
        return UserFactory(**{"username": role, "nickname": role[:10], "school": school} | fields)

    return {
        "stranger": None,
        "other_school": person("other_school", school=other),
        "unverified": person("unverified", school_verified_at=None),
        "sanctioned": person("sanctioned"),
        "user": person("user"),
        "owner": person("owner"),
        "second": person("second"),
        # Writes nothing under the own name: no answer has a reason to name them.
        "ghost": person("vesper_ghost", nickname="유령고래", name="제갈공명", email="ghost@whale.example"),
        "manager": person("manager"),
        "moderator": person("moderator", is_moderator=True),
        "staff": StaffFactory(username="staff", nickname="staff"),
    }


@dataclass(frozen=True)
class Route:
    name: str
    params: tuple[str, ...]
    methods: tuple[str, ...]
    app: str


def walk(patterns: Any = None) -> Iterator[Route]:
    """Every named route of the URL configuration outside the admin and the static files."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace not in ("admin", "djdt"):
                yield from walk(entry.url_patterns)
        elif isinstance(entry, URLPattern) and entry.name:
            actions = getattr(entry.callback, "actions", None) or {"get": "get"}
            methods = tuple(sorted(method.upper() for method in actions if method != "head"))
            view = getattr(entry.callback, "cls", entry.callback)
            yield Route(
                entry.name, tuple(entry.pattern.converters), methods, view.__module__.partition(".")[0]
            )


def rows_of(world: World) -> dict[str, list[Any]]:
    """For each kind of route, the rows one can ask for by id; the first is the usual one."""
    return {
        "school": [world.school],
        "user": [world.user, world.owner, world.second],
        "board": [world.board],
        "post": [world.post, world.named_post, world.question],
        "media": [world.picture],
        "comment": [world.comment, world.reply, world.answer],
        "reply": [world.comment, world.reply, world.answer],
        "conversation": [world.begun, world.received],
        "message": [world.message],
        "report": [world.report],
        "case": [
            world.case,
            *ModerationCase.objects.filter(target_kind__in=("exam_note", "review")).order_by("pk"),
        ],
        "block": [world.block],
        "sanction": [world.sanction],
        "session": [world.session],
        "notification": world.notifications,
        "semester": [world.semester],
        "course": [world.course],
        "lecture": [world.lecture],
        "timetable": [world.timetable],
        "review": [world.review],
        "exam": [world.exam_note, world.other_note, world.users_note],
        "friend": [world.owner, world.second],
        "friend-request": [world.friend_request, world.sent_request],
        "friend-invitation": [world.invitation],
    }


def urls_of(name: str, params: tuple[str, ...], world: World) -> list[str]:
    """The paths of a route, one for each row it can be about."""
    if not params:
        return [reverse(name)]
    if name.startswith("export-"):
        return [reverse(name, kwargs={"pk": world.export.key})]
    if len(params) == 1 and params[0] != "token":
        rows = rows_of(world)
        kind = max((kind for kind in rows if name.startswith(f"{kind}-")), key=len)
        return [reverse(name, kwargs={params[0]: row.pk}) for row in rows[kind]]
    is_invitation = name.startswith("friend-invitation")
    token = world.invitation_token if is_invitation else world.timetable.share_token
    known = {"timetable_id": world.timetable.pk, "pk": world.entry.pk, "token": token}
    return [reverse(name, kwargs={param: known[param] for param in params})]


def url_of(name: str, params: tuple[str, ...], world: World) -> str:
    """The path of a route, about the owner's anonymous post and comment."""
    return urls_of(name, params, world)[0]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves no trace in the database, nor in the cache."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)
        cache.clear()
