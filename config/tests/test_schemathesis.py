"""The schema's word against the running application: nothing it does not promise, and no 500.

`make fuzz` tries as everybody, at random, with FUZZ_EXAMPLES a test; else it is always the same few.
"""

import os
from collections.abc import Mapping

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import ignored_auth

from accounts.models import User
from api.images import REFUSALS
from config.tests.world import ACTORS, make_world, undone
from config.wsgi import application
from conftest import Client

schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
# What no JSON schema can say of a value, so that a body which follows the schema can still be refused.
UNSPEAKABLE = {
    "does_not_exist",
    "unique",
    "reserved",
    "duplicate",
    *REFUSALS,
    "empty",
    "invalid_cursor",
    "invisible_characters",
    "null_characters_not_allowed",
    "surrogate_characters_not_allowed",
    "password_too_similar",
    "password_too_common",
    "password_entirely_numeric",
    "password_too_short",
    "anonymity_not_allowed",
    "out_of_range",
    "required",  # availability: one of two parameters
    "one_of",  # the same of a body's fields
    "past",
    "other_semester",
    "not_after",
    "overlap",
    "lecture_cancelled",
    "oneself",
    "incorrect",
    "code_invalid",
    "not_of_school",
}
# Names count without the white space around them, to which Python reckons U+0085 and the patterns of a schema
# do not; what is searched for, without the characters that nobody sees.
TRIMMED = {"blank", "min_length"}
NAMES = {"name", "nickname", "title", "search", "strategy", "username"}
schema.config.checks.positive_data_acceptance.expected_statuses.append("400")


@schemathesis.check
def refuses_valid_data_only_for_what_a_schema_cannot_say(ctx, response, case):
    generation = case.meta.generation if case.meta else None
    if response.status_code != 400 or generation is None or not generation.mode.is_positive:
        return
    errors = response.json()["errors"]
    excused = [is_trimmed_name, is_address, lambda error: is_blank_to_python(error, case)]
    codes = {error["code"] for error in errors if not any(excuse(error) for excuse in excused)}
    assert codes <= UNSPEAKABLE, f"{codes - UNSPEAKABLE} could be in the schema"


def is_trimmed_name(error):
    return error["code"] in TRIMMED and str(error["attr"]).rpartition(".")[2] in NAMES


def is_address(error):
    """What is an e-mail address takes more than a pattern to say."""
    return (error["attr"], error["code"]) == ("email", "invalid")


def is_blank_to_python(error, case):
    """A text of nothing but what is white space to Python and to no pattern: U+001C to U+001F, U+0085."""
    parts = [part for part in (case.body, case.query) if isinstance(part, Mapping)]
    given = [part.get(error["attr"]) for part in parts]
    texts = [text for value in given for text in (value if isinstance(value, list) else [value])]
    return error["code"] == "blank" and any(isinstance(text, str) and not text.strip() for text in texts)


EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES") or 0)
MANY = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate),
    "derandomize": not EXAMPLES,
    "database": None,
}
# A manager who is a moderator too reaches the most tables. On a server, which is slow, they ask alone.
BOTH = "manager_and_moderator"
FEW = [BOTH, pytest.param("user", marks=pytest.mark.sqlite)]
ROLES = [*ACTORS, BOTH] if EXAMPLES else FEW


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once, as making it takes longer than asking; what a test does in it is rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(params=ROLES)
def headers(request, world, db):
    """Of a board's manager who is a moderator too, and of a user; when fuzzing, of everybody."""
    if request.param == BOTH:
        User.objects.filter(pk=world.manager.pk).update(is_moderator=True)
    user = world.manager if request.param == BOTH else world.people[request.param]
    if user is None:
        return {"Accept-Language": "en"}
    return {"Authorization": Client(user)._credentials["HTTP_AUTHORIZATION"], "Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _one_transaction():
    """Requests leave the test's connection alone, as they do under Django's own test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=EXAMPLES or 4, **MANY)
def test_every_answer_is_promised(case, headers):
    case.call_and_validate(headers=headers)


@pytest.mark.sqlite
def test_histories_that_follow_what_answers_name_keep_the_promise(headers):
    """What one request makes is the next one's path or body, as the schema tells."""

    class History(schema.as_state_machine()):
        # Each history begins with the same rows: what it finds can be found again.
        def setup(self):
            self.rows = undone()
            self.rows.__enter__()

        def teardown(self):
            self.rows.__exit__(None, None, None)
            super().teardown()

        def get_call_kwargs(self, case):
            return {"headers": headers}

        def validate_response(self, response, case, additional_checks=None, **kwargs):
            # That tokens are asked for is checked above; here every one counts as made up.
            case.validate_response(
                response, excluded_checks=[ignored_auth], transport_kwargs=kwargs, recorder=self.recorder
            )

    History.run(settings=settings(max_examples=EXAMPLES * 5 or 3, stateful_step_count=8, **MANY))
