"""What is said on the boards of a school, and by whom."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.demo import Cast
from accounts.exceptions import Frozen
from accounts.models import User
from board.demo.pictures import attach
from board.models import Board, Comment, Post
from board.popularity import RANKS
from board.services.boards import create_board, pin_board, set_notice
from board.services.comments import create_comment, delete_comment
from board.services.handover import offer_board
from board.services.hiding import hide
from board.services.likes import like, scrap
from board.services.posts import create_post

OPENED = timedelta(days=60)
PINS = 3
# Minutes from writing a post to its tenth like.
HEATING = 150

Script = dict[str, Any]


class Step(NamedTuple):
    """Something that happens at its moment. All schools take their steps in one order of time."""

    moment: datetime
    take: Callable[[], None]


# By identity: two scenes are never the same.
@dataclass(eq=False)
class Scene:
    """A post, comment or message to write: `above` are the post and the comments it answers, from the top."""

    moment: datetime
    author: User
    board: Board
    script: Script
    above: tuple["Scene", ...] = ()
    made: Any = None

    def date(self) -> None:
        """Let what was made be as old as it says, and a post stand where it then stands."""
        type(self.made).objects.filter(pk=self.made.pk).update(created_at=self.moment)
        if isinstance(self.made, Post):
            self.made.created_at = self.moment
            self.made.save(update_fields=[*RANKS])


class Stage:
    """One school's boards, and who speaks there."""

    def __init__(self, cast: Cast, rng: random.Random, now: datetime, files: list[str]) -> None:
        script = json.loads((Path(__file__).parent / f"{cast.key}.json").read_text(encoding="utf-8"))
        self.cast, self.rng, self.now, self.files = cast, rng, now, files
        self.speakers = dict(enumerate(cast.students, 1)) | {
            "manager": cast.manager,
            "moderator": cast.moderator,
        }
        self.boards = {board["name"]: self.open_board(**board) for board in script["boards"]}
        self.scenes = [scene for post in script["posts"] for scene in self.plan_post(post)]

    def open_board(self, *, by: int | str = "manager", offered_to: int = 0, **fields: Any) -> Board:
        manager = self.speakers[by]
        board = create_board(user=manager, **fields)
        Board.objects.filter(pk=board.pk).update(created_at=self.now - OPENED)
        if offered_to:
            offer_board(user=manager, board=board, to=self.speakers[offered_to])
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

    def last_word(self, scene: Scene) -> datetime:
        """When the last of a scene and of what was answered to it was written."""
        return max(other.moment for other in self.scenes if other is scene or scene in other.above)

    def plan_writing(self) -> Iterator[Step]:
        for scene in self.scenes:
            yield Step(scene.moment, partial(play, scene, self.files))

    def react(self, scene: Scene) -> None:
        """Likes and scraps, as many as the script says, from anybody but the author."""
        others = [user for user in self.cast.verified if user != scene.author]
        for user in self.rng.sample(others, scene.script.get("likes", 0)):
            like(user=user, content=scene.made, wanted=True)
        for user in self.rng.sample(others, scene.script.get("scraps", 0)):
            scrap(user=user, post=scene.made, wanted=True)
        if isinstance(scene.made, Post):
            hot = Post.objects.filter(pk=scene.made.pk, hot_at__isnull=False)
            hot.update(hot_at=self.later(scene.moment, HEATING))

    def settle(self, scene: Scene) -> None:
        """What ends a conversation: nothing more can be said or liked where something is hidden."""
        if scene.script.get("is_notice"):
            self.put_up(scene)
        if scene.script.get("is_deleted"):
            with suppress(Frozen):  # where a few reports hid it already
                delete_comment(comment=scene.made)
        if reason := scene.script.get("hidden_reason"):
            hide(user=self.cast.moderator, content=scene.made, reason=reason)

    def put_up(self, scene: Scene) -> None:
        """Make a post the notice, as the board's manager."""
        if scene.board.manager is not None:
            set_notice(user=scene.board.manager, board=scene.board, post=scene.made)

    def pin_boards(self) -> None:
        for user in (*self.cast.verified, self.cast.unverified):
            for board in self.rng.sample(list(self.boards.values()), PINS):
                pin_board(user=user, board=board)


def play(scene: Scene, files: list[str]) -> None:
    scene.made = write_comment(scene) if scene.above else write_post(scene, files)
    scene.date()


def write_post(scene: Scene, files: list[str]) -> Post:
    """Write a post; the names of its pictures' files go into `files`."""
    fields = ("title", "content", "is_anonymous", "is_question")
    given = {name: scene.script[name] for name in fields if name in scene.script}
    media = attach(scene.author, scene.script.get("pictures", []), files)
    post = create_post(user=scene.author, board=scene.board, media=[picture.pk for picture in media], **given)
    post.media.update(created_at=scene.moment)
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
