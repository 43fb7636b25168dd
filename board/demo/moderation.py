"""What people report and block, and what moderators decide."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from accounts.models import Block, ModerationCase, Report, User
from accounts.services.blocks import block_through
from accounts.services.cases import dismiss, uphold
from accounts.services.reports import report
from api import targets
from board.demo.scenes import Scene, Script, Stage, Step


def plan_blocks(stage: Stage, scene: Scene) -> Iterator[Step]:
    for by in scene.script.get("blocked_by", ()):
        moment = stage.later(scene.moment, 30)
        yield Step(moment, partial(block_scene, stage.speakers[by], scene, moment))


def block_scene(user: User, scene: Scene, moment: datetime) -> None:
    block(user, kind_of(scene), scene.made, moment)


def block(user: User, kind: str, row: Any, moment: datetime) -> None:
    made = block_through(user=user, target=targets.blockables()[kind], row=row)
    Block.objects.filter(pk=made.pk).update(created_at=moment)


def plan_reports(stage: Stage, scene: Scene, moment: datetime) -> Iterator[Step]:
    """Reports by each who is named, one after the other from `moment` on."""
    for script in scene.script.get("reports", ()):
        for by in script["by"]:
            moment = stage.later(moment, 3 + stage.rng.expovariate(1 / 30))
            yield Step(moment, partial(file_report, stage.speakers[by], scene, script, moment))


def file_report(user: User, scene: Scene, script: Script, moment: datetime) -> None:
    scene.made.refresh_from_db(fields=["hidden_at"])
    if scene.made.state != targets.State.LIVING:  # where REPORTS_TO_HIDE is low, fewer have hidden it
        return
    fields = {"reason": script["reason"], "note": script.get("note", "")}
    made = report(user=user, target_kind=kind_of(scene), target_id=scene.made.pk, **fields)
    date_report(made, scene, moment)


def date_report(made: Report, scene: Scene, moment: datetime) -> None:
    """Let a report be as old as it says, and what came of it: the first opens a case, one of them hides."""
    Report.objects.filter(pk=made.pk).update(created_at=moment, reported_at=moment)
    cases = ModerationCase.objects.filter(pk=made.case_id, opened_at__gt=moment)
    cases.update(created_at=moment, opened_at=moment)
    type(scene.made).objects.filter(pk=scene.made.pk, hidden_at__gt=moment).update(hidden_at=moment)


def decide(stage: Stage, scene: Scene) -> None:
    """What the moderator decided about something reported: now, as the audit log says."""
    decision = scene.script.get("decision")
    if decision is None:
        return
    case = ModerationCase.objects.get(target_kind=kind_of(scene), target_id=scene.made.pk)
    moderator, note = stage.cast.moderator, decision["note"]
    if decision["act"] == "dismiss":
        dismiss(user=moderator, case=case, note=note)
        return
    sanction = None
    if terms := decision.get("sanction"):
        sanction = {"kind": terms["kind"], "until": stage.now + timedelta(days=terms["days"])}
    uphold(user=moderator, case=case, note=note, sanction=sanction)


def kind_of(scene: Scene) -> str:
    """The kind that `api.targets` knows it by."""
    return str(scene.made._meta.model_name)
