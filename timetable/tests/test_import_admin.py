"""The operators' pages for catalogues."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import StaffFactory, UserFactory
from timetable.models import CatalogueImport, Lecture, Semester
from timetable.services import imports
from timetable.services.catalogue import sync_catalogue
from timetable.tests.catalogues import csv_file, lecture, lectures, read_rows
from timetable.tests.factories import SemesterFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def term(db: None) -> Semester:
    return SemesterFactory(school__name="마당대학교")


def url(page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:timetable_catalogueimport_{page}", args=args)


def staff_with(*permissions: str, **fields: Any) -> Client:
    staff = StaffFactory(**fields)
    return signed_in(staff, *permissions)


def signed_in(user: User, *permissions: str) -> Client:
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def send(client: Client, term: Semester, content: bytes, **changes: Any) -> Any:
    file = SimpleUploadedFile("lectures.csv", content)
    data = {"semester": term.pk, "format": "madang", "file": file} | changes
    return client.post(url("add"), data)


def upload(client: Client, semester: Semester, *rows: dict[str, Any]) -> CatalogueImport:
    assert send(client, semester, csv_file(*rows)).status_code == 302
    return CatalogueImport.objects.first()


def page(client: Client, catalogue_import: CatalogueImport) -> str:
    return client.get(url("change", catalogue_import.pk)).content.decode()


def press(client: Client, catalogue_import: CatalogueImport, button: str, **fields: str) -> str:
    """What the page says after a button was pressed."""
    response = client.post(url("change", catalogue_import.pk), {button: "1"} | fields, follow=True)
    assert response.status_code == 200
    catalogue_import.refresh_from_db()
    return response.content.decode()


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


# --- Uploading


def test_an_upload_shows_what_it_would_do_and_does_nothing(pages: Client, term: Semester) -> None:
    sync_catalogue(semester=term, reading=read_rows(*lectures(6)))
    made = upload(pages, term, lecture(enrolled="13"), *lectures(5)[1:], lecture(section="7"))
    text = page(pages, made)
    assert "Waits to be applied" in text
    assert "CSE1001-1 자료구조: enrolled: 12 → 13" in text
    assert "CSE1001-6 자료구조: not in the file" in text
    assert "CSE1001-7 자료구조" in text
    assert Lecture.objects.count() == 6
    assert made.report["counts"]["created"] == 1


def test_an_upload_is_kept_with_its_name_and_who_sent_it(
    pages: Client, operator: User, term: Semester
) -> None:
    made = upload(pages, term, lecture())
    assert (made.file_name, made.format, made.uploaded_by) == ("lectures.csv", "madang", operator)
    assert bytes(made.content) == csv_file(lecture())
    assert made.applied_at is None


def test_semesters_are_offered_with_their_schools(pages: Client, term: Semester) -> None:
    assert "마당대학교 2025-2" in pages.get(url("add")).content.decode()


def test_formats_are_offered_by_their_descriptions(pages: Client, term: Semester) -> None:
    text = pages.get(url("add")).content.decode()
    assert "Madang&#x27;s own columns" in text
    assert 'value="gnu"' in text


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"code\n", "lacks these columns"), (b"PK\x03\x04", "no XLSX file"), (csv_file(), "no lecture")],
)
def test_a_file_that_can_not_be_read_is_an_error_of_the_form(
    pages: Client, term: Semester, content: bytes, message: str
) -> None:
    assert message in errors_of(send(pages, term, content))["file"][0]
    assert not CatalogueImport.objects.exists()


def test_an_upload_that_is_too_large_is_for_the_command(
    pages: Client, term: Semester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timetable.admin.imports.MAX_UPLOAD_BYTES", 100)
    assert "import_lectures" in errors_of(send(pages, term, csv_file(lecture())))["file"][0]


@pytest.mark.parametrize(
    ("field", "value"), [("semester", 0), ("semester", ""), ("format", "elsewhere"), ("file", "")]
)
def test_each_field_is_checked(pages: Client, term: Semester, field: str, value: Any) -> None:
    assert list(errors_of(send(pages, term, csv_file(lecture()), **{field: value}))) == [field]


def test_a_long_file_name_is_cut(pages: Client, term: Semester) -> None:
    file = SimpleUploadedFile("가" * 240 + ".csv", csv_file(lecture()))
    assert send(pages, term, b"", file=file).status_code == 302
    assert len(CatalogueImport.objects.get().file_name) == 200


# --- Applying


def test_applying_does_what_was_shown_and_forgets_the_file(pages: Client, term: Semester) -> None:
    made = upload(pages, term, *lectures(2))
    text = press(pages, made, "apply")
    assert "The catalogue is imported." in text
    assert Lecture.objects.count() == 2
    assert made.content is None
    assert made.applied_at is not None
    assert 'name="apply"' not in text
    assert "CSE1001-2 자료구조" in text


def test_applying_twice_imports_once(pages: Client, term: Semester) -> None:
    made = upload(pages, term, *lectures(2))
    press(pages, made, "apply")
    Lecture.objects.update(title="다른 제목")
    assert "Meanwhile it was applied or discarded." in press(pages, made, "apply")
    assert set(Lecture.objects.values_list("title", flat=True)) == {"다른 제목"}


def test_what_was_closed_while_the_file_was_read_is_not_applied(
    pages: Client, term: Semester, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upload(pages, term, lecture())
    read = imports.read_catalogue

    def read_slowly(**options: Any) -> Any:
        imports.discard_import(catalogue_import=made)
        return read(**options)

    monkeypatch.setattr(imports, "read_catalogue", read_slowly)
    assert "Meanwhile it was applied or discarded." in press(pages, made, "apply")
    assert not Lecture.objects.exists()


def test_an_import_that_would_do_something_else_by_now_is_shown_anew(pages: Client, term: Semester) -> None:
    made = upload(pages, term, *lectures(5))
    sync_catalogue(semester=term, reading=read_rows(*lectures(5, enrolled="1")))
    text = press(pages, made, "apply")
    assert "meanwhile it would do something else" in text
    assert "enrolled: 1 → 12" in text
    assert set(Lecture.objects.values_list("enrolled", flat=True)) == {1}
    assert made.applied_at is None
    assert "The catalogue is imported." in press(pages, made, "apply")
    assert set(Lecture.objects.values_list("enrolled", flat=True)) == {12}


def test_what_looks_broken_is_applied_only_if_forced(pages: Client, term: Semester) -> None:
    sync_catalogue(semester=term, reading=read_rows(*lectures(4)))
    made = upload(pages, term, lecture())
    text = page(pages, made)
    assert "3 of 4 lectures would be cancelled" in text
    assert 'name="force"' in text
    assert "Nothing was imported. 3 of 4 lectures" in press(pages, made, "apply")
    assert not Lecture.objects.filter(is_cancelled=True).exists()
    press(pages, made, "apply", force="on")
    assert Lecture.objects.filter(is_cancelled=True).count() == 3


def test_nothing_asks_to_force_what_is_not_refused(pages: Client, term: Semester) -> None:
    assert 'name="force"' not in page(pages, upload(pages, term, lecture()))


def test_a_discarded_file_is_forgotten_and_its_report_stays(pages: Client, term: Semester) -> None:
    made = upload(pages, term, lecture())
    text = press(pages, made, "discard")
    assert "Discarded" in text
    assert (made.content, made.applied_at) == (None, None)
    assert "CSE1001-1 자료구조" in text
    assert not Lecture.objects.exists()
    assert "Meanwhile it was applied or discarded." in press(pages, made, "discard")


def test_a_post_without_a_button_does_nothing(pages: Client, term: Semester) -> None:
    made = upload(pages, term, lecture())
    press(pages, made, "elsewhere")
    assert made.content is not None
    assert not Lecture.objects.exists()


def test_a_format_that_is_no_longer_there_is_said(pages: Client, term: Semester) -> None:
    made = upload(pages, term, lecture())
    CatalogueImport.objects.update(format="elsewhere")
    assert "There is no format “elsewhere”." in press(pages, made, "apply")


def test_pressing_a_button_needs_a_csrf_token(operator: User, pages: Client, term: Semester) -> None:
    made = upload(pages, term, lecture())
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator)
    assert strict.post(url("change", made.pk), {"apply": "1"}).status_code == 403
    assert not Lecture.objects.exists()


def test_the_history_says_who_uploaded_and_applied(pages: Client, term: Semester) -> None:
    made = upload(pages, term, lecture())
    press(pages, made, "apply")
    text = pages.get(url("history", made.pk)).content.decode()
    assert "Added" in text
    assert "applied" in text


def test_what_a_file_says_is_escaped(pages: Client, term: Semester) -> None:
    text = page(pages, upload(pages, term, lecture(title="<script>alert(1)</script>")))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


# --- Who may


def test_only_operators_with_the_permission_upload_and_apply(pages: Client, term: Semester) -> None:
    made = upload(pages, term, lecture())
    viewer = staff_with("view_catalogueimport")
    moderator = signed_in(UserFactory(is_moderator=True), "add_catalogueimport", "view_catalogueimport")
    for client in (viewer, staff_with(), moderator):
        assert client.get(url("add")).status_code == 403
        assert send(client, term, csv_file(lecture())).status_code == 403
        assert client.post(url("change", made.pk), {"apply": "1"}).status_code == 403
    assert page(viewer, made).count('name="apply"') == 0
    assert staff_with().get(url("change", made.pk)).status_code == 403
    assert moderator.get(url("change", made.pk)).status_code == 403
    assert not Lecture.objects.exists()
    user = signed_in(UserFactory(), "add_catalogueimport")
    assert user.get(url("add")).status_code == 302


def test_the_permission_to_add_is_enough(term: Semester) -> None:
    client = staff_with("add_catalogueimport")
    made = upload(client, term, lecture())
    assert 'name="apply"' in page(client, made)
    press(client, made, "apply")
    assert Lecture.objects.count() == 1


def test_an_import_can_be_neither_edited_nor_deleted(pages: Client, term: Semester) -> None:
    made = upload(pages, term, lecture())
    assert pages.post(url("delete", made.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("pk", ["0", "999999", "abc", "1/2"])
def test_an_import_that_is_not_there_leads_to_the_index(pages: Client, pk: str) -> None:
    assert pages.get(url("change", pk)).status_code == 302


# --- The list


def test_the_list_says_what_became_of_each(pages: Client, term: Semester) -> None:
    for button in ("apply", "discard", "neither"):
        press(pages, upload(pages, term, lecture()), button)
    text = pages.get(url()).content.decode()
    assert all(state in text for state in ("applied", "discarded", "waits to be applied", "마당대학교"))


def test_the_list_costs_the_same_for_1_row_and_for_30(
    pages: Client, term: Semester, operator: User, count_queries: Callable[..., int]
) -> None:
    def make() -> None:
        CatalogueImport.objects.create(
            semester=term, format="madang", file_name="a", content=b"x" * 1000, uploaded_by=operator
        )

    def read() -> None:
        assert pages.get(url()).status_code == 200

    make()
    read()
    few = count_queries(read)
    for _ in range(29):
        make()
    assert count_queries(read) == few <= 8
