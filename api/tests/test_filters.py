"""What filters refuse, where django-filter would answer with unfiltered rows."""

from datetime import UTC, datetime

import django_filters
import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from api.filters import BooleanField, BooleanFilter, FilterSet, InstantField, VisibleField
from api.tests.helpers import codes


class Things(FilterSet):
    name = django_filters.CharFilter()
    flag = BooleanFilter()


def errors_of(data):
    form = Things(data=data, queryset=Group.objects.none()).form
    return {name: [error.code for error in errors.as_data()] for name, errors in form.errors.items()}


def refused(field, value):
    with pytest.raises(ValidationError) as error:
        field.to_python(value)
    return error.value.code


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, {}),
        ({"name": "가", "flag": "false"}, {}),
        ({"name": ""}, {"name": ["blank"]}),
        ({"name": " \t"}, {"name": ["blank"]}),
        ({"flag": ""}, {"flag": ["blank"]}),
        ({"flag": "ture"}, {"flag": ["invalid"]}),
        ({"name": "", "flag": "1"}, {"name": ["blank"], "flag": ["invalid"]}),
    ],
)
def test_a_parameter_that_is_given_says_something(data, errors):
    assert errors_of(data) == errors


@pytest.mark.parametrize(("given", "value"), [("true", True), ("false", False), ("", None), (None, None)])
def test_a_boolean_is_true_or_false(given, value):
    assert BooleanField(required=False).to_python(given) is value


@pytest.mark.parametrize("given", ["True", "FALSE", "1", "0", "yes", "ture", " true"])
def test_a_misspelt_boolean_is_refused(given):
    assert refused(BooleanField(), given) == "invalid"


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-03-10T09:00:00+09:00", datetime(2026, 3, 10, tzinfo=UTC)),
        ("2026-03-10T00:00:00Z", datetime(2026, 3, 10, tzinfo=UTC)),
        ("2026-03-10T09:00:00", datetime(2026, 3, 10, tzinfo=UTC)),
        ("2026-03-10", datetime(2026, 3, 9, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_moment_without_an_offset_is_in_seoul(given, moment):
    assert InstantField(required=False).to_python(given) == moment


@pytest.mark.parametrize(
    "given",
    [
        "0001-01-01T00:00:00+09:00",
        "0001-01-01",
        "9999-12-31T23:59:59-00:01",
        "2026-02-29T00:00:00Z",
        "2026-03-10T00:00:00+25:00",
        "now",
        "1741564800",
    ],
)
def test_a_moment_that_is_none_in_utc_is_refused(given):
    assert refused(InstantField(), given) == "invalid"


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["x", "-1", "+1", "1.0", "0x1", "１", "1_0", " 1", "1" * 20, "1" * 5000])
def test_an_id_is_a_whole_number(user, given):
    field = VisibleField(queryset=type(user.school).objects.all())
    assert refused(field, given) == "invalid"


@pytest.mark.django_db
def test_an_id_is_looked_up_among_what_one_sees(user):
    schools = type(user.school).objects
    pk = str(user.school_id)
    assert VisibleField(queryset=schools.all()).to_python(pk) == user.school
    assert VisibleField(queryset=schools.all()).to_python(f"00{pk}") == user.school
    assert refused(VisibleField(queryset=schools.none()), pk) == "does_not_exist"
    for missing in ("0", "987654321", "9223372036854775808", "9" * 19):
        assert refused(VisibleField(queryset=schools.all()), missing) == "does_not_exist"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["schools/", "boards/", "posts/", "comments/"])
def test_no_list_ignores_an_unknown_parameter(api, path):
    answer = api.get(f"/api/v1/{path}", {"page": "2", "Cursor": "x"})
    assert answer.status_code == 400
    assert codes(answer) == {("page", "unknown_parameter"), ("Cursor", "unknown_parameter")}


@pytest.mark.django_db
def test_of_a_parameter_given_twice_the_last_one_counts(api, user):
    board = user.school.boards.create(category="general", name="자유게시판")
    user.board_pins.create(board=board, position=0)
    assert len(api.get("/api/v1/boards/?pinned=false&pinned=true").json()["results"]) == 1
    assert len(api.get("/api/v1/boards/?pinned=true&pinned=false").json()["results"]) == 0
