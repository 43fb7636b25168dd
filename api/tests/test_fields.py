"""FoldedKeyField, by the schools' names and the users' user names."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, models, transaction

from api.fields import FoldedKeyField


@pytest.fixture
def schools(db):
    return apps.get_model("accounts.School").objects


def test_a_key_follows_its_source_whenever_a_row_is_saved(schools):
    school = schools.create(name="Ｋ A I S T", region="대전광역시")
    assert school.name_key == "kaist"
    school.name = "홍익 대학교"
    school.save()
    assert school.name_key == "홍익대학교"
    school.refresh_from_db()
    assert school.name_key == "홍익대학교"


def test_bulk_create_folds_too(schools):
    schools.bulk_create([schools.model(name="KAIST", region="대전광역시")])
    assert schools.get().name_key == "kaist"


@pytest.mark.parametrize(
    "lookup",
    [
        {"name_key": "Ｋａｉｓｔ"},
        {"name_key__in": ["홍익", "KA IST"]},
        {"name_key__icontains": "ＡIS"},
        {"name_key__icontains": "a i"},
    ],
    ids=str,
)
def test_a_value_that_is_looked_up_is_folded(schools, lookup):
    kaist = schools.create(name="KAIST", region="대전광역시")
    assert list(schools.filter(**lookup)) == [kaist]


def test_a_wildcard_in_a_search_is_a_letter(schools):
    schools.create(name="KAIST", region="대전광역시")
    assert not schools.filter(name_key__icontains="%").exists()
    assert not schools.filter(name_key__icontains="K_IST").exists()


@pytest.mark.parametrize(("one", "other"), [("KAIST", "kaist"), ("홍익 대학교", "홍익대학교"), ("e´", "e´")])
def test_the_database_refuses_another_spelling(schools, one, other):
    schools.create(name=one, region="서울특별시")
    with pytest.raises(IntegrityError), transaction.atomic():
        schools.create(name=other, region="서울특별시")


@pytest.mark.parametrize(
    ("one", "other"), [("😀", "🍕"), ("cafe", "café"), ("가", "각"), ("ㅏ", "ㅑ"), ("あ", "ア"), ("1", "²3")]
)
def test_the_database_takes_different_names_for_different(schools, one, other):
    schools.create(name=one, region="서울특별시")
    assert not schools.filter(name_key=other).exists()
    schools.create(name=other, region="서울특별시")
    assert schools.count() == 2


def test_a_key_without_a_source_is_folded_in_the_database():
    field = get_user_model()._meta.get_field("username")
    assert field.get_prep_value("MinJi") == "minji"


def test_no_value_stays_null():
    field = FoldedKeyField(source="living_name", null=True, max_length=10)
    field.set_attributes_from_name("key")

    class Row:
        living_name = None

    row = Row()
    assert field.pre_save(row, add=True) is None
    assert row.key is None
    assert field.get_prep_value(None) is None


def test_a_migration_remembers_the_source():
    field = FoldedKeyField(source="name", max_length=10)
    _name, path, args, kwargs = field.deconstruct()
    assert path == "api.fields.FoldedKeyField"
    assert kwargs == {"source": "name", "max_length": 10, "editable": False}
    assert FoldedKeyField(*args, **kwargs).source == "name"


def all_keys():
    return [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, FoldedKeyField)
    ]


@pytest.mark.server
@pytest.mark.django_db
@pytest.mark.parametrize(("table", "column"), all_keys(), ids=".".join)
def test_a_key_is_compared_byte_by_byte_on_the_server(table, column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns"
            " WHERE table_schema = DATABASE() AND table_name = %s AND column_name = %s",
            [table, column],
        )
        (collation,) = cursor.fetchone()
    assert collation == ("utf8mb4_nopad_bin" if connection.mysql_is_mariadb else "utf8mb4_0900_bin")


@pytest.mark.sqlite
def test_sqlite_compares_bytes_by_itself():
    field = get_user_model()._meta.get_field("username")
    assert field.db_parameters(connection).get("collation") is None
    assert isinstance(field, models.CharField)
