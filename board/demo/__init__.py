"""The demo's boards. What is said there is in the JSON files, one a school.

In a file, `by` is who speaks: a student's number, `manager`, `moderator`, or `op`, the post's author.
`minutes` is how long a comment took, where that matters to what it says.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.demo import Cast
from accounts.models import User
from api.db import write
from board.models import Board, Comment, Post
from board.services.boards import create_board, pin_board, set_notice
from board.services.comments import create_comment, delete_comment
from board.services.hiding import hide
from board.services.likes import like, scrap
from board.services.posts import create_post

SEED = 2026
OPENED = timedelta(days=60)
PINS = 3

Script = dict[str, Any]


@dataclass
class Scene:
    """A post or a comment to write: `above` are the post and the comments it answers, from the top."""

    moment: datetime
    author: User
    board: Board
    script: Script
    above: tuple["Scene", ...] = ()
    made: Any = None


class Stage:
    """One school's boards, and who speaks there."""

    def __init__(self, cast: Cast, rng: random.Random, now: datetime) -> None:
        script = json.loads((Path(__file__).parent / f"{cast.key}.json").read_text(encoding="utf-8"))
        self.cast, self.rng, self.now = cast, rng, now
        self.speakers = dict(enumerate(cast.students, 1)) | {
            "manager": cast.manager,
            "moderator": cast.moderator,
        }
        self.boards = {board["name"]: self.open_board(**board) for board in script["boards"]}
        self.scenes = [scene for post in script["posts"] for scene in self.plan_post(post)]

    def open_board(self, *, by: int | str = "manager", **fields: Any) -> Board:
        board = create_board(user=self.speakers[by], **fields)
        Board.objects.filter(pk=board.pk).update(created_at=self.now - OPENED)
        return board

    def plan_post(self, script: Script) -> Iterator[Scene]:
        day = timezone.localdate(self.now) - timedelta(days=script["days_ago"])
        moment = timezone.make_aware(datetime.combine(day, time.fromisoformat(script["at"])))
        moment += timedelta(seconds=self.rng.uniform(0, 60))
        # Today's posts, when the hour they were written for is still to come.
        moment = min(moment, self.now - timedelta(hours=1))
        post = Scene(moment, self.speakers[script["by"]], self.boards[script["board"]], script)
        yield post
        yield from self.plan_replies(post)

    def plan_replies(self, scene: Scene) -> Iterator[Scene]:
        above = (*scene.above, scene)
        moment = scene.moment
        for script in scene.script.get("comments", ()):
            author = above[0].author if script["by"] == "op" else self.speakers[script["by"]]
            moment = self.later(moment, script.get("minutes") or 1 + self.rng.expovariate(1 / 20))
            reply = Scene(moment, author, scene.board, script, above)
            yield reply
            yield from self.plan_replies(reply)

    def later(self, moment: datetime, minutes: float) -> datetime:
        """So many minutes later, and never in the future."""
        return moment + min(timedelta(minutes=minutes), (self.now - moment) / 2)

    def react(self, scene: Scene) -> None:
        """Likes and scraps, as many as the script says, from anybody but the author."""
        others = [user for user in self.cast.verified if user != scene.author]
        for user in self.rng.sample(others, scene.script.get("likes", 0)):
            like(user=user, content=scene.made, wanted=True)
        for user in self.rng.sample(others, scene.script.get("scraps", 0)):
            scrap(user=user, post=scene.made, wanted=True)

    def settle(self, scene: Scene) -> None:
        """What ends a conversation: nothing more can be said or liked where something is hidden."""
        if scene.script.get("is_notice"):
            set_notice(board=scene.board, post=scene.made)
        if scene.script.get("is_deleted"):
            delete_comment(comment=scene.made)
        if reason := scene.script.get("hidden_reason"):
            hide(user=self.cast.moderator, content=scene.made, reason=reason)

    def pin_boards(self) -> None:
        for user in (*self.cast.verified, self.cast.unverified):
            for board in self.rng.sample(list(self.boards.values()), PINS):
                pin_board(user=user, board=board)


@write
def load(casts: list[Cast], now: datetime) -> None:
    """Let each cast open its boards, write, answer, like and keep, over the weeks before `now`.

    Everything goes through the services, so that counters and labels are right. All schools write in
    one order of time: ids then follow it, by which lists are ordered.
    """
    rng = random.Random(SEED)  # noqa: S311 (the same demo everywhere, no secret)
    stages = [Stage(cast, rng, now) for cast in casts]
    for scene in sorted((scene for stage in stages for scene in stage.scenes), key=attrgetter("moment")):
        play(scene)
    for stage in stages:
        for scene in stage.scenes:
            stage.react(scene)
        for scene in stage.scenes:
            stage.settle(scene)
        stage.pin_boards()


def play(scene: Scene) -> None:
    scene.made = write_comment(scene) if scene.above else write_post(scene)
    type(scene.made).objects.filter(pk=scene.made.pk).update(created_at=scene.moment)


def write_post(scene: Scene) -> Post:
    fields = ("title", "content", "is_anonymous", "is_question")
    given = {name: scene.script[name] for name in fields if name in scene.script}
    post = create_post(user=scene.author, board=scene.board, **given)
    Board.objects.filter(pk=scene.board.pk).update(last_post_at=scene.moment)
    return post


def write_comment(scene: Scene) -> Comment:
    post, *comments = scene.above
    return create_comment(
        user=scene.author,
        post=post.made,
        parent=comments[-1].made if comments else None,
        content=scene.script["content"],
        is_anonymous=scene.script.get("is_anonymous"),
    )
