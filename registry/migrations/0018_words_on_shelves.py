"""Words of decisions are kept with the month of signing, so that a search knows where in the list to begin."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: As many characters of a word are kept; before, seven more were.
ROOM = 53
WORDS = "kind = 'decision' AND term = 'word'"


def shelve(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What of one edition became alike by being cut is kept once."""
    month = (
        "to_char(issued_on, 'YYYYMM')"
        if schema_editor.connection.vendor == "postgresql"
        else "substr(issued_on, 1, 4) || substr(issued_on, 6, 2)"
    )
    schema_editor.execute(
        f"DELETE FROM registry_editionterm WHERE {WORDS} AND length(value) >= {ROOM} AND EXISTS (SELECT 1"
        f" FROM registry_editionterm AS other WHERE other.{WORDS.replace('AND ', 'AND other.')}"
        " AND other.edition_id = registry_editionterm.edition_id AND other.id < registry_editionterm.id"
        f" AND substr(other.value, 1, {ROOM}) = substr(registry_editionterm.value, 1, {ROOM}))"
    )
    schema_editor.execute(
        f"UPDATE registry_editionterm SET value = substr(value, 1, {ROOM}) || ' ' || (SELECT {month}"
        f" FROM registry_decisionedition AS e WHERE e.id = edition_id) WHERE {WORDS}"
    )


def unshelve(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(
        f"UPDATE registry_editionterm SET value = substr(value, 1, length(value) - 7) WHERE {WORDS}"
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_what_lists_are_ordered_by")]
    operations = [migrations.RunPython(shelve, unshelve)]
