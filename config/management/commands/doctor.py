import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.doctor import Check, Finding, examine, inside, outside
from config.doctor.mail import look_at_mail

MARKS = {"ok": "  ok     ", "warning": "  look   ", "wrong": "  WRONG  "}


class Command(BaseCommand):
    help = "Say layer by layer what is wrong with this installation, and what to do. 1 if something is."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", help="look at this site from outside instead: https://api.example.com")
        parser.add_argument("--mail-to", default="", help="send a mail there, too")
        parser.add_argument("--json", action="store_true", help="a JSON list of layer, state and text")

    def handle(self, *, url: str | None, mail_to: str, **options: Any) -> None:
        findings = self.look_outside(url) if url else self.look_inside(mail_to)
        if options["json"]:
            listed = list(findings)
            self.stdout.write(
                json.dumps([asdict(finding) for finding in listed], ensure_ascii=False, indent=2)
            )
        else:
            listed = []
            for finding in findings:
                listed.append(finding)
                self.stdout.write(f"{MARKS[finding.state]}{finding.layer}: {finding.text}")
        if any(finding.state == "wrong" for finding in listed):
            sys.exit(1)

    def look_inside(self, mail_to: str) -> Iterator[Finding]:
        mail: tuple[str, str, Check] = ("mail", "", partial(look_at_mail, mail_to))
        return examine((*inside.LAYERS, mail))

    def look_outside(self, url: str) -> Iterator[Finding]:
        try:
            site = outside.Site(url)
        except ValueError as error:
            raise CommandError(str(error)) from None
        return examine((layer, base, partial(check, site)) for layer, base, check in outside.LAYERS)
