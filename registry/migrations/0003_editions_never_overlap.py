"""No two editions of a subject overlap in both clocks: held by the database."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("authority", "cluster", "decision", "investor", "legalinstrument", "place", "source")


def table_of(name: str) -> str:
    return f"registry_{name}edition"


def hold(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    hold_tables(schema_editor, TABLES)


def hold_tables(schema_editor: BaseDatabaseSchemaEditor, names: tuple[str, ...]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for table in map(table_of, names):
            schema_editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist (subject_id WITH =,"
                " int8range(known_from, known_to) WITH &&, daterange(valid_from, valid_to) WITH &&)"
            )
        return
    for table in map(table_of, names):
        for moment in ("INSERT", "UPDATE"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_overlap_{moment.lower()} AFTER {moment} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, 'editions overlap') FROM {table} WHERE subject_id = NEW.subject_id"
                " AND id <> NEW.id AND known_from < NEW.known_to AND NEW.known_from < known_to"
                " AND valid_from < NEW.valid_to AND NEW.valid_from < valid_to; END"
            )


def release(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    release_tables(schema_editor, TABLES)


def release_tables(schema_editor: BaseDatabaseSchemaEditor, names: tuple[str, ...]) -> None:
    for table in map(table_of, names):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap")
        else:
            for moment in ("insert", "update"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_overlap_{moment}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_groups")]
    operations = [migrations.RunPython(hold, release)]
