"""Decisions have what their lists are ordered by as columns, other kinds as terms (rules/composition/orders.py).

Answers of former releases are ordered like those of this one: from what is stored of them alone.
"""

from collections.abc import Iterator
from typing import Any

import orjson
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.models.fields
from registry.rules.composition.orders import IN_COLUMNS, ORDERS, order_terms, order_values

COLUMNS = {
    "symbol_order": "symbol",
    "issuer_code_order": "issuer",
    "issuer_name_order": "by",
    "kind_order": "kind",
    "abstract_order": "about",
    "issued_earliest_order": "earliest",
    "effective_on_order": "effective",
    "in_force_order": "in_force",
    "verification_order": "verified",
    "effects_cluster_name_order": "object",
}


class AddColumn(migrations.AddField):
    """On SQLite Django makes the table anew for each column: minutes, and its triggers go with the old one."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        connection, model = schema_editor.connection, to_state.apps.get_model(app_label, self.model_name)
        if connection.vendor == "sqlite" and self.allow_migrate_model(connection.alias, model):
            schema_editor.execute(
                f"ALTER TABLE registry_decisionedition ADD COLUMN {self.name} varchar(60) NOT NULL DEFAULT ''"
            )
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    terms = apps.get_model("registry", "EditionTerm")
    # Some of them a composer between the releases kept already.
    empty(apps, schema_editor)
    # A CASE for each column of each row, as bulk_update writes it, takes minutes where this takes seconds.
    sql = f"UPDATE registry_decisionedition SET {', '.join(f'{name} = %s' for name in COLUMNS)} WHERE id = %s"
    for kind in ORDERS:
        model = apps.get_model("registry", f"{kind.replace('_', '')}edition")
        for rows in _portions(model):
            bodies = [(row, orjson.loads(bytes(row.body))) for row in rows]
            if kind in IN_COLUMNS:
                orders = [(order_values(kind, body), row.pk) for row, body in bodies]
                with schema_editor.connection.cursor() as cursor:
                    cursor.executemany(
                        sql, [(*(found[name] for name in COLUMNS), pk) for found, pk in orders]
                    )
            else:
                terms.objects.bulk_create(
                    [
                        terms(kind=kind, edition_id=row.pk, term=name, value=value, row=0)
                        for row, body in bodies
                        for name, value in sorted(order_terms(kind, body))
                    ],
                    batch_size=2000,
                )


def _portions(model: Any) -> Iterator[list[Any]]:
    last = 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk").only("body")[:1000]):
        yield rows
        last = rows[-1].pk


def empty(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    names = {name for kind in ORDERS for name in order_values(kind, {})}
    apps.get_model("registry", "EditionTerm").objects.filter(term__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_recoveries")]
    operations = [
        *(AddColumn("decisionedition", name, registry.models.fields.OrderField()) for name in COLUMNS),
        migrations.RunPython(fill, empty),
        *(
            migrations.AddIndex(
                "decisionedition",
                models.Index(
                    fields=[column, "subject_id", "valid_from", "valid_to", "known_from", "known_to"],
                    name=f"decisionedition_{name}",
                ),
            )
            for column, name in COLUMNS.items()
        ),
    ]
