"""What people write to each other about a post or a comment."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from accounts.models import User
from board.demo.moderation import block, plan_reports
from board.demo.scenes import Scene, Script, Stage, Step
from board.models import Conversation, Participant
from board.services.conversations import begin_conversation, clear_conversation, mark_read, send_message


class Talk:
    """One conversation, between who begins it and the author of what it begins from."""

    def __init__(self, stage: Stage, origin: Scene, script: Script) -> None:
        self.stage, self.origin, self.script = stage, origin, script
        self.beginner = stage.speakers[script["by"]]
        self.conversation: Conversation | None = None
        self.lines = list(self.plan_lines())

    def plan_lines(self) -> Iterator[Scene]:
        moment = self.origin.moment
        for script in self.script["lines"]:
            moment = self.stage.later(moment, script.get("minutes") or 2 + self.stage.rng.expovariate(1 / 15))
            speaker = self.origin.author if script.get("by") == "op" else self.beginner
            yield Scene(moment, speaker, self.origin.board, script)

    def plan(self) -> Iterator[Step]:
        for line in self.lines:
            yield Step(line.moment, partial(self.play, line))
            yield from plan_reports(self.stage, line, line.moment)

    def play(self, line: Scene) -> None:
        match line.script.get("act", "write"):
            case "write":
                self.write(line)
            case "read":
                self.read(line.author)
            case "clear":
                clear_conversation(side=self.side(line.author))
            case "block":
                block(line.author, "conversation", self.conversation, line.moment)

    def write(self, line: Scene) -> None:
        content = line.script["content"]
        if self.conversation is None:
            is_anonymous = self.script.get("is_anonymous")
            line.made = begin_conversation(
                user=line.author, origin=self.origin.made, content=content, is_anonymous=is_anonymous
            )
            self.begin(line.made.conversation, line.moment)
        else:
            self.read(line.author)
            line.made = send_message(user=line.author, conversation=self.conversation, content=content)
        line.date()

    def begin(self, conversation: Conversation, moment: datetime) -> None:
        self.conversation = conversation
        Conversation.objects.filter(pk=conversation.pk).update(created_at=moment)
        conversation.participants.update(created_at=moment)

    def read(self, user: User) -> None:
        """Everything that is there: who answers has read."""
        side = self.side(user)
        mark_read(side=side, up_to=side.last_message_id or 0)

    def side(self, user: User) -> Participant:
        return Participant.objects.get(conversation=self.conversation, user=user)
