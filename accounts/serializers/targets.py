"""Naming what a request is about: something that can be reported, or a person."""

from typing import Any

from accounts.models import User
from api import targets
from api.serializers import ChoiceField, UUIDField, VisibleRelatedField


class TargetKindField(ChoiceField):
    """The kind of something that can be reported."""

    def __init__(self, **kwargs: Any) -> None:
        # When the field is made and not before: the apps register their kinds as they start.
        kinds = [(kind, target.label) for kind, target in targets.reportables().items()]
        super().__init__(choices=kinds, **kwargs)


class VisibleUserField(UUIDField):
    """The id of a user one may see. An unseen and a missing id give the same bytes."""

    default_error_messages = VisibleRelatedField.default_error_messages

    def to_internal_value(self, data: Any) -> Any:
        pk = super().to_internal_value(data)
        user = User.objects.visible_to(self.context["request"].user).filter(pk=pk).first()
        if user is None:
            self.fail("does_not_exist")
        return user
