from django.db import migrations

#: A test lets this migration fail half-way through a run: at a loss of power, or at the SQL that it is given.
breaks: bool | str = False


def maybe_break(apps, schema_editor):
    if isinstance(breaks, str):
        schema_editor.execute(breaks)
    elif breaks:
        raise RuntimeError("the power went out")


class Migration(migrations.Migration):
    dependencies = [("migrated_app", "0005_back_fill")]
    operations = [migrations.RunPython(maybe_break, maybe_break)]
