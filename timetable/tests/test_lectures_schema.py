"""What the document says of the lists: every parameter means something, and some may be repeated."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from timetable.filters.courses import CourseFilterSet
from timetable.filters.lectures import LectureFilterSet
from timetable.filters.semesters import SemesterFilterSet


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def paths(document: dict[str, Any]) -> dict[str, Any]:
    return document["paths"]


def parameters(paths: dict[str, Any], path: str) -> dict[str, Any]:
    return {row["name"]: row for row in paths[f"/api/v1/{path}"]["get"]["parameters"]}


@pytest.mark.parametrize(
    ("path", "filterset"),
    [("lectures/", LectureFilterSet), ("courses/", CourseFilterSet), ("semesters/", SemesterFilterSet)],
)
def test_every_filter_says_what_it_means(paths, path, filterset):
    described = {name: row.get("description") for name, row in parameters(paths, path).items()}
    for name, row in filterset.base_filters.items():
        assert described[name] == str(row.label)


def test_a_filter_that_may_be_repeated_is_an_array(paths):
    repeated = {
        name for name, row in parameters(paths, "lectures/").items() if row["schema"]["type"] == "array"
    }
    assert repeated == {"area", "campus", "category", "credit", "department", "grade_year", "weekday"}


def test_facets_need_a_semester_and_are_described(paths):
    semester = parameters(paths, "lectures/facets/")["semester"]
    assert semester["required"] is True
    answer = paths["/api/v1/lectures/facets/"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Facets"}


@pytest.mark.parametrize("path", ["lectures/", "courses/"])
def test_a_search_that_is_too_short_has_a_code(paths, path):
    error = paths[f"/api/v1/{path}"]["get"]["responses"]["400"]
    assert "`min_length`" in error["description"]


@pytest.mark.parametrize("name", ["ReviewSummary", "Lecture"])
def test_an_average_has_decimals(document, name):
    """Fuzzing found 2.5 where an integer was promised."""
    assert document["components"]["schemas"][name]["properties"]["rating"]["type"] == ["number", "null"]


def test_an_entry_may_have_no_grade(document):
    """Fuzzing found '' where one of the grades was promised."""
    grade = document["components"]["schemas"]["Entry"]["properties"]["grade"]
    assert {"$ref": "#/components/schemas/BlankEnum"} in grade["oneOf"]
