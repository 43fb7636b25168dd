"""The demo's boards, messages and reports. What is said is in the JSON files, one a school.

In a file, `by` is who speaks: a student's number, `manager`, `moderator`, or `op`, the post's author.
`minutes` is how long something took, where that matters to what it says.

Posts may have `pictures`: what to `draw` (see `pictures.py`), and its `caption`.

Posts and comments may have:

- `conversations`, each begun by somebody. Its `lines` are theirs, or the other side's (`op`). A line has a
  `content`, or an `act`: `read`, `clear` or `block`. Who writes has read all before.
- `blocked_by`: who blocks it, as it shows its author.
- `reports`, by several for a `reason`; lines of conversations have them too. And the moderator's `decision`.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter

from accounts.demo import Cast
from api.db import write
from board.demo.messages import Talk
from board.demo.moderation import decide, plan_blocks, plan_reports
from board.demo.scenes import Stage, Step

SEED = 2026


@write
def load(casts: list[Cast], now: datetime, files: list[str]) -> None:
    """Let each cast open its boards, write, answer, like and keep, over the weeks before `now`.

    Then what came of it: messages, blocks and reports, and last what moderators did about it. Everything
    goes through the services, so that counters and labels are right. All schools act in one order of time:
    ids then follow it, by which lists are ordered. The names of stored files go into `files`.
    """
    rng = random.Random(SEED)  # noqa: S311 (the same demo everywhere, no secret)
    stages = [Stage(cast, rng, now, files) for cast in casts]
    take(step for stage in stages for step in stage.plan_writing())
    for stage in stages:
        for scene in stage.scenes:
            stage.react(scene)
    talks = [talk for stage in stages for talk in talks_of(stage)]
    sequel = [step for stage in stages for step in plan_sequel(stage)]
    take(sequel + [step for talk in talks for step in talk.plan()])
    for stage in stages:
        settle(stage)
    for talk in talks:
        for line in talk.lines:
            decide(talk.stage, line)


def take(steps: Iterable[Step]) -> None:
    for step in sorted(steps, key=attrgetter("moment")):
        step.take()


def talks_of(stage: Stage) -> Iterator[Talk]:
    for scene in stage.scenes:
        for script in scene.script.get("conversations", ()):
            yield Talk(stage, scene, script)


def plan_sequel(stage: Stage) -> Iterator[Step]:
    """Blocks and reports."""
    for scene in stage.scenes:
        yield from plan_blocks(stage, scene)
        yield from plan_reports(stage, scene, stage.last_word(scene))


def settle(stage: Stage) -> None:
    for scene in stage.scenes:
        stage.settle(scene)
        decide(stage, scene)
    stage.pin_boards()
