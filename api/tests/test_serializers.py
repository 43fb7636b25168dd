"""JSON is taken at its word: a number is no text, `"yes"` is no boolean, `"1"` is no id."""

from types import SimpleNamespace

import pytest
from django.db import models
from rest_framework.serializers import ValidationError

from api.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    IntegerField,
    ModelSerializer,
    NameField,
    TextField,
    VisibleRelatedField,
)
from api.tests.helpers import codes

CHOICE = ChoiceField([("1", "one"), ("a", "A")])


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        (CharField(), " 글 ", "글"),
        (TextField(), "하나\r\n둘\r셋\n넷", "하나\n둘\n셋\n넷"),
        (TextField(), " <b>&amp;</b>\t ", "<b>&amp;</b>"),
        (NameField(), " \u1100\u1161 나 ", "가 나"),
        (NameField(max_length=1), "\u1100\u1161\u11a8", "각"),
        (IntegerField(), 7, 7),
        (IntegerField(), -(10**18), -(10**18)),
        (BooleanField(), True, True),
        (BooleanField(), False, False),
        (CHOICE, "1", "1"),
    ],
)
def test_what_is_of_the_right_type_is_taken(field, given, value):
    taken = field.run_validation(given)
    assert taken == value
    assert type(taken) is type(value)


@pytest.mark.parametrize(
    ("field", "given", "code"),
    [
        (CharField(), 7, "invalid"),
        (CharField(), 1.5, "invalid"),
        (CharField(), True, "invalid"),
        (CharField(), ["글"], "invalid"),
        (CharField(), {"글": 1}, "invalid"),
        (CharField(), None, "null"),
        (CharField(), "  ", "blank"),
        (CharField(), "가\0", "null_characters_not_allowed"),
        (TextField(), 7, "invalid"),
        (NameField(), 7, "invalid"),
        (NameField(), "\u200b", "invisible_characters"),
        (NameField(max_length=2), "가나다", "max_length"),
        (IntegerField(), "7", "invalid"),
        (IntegerField(), 7.5, "invalid"),
        (IntegerField(), True, "invalid"),
        (IntegerField(), [7], "invalid"),
        (IntegerField(), None, "null"),
        (BooleanField(), "true", "invalid"),
        (BooleanField(), "yes", "invalid"),
        (BooleanField(), 1, "invalid"),
        (BooleanField(), 0, "invalid"),
        (BooleanField(), "", "invalid"),
        (BooleanField(), [], "invalid"),
        (BooleanField(), None, "null"),
        (CHOICE, 1, "invalid_choice"),
        (CHOICE, True, "invalid_choice"),
        (CHOICE, ["a"], "invalid_choice"),
        (CHOICE, "A", "invalid_choice"),
        (CHOICE, "", "invalid_choice"),
        (CHOICE, None, "null"),
    ],
)
def test_what_is_of_another_type_is_refused(field, given, code):
    with pytest.raises(ValidationError) as error:
        field.run_validation(given)
    assert code in [detail.code for detail in error.value.detail]


def related(user, visible):
    field = VisibleRelatedField(visible=visible)
    field._context = {"request": SimpleNamespace(user=user)}
    return field


@pytest.mark.django_db
def test_an_id_is_looked_up_among_what_the_asker_sees(user):
    schools = type(user.school).objects
    pk = user.school_id
    assert related(user, lambda asker: schools.filter(pk=asker.school_id)).run_validation(pk) == user.school
    errors = []
    for visible, given in [
        (lambda asker: schools.exclude(pk=asker.school_id), pk),
        (lambda asker: schools.all(), 987_654_321),
        (lambda asker: schools.all(), 0),
        (lambda asker: schools.all(), -1),
        (lambda asker: schools.all(), 2**63),
    ]:
        with pytest.raises(ValidationError) as error:
            related(user, visible).run_validation(given)
        errors.append(error.value.get_full_details())
    assert all(error == errors[0] for error in errors)
    assert errors[0][0]["code"] == "does_not_exist"


@pytest.mark.django_db
@pytest.mark.parametrize("given", [True, False, 1.5, [1], {"id": 1}, "x"])
def test_an_id_is_a_whole_number(user, given):
    field = related(user, lambda asker: type(user.school).objects.all())
    for value in (given, str(user.school_id)):
        with pytest.raises(ValidationError) as error:
            field.run_validation(value)
        assert [detail.code for detail in error.value.detail] == ["incorrect_type"]


def test_every_field_of_a_model_is_a_strict_one(user):
    class Serializer(ModelSerializer):
        class Meta:
            model = type(user)
            fields = ("name", "admission_year", "is_moderator", "terms_version")

    kinds = [type(field) for field in Serializer().fields.values()]
    assert kinds == [CharField, IntegerField, BooleanField, CharField]
    for kind in (models.TextField, models.PositiveIntegerField, models.PositiveSmallIntegerField):
        assert ModelSerializer.serializer_field_mapping[kind].__module__ == "api.serializers"
    assert ModelSerializer.serializer_choice_field is ChoiceField


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["[]", "7", '"글"', "null", "true"])
def test_a_body_is_an_object(api, body):
    answer = api.generic("POST", "/api/v1/boards/", body, "application/json")
    assert answer.status_code == 400
    assert {attr for attr, _code in codes(answer)} <= {None, "non_field_errors", "name", "category"}


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["", "{", "{'a': 1}", '{"a": NaN}', "\udcff", '{"name": "\\ud800"}'])
def test_a_body_that_is_no_json_is_refused(api, body):
    answer = api.generic("POST", "/api/v1/boards/", body.encode(errors="surrogateescape"), "application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("field", [NameField(max_length=10), CharField(max_length=10)])
def test_a_text_that_is_far_too_long_is_refused_before_anything_looks_at_it(field, monkeypatch):
    def look(text):
        raise AssertionError("normalising this would take minutes")

    monkeypatch.setattr("api.serializers.normalise", look)
    field.validators = [look]
    with pytest.raises(ValidationError) as refused:
        field.run_validation("a" + "\u0301\u0323" * 500_000)
    assert [error.code for error in refused.value.detail] == ["max_length"]


def test_a_name_may_be_decomposed_and_have_white_space_around_it():
    assert NameField(max_length=10).run_validation(" " * 900 + "\u1112\u1161\u11ab" * 10) == "한" * 10
