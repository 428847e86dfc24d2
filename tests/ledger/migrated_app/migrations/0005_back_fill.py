from django.db import migrations


def back_fill(apps, schema_editor):
    thing = apps.get_model("migrated_app", "Thing")
    thing.objects.filter(note="").update(note="điền sau")
    owner = apps.get_model("migrated_app", "Owner").objects.create(name="Chủ mới")
    thing.objects.create(owner=owner, name="mới", amount=1)
    thing.objects.filter(name="thừa").delete()


class Migration(migrations.Migration):
    dependencies = [("migrated_app", "0004_remake_a_referenced_table")]
    operations = [migrations.RunPython(back_fill, migrations.RunPython.noop)]
