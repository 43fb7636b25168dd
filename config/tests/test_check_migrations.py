"""What scripts/check_migrations.py asks the linter about, with the SQL of planted operations."""

import pytest
from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

pytestmark = [pytest.mark.server, pytest.mark.django_db]


@pytest.fixture(scope="module")
def now(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> ProjectState:
    with django_db_blocker.unblock():
        return MigrationLoader(connection).project_state()


def refusals(now: ProjectState, operation: Operation) -> set[str]:
    from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

    after = now.clone()
    operation.state_forwards("board", after)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards("board", editor, now, after)
    analyser = get_sql_analyser_class(connection.settings_dict["ENGINE"])
    errors, _, _ = analyse_sql_statements(analyser, editor.collected_sql, [])
    return {error.code for error in errors}


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (operations.RemoveField("post", "title"), "DROP_COLUMN"),
        (operations.RenameField("post", "title", "heading"), "RENAME_COLUMN"),
        (operations.DeleteModel("PostGram"), "DROP_TABLE"),
        (operations.RenameModel("PostGram", "PostWord"), "RENAME_TABLE"),
        (operations.AddField("post", "mood", models.CharField(max_length=9, default="calm")), "NOT_NULL"),
        (operations.AlterField("post", "title", models.CharField(max_length=9)), "NOT_NULL"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Operation) else value,
)
def test_what_the_version_before_would_not_bear_is_refused(
    now: ProjectState, operation: Operation, code: str
) -> None:
    assert code in refusals(now, operation)


@pytest.mark.parametrize(
    "operation",
    [
        operations.AddField("post", "mood", models.CharField(max_length=9, null=True)),
        operations.AddField("post", "mood", models.CharField(max_length=9, db_default="calm")),
        operations.CreateModel("mood", [("id", models.BigAutoField(primary_key=True))]),
        operations.AddIndex("post", models.Index(fields=["title"], name="planted_title")),
    ],
    ids=["nullable column", "column with a default in the database", "table", "index"],
)
def test_what_only_adds_is_allowed(now: ProjectState, operation: Operation) -> None:
    assert refusals(now, operation) == set()
