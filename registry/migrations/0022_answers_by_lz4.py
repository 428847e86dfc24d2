"""On PostgreSQL answers and contents are compressed by LZ4 from now on: a page is stored in half of the time that
the default takes and read in a third, for a quarter more of disk (benchmarks/compression.py). What is stored stays
as it is until it is written again, and a server that was built without LZ4 keeps the default.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SUPPORTED = "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"


def compress(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _set(apps, schema_editor, "lz4")


def as_before(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _set(apps, schema_editor, "default")


def _set(apps: Apps, schema_editor: BaseDatabaseSchemaEditor, method: str) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SUPPORTED)
        (supported,) = cursor.fetchone() or (False,)
    if not supported:
        return
    models = apps.get_app_config("registry").get_models()
    columns = [(model._meta.db_table, "body") for model in models if model.__name__.endswith("Edition")]
    for table, column in [*columns, (apps.get_model("registry", "Statement")._meta.db_table, "content")]:
        schema_editor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET COMPRESSION {method}')


class Migration(migrations.Migration):
    dependencies = [("registry", "0021_webhooks_without_keys")]
    operations = [migrations.RunPython(compress, as_before)]
