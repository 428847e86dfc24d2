"""Publications follow one another, and only the newest takes statements: held by the database.

Append-only alone would let a statement be added to an old publication, and so change what had been said.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: trigger → (table, what must hold of the row before it is added, what is said when it does not)
GUARDS = {
    "publication_is_next": (
        "registry_publication",
        "NEW.seq = (SELECT coalesce(max(seq), 0) + 1 FROM registry_publication)"
        " AND NOT EXISTS (SELECT 1 FROM registry_publication WHERE at >= NEW.at)",
        "a publication follows the last one, in number and in time",
    ),
    "statement_joins_newest": (
        "registry_statement",
        "NEW.publication_id = (SELECT max(seq) FROM registry_publication)",
        "a statement joins the newest publication",
    ),
}


def hold(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, (table, condition, message) in GUARDS.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF NOT ({condition}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;"
                " RETURN NEW; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN NOT ({condition})"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )


def release(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, (table, _, _) in GUARDS.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_editions_never_overlap")]
    operations = [migrations.RunPython(hold, release)]
