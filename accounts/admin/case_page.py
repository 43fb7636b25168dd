"""What a moderator reads on the page of a case: sections of labelled texts."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.admin.utils import display_for_value
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.admin.moderation import kind_label, name_of
from accounts.models import Reason, Sanction
from api.targets import State

Row = tuple[str, Any]
Section = tuple[str, list[Row]]


def sections_of(case: Any, *, notes: list[str], sanctions: Iterable[Sanction]) -> list[Section]:
    """A case with its details (`attach_details`), in the order it is read; none is empty."""
    sections = (
        (_("What was reported"), reported_rows(case)),
        (_("What stood around it"), context_rows(case.snapshot)),
        (_("Reports"), report_rows(case, notes)),
        (_("Decision"), decision_rows(case)),
        (_("Sanctions given through this"), (sanction_row(sanction) for sanction in sanctions)),
    )
    return [(title, rows) for title, given in sections if (rows := list(given))]


def reported_rows(case: Any) -> Iterator[Row]:
    """As it stood when it was first reported, and whom readers see behind it."""
    yield _("kind"), kind_label(case.target_kind)
    yield _("school"), case.school.name
    if "board" in case.snapshot:
        yield _("board"), case.snapshot["board"]
    labels = {
        "course": _("course"),
        "title": _("title"),
        "content": _("text"),
        "captions": _("captions"),
        "samples": _("sample questions"),
    }
    yield from ((label, case.snapshot[name]) for name, label in labels.items() if name in case.snapshot)
    if case.edited_text is not None:
        labels = {
            "title": _("title now"),
            "content": _("text now"),
            "captions": _("captions now"),
            "samples": _("sample questions now"),
        }
        yield from (
            (label, case.edited_text[name]) for name, label in labels.items() if name in case.edited_text
        )
    yield _("author"), case.author["display_name"] if case.author else "-"
    yield _("target state"), State(case.target_state).label


def context_rows(snapshot: dict[str, Any]) -> Iterator[Row]:
    """The post of a comment and what it answers; or the messages that came before."""
    if post := snapshot.get("post"):
        yield _("title of the post"), post["title"]
        yield _("text of the post"), post["content"]
    if parent := snapshot.get("parent"):
        yield _("comment it answers"), parent["content"]
    for message in snapshot.get("before", ()):
        yield (
            _("the reported side") if message["is_reported_side"] else _("the other side"),
            message["content"],
        )


def report_rows(case: Any, notes: list[str]) -> Iterator[Row]:
    """Never who reported."""
    yield _("opened at"), display_for_value(case.opened_at, "-")
    yield _("counted, of all"), f"{case.counted_reports} / {case.report_count}"
    yield _("reasons"), reasons_of(case)
    for note in notes:
        yield _("note"), note


def reasons_of(case: Any) -> str:
    return ", ".join(f"{Reason(reason).label} {number}" for reason, number in case.reasons.items())


def decision_rows(case: Any) -> Iterator[Row]:
    yield _("state"), case.get_state_display()
    if case.decided_at is not None:
        yield _("decided by"), name_of(case.decided_by)
        yield _("decided at"), display_for_value(case.decided_at, "-")
        yield _("note"), case.note or "-"


def sanction_row(sanction: Sanction) -> Row:
    """With a link to its page, where it is lifted."""
    page = reverse("admin:accounts_sanction_change", args=[sanction.pk])
    until = display_for_value(sanction.until, _("for good"))
    kind = sanction.get_kind_display()
    if not sanction.is_living:
        return kind, format_html('<a href="{}">{}</a> ({})', page, until, _("over"))
    return kind, format_html('<a href="{}">{}</a>', page, until)
