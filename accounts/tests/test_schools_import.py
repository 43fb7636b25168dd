"""`manage.py import_schools`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import EmailDomain, School

pytestmark = pytest.mark.django_db

HONGIK = {"name": "홍익대학교", "region": "서울특별시", "email_domains": ["mail.hongik.ac.kr"]}
KAIST = {"name": "KAIST", "region": "대전광역시", "email_domains": ["kaist.ac.kr"]}


@pytest.fixture
def load(tmp_path):
    """`load(schools, …)` imports a file with one school a line, from line 2 on; `load(text)` that text."""

    def load(*schools):
        text = schools[0] if isinstance(schools[0], str | bytes) else as_file(schools)
        file = tmp_path / "schools.json"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return run(str(file))

    return load


def as_file(schools):
    return "[\n" + ",\n".join(json.dumps(school, ensure_ascii=False) for school in schools) + "\n]"


def run(*args, stderr=None):
    out = StringIO()
    call_command("import_schools", *args, stdout=out, stderr=stderr or StringIO())
    return out.getvalue().strip()


def test_the_shipped_schools_load_once():
    assert run() == "203 created, 0 updated, 0 unchanged"
    assert run() == "0 created, 0 updated, 203 unchanged"
    assert School.objects.count() == 203
    assert School.objects.get(name_key="홍익대학교").region == "서울특별시"


def test_a_school_comes_with_its_email_domains(load):
    load(HONGIK, KAIST | {"email_domains": ["KAIST.ac.kr", "mail.hongik.ac.kr"]})

    assert {domain.domain for domain in School.objects.get(name="KAIST").email_domains.all()} == {
        "kaist.ac.kr",
        "mail.hongik.ac.kr",
    }
    assert EmailDomain.objects.count() == 2


@pytest.mark.parametrize(
    "text",
    ["강원도 춘천시 한림대학길 1", "someone@kaist.ac.kr", "kaist", "", "kaist.ac.kr ", "a" * 100 + ".kr"],
)
def test_a_text_that_is_no_domain_is_left_out_with_a_warning(tmp_path, text):
    file, warnings = tmp_path / "schools.json", StringIO()
    file.write_text(as_file([HONGIK, KAIST | {"email_domains": ["kaist.ac.kr", text]}]), encoding="utf-8")

    assert run(str(file), stderr=warnings) == "2 created, 0 updated, 0 unchanged"

    assert warnings.getvalue().startswith(f"line 3: KAIST: {text!r}")
    assert [domain.domain for domain in School.objects.get(name="KAIST").email_domains.all()] == [
        "kaist.ac.kr"
    ]
    assert run(str(file)) == "0 created, 0 updated, 2 unchanged"


@pytest.mark.parametrize(
    "change",
    [
        {"region": "세종특별자치시"},
        {"email_domains": ["mail.hongik.ac.kr", "hongik.ac.kr"]},
        {"email_domains": []},
        {"name": "홍익 대학교"},
    ],
    ids=["region", "a domain more", "no domain", "spelling"],
)
def test_a_changed_school_is_updated_in_place(load, change):
    load(HONGIK, KAIST)
    before = School.objects.get(name="홍익대학교")

    assert load(HONGIK | change, KAIST) == "0 created, 1 updated, 1 unchanged"

    after = School.objects.get(pk=before.pk)
    assert {
        "name": after.name,
        "region": after.region,
        "email_domains": sorted((domain.domain for domain in after.email_domains.all()), reverse=True),
    } == HONGIK | change


def test_a_school_that_was_closed_stays_closed(load):
    load(HONGIK)
    School.objects.update(is_active=False)
    load(HONGIK | {"region": "세종특별자치시"})
    assert not School.objects.get().is_active


@pytest.mark.parametrize(
    "bad",
    [
        KAIST | {"name": "  "},
        KAIST | {"name": 7},
        KAIST | {"name": "가" * 101},
        KAIST | {"region": ""},
        KAIST | {"region": "가" * 21},
        KAIST | {"email_domains": "kaist.ac.kr"},
        KAIST | {"email_domains": [7]},
        KAIST | {"is_active": True},
        {"name": "KAIST", "region": "대전광역시"},
        "KAIST",
        None,
    ],
    ids=str,
)
def test_a_bad_school_is_named_by_its_line_and_nothing_is_loaded(load, bad):
    with pytest.raises(CommandError, match=r"line 3: .*Nothing was imported"):
        load(HONGIK, bad)
    assert not School.objects.exists()
    assert not EmailDomain.objects.exists()


def test_the_line_is_the_one_a_school_begins_on(load):
    pretty = json.dumps([HONGIK, KAIST | {"region": ""}], ensure_ascii=False, indent=1)
    with pytest.raises(CommandError, match="line 9: region"):
        load(pretty)


@pytest.mark.parametrize("name", ["홍익대학교", "홍익 대학교", " 홍익대학교 "])
def test_a_school_that_stands_there_twice_is_named_with_both_lines(load, name):
    with pytest.raises(CommandError, match=r"line 4: .* stands on line 2 already"):
        load(HONGIK, KAIST, HONGIK | {"name": name})
    assert not School.objects.exists()


def test_a_school_is_one_however_its_name_is_typed(load):
    load(KAIST)
    assert load(KAIST | {"name": "Ｋａｉｓｔ"}) == "0 created, 1 updated, 0 unchanged"
    assert School.objects.get().name_key == "kaist"


@pytest.mark.parametrize(
    ("text", "line"),
    [('[\n{"name": \n}]', 3), ("", 1), ("[\n" + json.dumps(KAIST), 2), ('{"name": "KAIST"}', 1)],
    ids=["half a row", "empty", "cut off", "no array"],
)
def test_broken_json_is_named_by_its_line(load, text, line):
    with pytest.raises(CommandError, match=f"line {line}: .*Nothing was imported"):
        load(text)


def test_a_file_in_another_encoding_is_refused(load):
    with pytest.raises(CommandError, match="can't be read"):
        load(as_file([HONGIK]).encode("cp949"))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        run(str(tmp_path / "nowhere.json"))


@pytest.mark.django_db(transaction=True)
def test_a_failure_half_way_leaves_nothing(load, monkeypatch):
    create = School.objects.create

    def fail_at_kaist(**fields):
        if fields["name"] == "KAIST":
            raise RuntimeError
        return create(**fields)

    monkeypatch.setattr(School.objects, "create", fail_at_kaist)
    with pytest.raises(RuntimeError):
        load(HONGIK, KAIST)
    assert not School.objects.exists()
