import pytest
from django.db import transaction

from accounts.models import AuditLog
from accounts.services.audit import record_act
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(user):
    return record_act(
        actor=user,
        act=AuditLog.Act.HIDE,
        kind="user",
        target_id=UserFactory().pk,
        school_id=user.school_id,
        reason="도배",
    )


CHANGES = {
    "update": lambda entry: AuditLog.objects.update(reason="아니다"),
    "delete": lambda entry: AuditLog.objects.all().delete(),
    "bulk_update": lambda entry: AuditLog.objects.bulk_update([entry], ["reason"]),
    "an entry's save": lambda entry: entry.save(),
    "an entry's delete": lambda entry: entry.delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_audit_log_is_append_only(entry, change):
    entry.reason = "아니다"
    with pytest.raises(TypeError, match="append-only"), transaction.atomic():
        change(entry)
    assert AuditLog.objects.get().reason == "도배"


def test_an_entry_outlives_its_actor(entry, user):
    user.delete()
    entry.refresh_from_db()
    assert entry.actor is None
    assert entry.reason == "도배"
