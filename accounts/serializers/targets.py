"""Naming what a report, a sanction or an unmasking is about."""

from typing import Any

from api import targets
from api.serializers import ChoiceField


class TargetKindField(ChoiceField):
    """The kind of something that can be reported."""

    def __init__(self, **kwargs: Any) -> None:
        # When the field is made and not before: the apps register their kinds as they start.
        kinds = [(kind, target.label) for kind, target in targets.reportables().items()]
        super().__init__(choices=kinds, **kwargs)
