"""Events at the door, and the group of auditors, who read all and change nothing.

On SQLite sessions and wrong passwords have moved to a file of their own (config/databases.py): what is left of their
tables here goes, and everybody logs in again.
"""


from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AUDITORS, AUDIT = "Kiểm toán", "audit"
MOVED = (
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_session",
)


def drop_what_moved(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in MOVED:
            schema_editor.execute(f"DROP TABLE IF EXISTS {table}")


def create_auditors(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    config = apps.get_app_config("registry")
    module = getattr(config, "models_module", None)
    config.models_module = module or True  # type: ignore[assignment]
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = module
    auditors, _ = apps.get_model("auth", "Group").objects.get_or_create(name=AUDITORS)
    # This one stands for the reading of everything, also of kinds to come (registry/admin/auditors.py).
    permissions = apps.get_model("auth", "Permission").objects
    auditors.permissions.add(permissions.get(content_type__app_label="registry", codename=AUDIT))


def remove_auditors(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("auth", "Group").objects.filter(name=AUDITORS).delete()


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_log_index")]
    operations = [
        migrations.CreateModel(
            name='SecurityDigest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='ngày')),
                ('count', models.BigIntegerField(verbose_name='số sự kiện')),
                ('first', models.BigIntegerField(verbose_name='sự kiện đầu')),
                ('last', models.BigIntegerField(verbose_name='sự kiện cuối')),
                ('digest', models.CharField(max_length=64, verbose_name='dấu')),
            ],
            options={
                'verbose_name': 'dấu của một ngày trong nhật ký an ninh',
                'verbose_name_plural': 'dấu từng ngày của nhật ký an ninh',
                'ordering': ['-day'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='SecurityEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.CharField(max_length=27, verbose_name='lúc (UTC)')),
                ('kind', models.CharField(choices=[('logged_in', 'Đăng nhập'), ('logged_out', 'Đăng xuất'), ('session_ended', 'Hết phiên làm việc'), ('login_failed', 'Đăng nhập không được'), ('locked_out', 'Tạm khóa đăng nhập'), ('lock_released', 'Mở khóa đăng nhập'), ('many_failures', 'Quá nhiều lần đăng nhập không được'), ('password_set', 'Đặt mật khẩu'), ('refused', 'Bị từ chối vì không có quyền'), ('settings', 'Cấu hình đổi khi khởi động')], max_length=30, verbose_name='việc')),
                ('actor', models.CharField(blank=True, max_length=150, verbose_name='người')),
                ('account', models.CharField(blank=True, max_length=150, verbose_name='tài khoản')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='địa chỉ')),
                ('request', models.CharField(blank=True, max_length=64, verbose_name='mã yêu cầu')),
                ('detail', models.TextField(blank=True, verbose_name='chi tiết')),
            ],
            options={
                'verbose_name': 'sự kiện an ninh',
                'verbose_name_plural': 'nhật ký an ninh',
                'ordering': ['-id'],
                'permissions': [('audit', 'Kiểm toán: đọc tất cả, không sửa gì')],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['at'], name='security_event_at'), models.Index(fields=['actor', 'id'], name='security_event_actor'), models.Index(fields=['account', 'id'], name='security_event_account'), models.Index(fields=['kind', 'id'], name='security_event_kind'), models.Index(fields=['address', 'id'], name='security_event_address')],
            },
        ),
        migrations.RunPython(drop_what_moved, migrations.RunPython.noop),
        migrations.RunPython(create_auditors, remove_auditors),
    ]
