"""What signing in costs each request."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Session

pytestmark = pytest.mark.django_db

ME = "/api/v1/users/me/"
# The sanctions that it shows of oneself.
SHOWN = 1


def test_signing_in_a_request_takes_one_query(api, count_queries):
    assert count_queries(lambda: api.get(ME)) == SHOWN + 1


def test_a_session_notes_its_use_at_most_every_five_minutes(api, count_queries, time_machine):
    began = Session.objects.get().last_used_at

    time_machine.move_to(began + timedelta(minutes=5), tick=False)
    assert count_queries(lambda: api.get(ME)) == SHOWN + 1
    assert Session.objects.get().last_used_at == began

    time_machine.shift(timedelta(seconds=1))
    assert count_queries(lambda: api.get(ME)) == SHOWN + 2
    assert Session.objects.get().last_used_at == timezone.now()
    assert count_queries(lambda: api.get(ME)) == SHOWN + 1
