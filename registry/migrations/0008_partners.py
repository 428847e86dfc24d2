"""Keys belong to partners, end, and open groups of kinds. Keys given before keep opening what they opened.

Who had a key becomes a partner of that name, whose contact and purpose staff have yet to write. The one scope there
was opened everything: now all of them. A key without an end gets one, a year from now.
"""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import django.db.models.deletion
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.models.conditions
import registry.models.fields
from registry.rules.text import search_text, sort_key

GROUPS = import_module("registry.migrations.0002_groups")
YEAR = timedelta(days=365)
UNKNOWN_CONTACT = "Chưa ghi: khóa được cấp trước khi có danh sách đối tác."
UNKNOWN_PURPOSE = "Chưa ghi."
EVERYTHING = "clusters decisions investors sources"
SETS = [
    "clusters",
    "decisions",
    "investors",
    "sources",
    "clusters decisions",
    "clusters investors",
    "clusters sources",
    "decisions investors",
    "decisions sources",
    "investors sources",
    "clusters decisions investors",
    "clusters decisions sources",
    "clusters investors sources",
    "decisions investors sources",
    "clusters decisions investors sources",
]


def give_partners(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    key, partner = apps.get_model("registry", "ApiKey"), apps.get_model("registry", "Partner")
    now = datetime.now(UTC)
    for row in key.objects.order_by("id"):
        row.partner, _ = partner.objects.get_or_create(
            name=row.name,
            defaults={
                "contact": UNKNOWN_CONTACT,
                "purpose": UNKNOWN_PURPOSE,
                "search_text": search_text(row.name),
                "sort_key": sort_key(row.name),
            },
        )
        if "read" not in row.scopes.split():
            row.revoked_at = row.revoked_at or now  # it opened nothing
        row.name, row.scopes = "", EVERYTHING
        row.expires_at = row.expires_at or now + YEAR
        row.save()
    _settle(schema_editor)


def take_partners(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row in apps.get_model("registry", "ApiKey").objects.select_related("partner"):
        row.name, row.scopes = row.partner.name, "read"
        row.save()
    _settle(schema_editor)


def _settle(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL alters no table that still waits for its references to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def permit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Leaders give keys and take them back. Clerks do not see them."""
    config = apps.get_app_config("registry")
    config.models_module = True  # type: ignore[assignment]
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = None
    for approvers in apps.get_model("auth", "Group").objects.filter(name=GROUPS.APPROVERS):
        approvers.permissions.add(*_permissions(apps))


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for approvers in apps.get_model("auth", "Group").objects.filter(name=GROUPS.APPROVERS):
        approvers.permissions.remove(*_permissions(apps))


def _permissions(apps: Apps) -> list[object]:
    codenames = [f"{verb}_{model}" for verb in ("view", "add", "change") for model in ("partner", "apikey")]
    own = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="registry")
    return list(own.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_what_records_are_found_by")]
    operations = [
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Tên cơ quan, đơn vị hoặc hệ thống đọc dữ liệu.",
                        max_length=200,
                        verbose_name="tên",
                    ),
                ),
                (
                    "contact",
                    models.TextField(
                        help_text="Bộ phận, thư điện tử, điện thoại: ai cần biết khi khóa sắp hết hạn hoặc bị lộ.",
                        verbose_name="đầu mối liên hệ",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        help_text="Dùng dữ liệu để làm gì, ở hệ thống nào.", verbose_name="mục đích sử dụng"
                    ),
                ),
                (
                    "requests_per_minute",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Cho mỗi khóa. Để trống: theo mức chung của hệ thống.",
                        null=True,
                        verbose_name="số yêu cầu mỗi phút",
                    ),
                ),
                (
                    "search_text",
                    registry.models.fields.SearchTextField(
                        blank=True, default="", editable=False, sources=("name",)
                    ),
                ),
                (
                    "sort_key",
                    registry.models.fields.SortKeyField(
                        blank=True, default="", editable=False, sources=("name",)
                    ),
                ),
            ],
            options={
                "verbose_name": "đối tác",
                "verbose_name_plural": "đối tác",
                "ordering": ["sort_key", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(registry.models.conditions.SaysSomething("name")),
                        name="partner_named",
                        violation_error_code="text_missing",
                        violation_error_message="Tên: không được để trống.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(registry.models.conditions.SaysSomething("contact")),
                        name="partner_contact_said",
                        violation_error_code="text_missing",
                        violation_error_message="Đầu mối liên hệ: không được để trống.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(registry.models.conditions.SaysSomething("purpose")),
                        name="partner_purpose_said",
                        violation_error_code="text_missing",
                        violation_error_message="Mục đích sử dụng: không được để trống.",
                    ),
                    models.UniqueConstraint(
                        fields=("name",),
                        name="partner_once",
                        violation_error_code="partner_taken",
                        violation_error_message="Đối tác này đã có. Hãy mở bản ghi đó để cấp khóa.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("requests_per_minute__isnull", True),
                            models.Q(("requests_per_minute__gte", 1), ("requests_per_minute__lte", 1000000)),
                            _connector="OR",
                        ),
                        name="partner_rate",
                        violation_error_code="rate_out_of_range",
                        violation_error_message="Số yêu cầu mỗi phút phải từ 1 đến 1.000.000; "
                        "để trống thì theo mức chung.",
                    ),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="apikey",
            options={
                "ordering": ["partner__sort_key", "partner", "-created_at", "-id"],
                "verbose_name": "khóa API",
                "verbose_name_plural": "khóa API",
            },
        ),
        migrations.AddField(
            model_name="apikey",
            name="partner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="keys",
                to="registry.partner",
                verbose_name="đối tác",
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="addresses",
            field=models.TextField(
                blank=True,
                help_text="Mỗi dòng một địa chỉ hoặc mạng, ví dụ 203.0.113.7 hoặc 2001:db8::/32. Để trống: mọi nơi.",
                verbose_name="địa chỉ được dùng",
            ),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="name",
            field=models.CharField(
                blank=True,
                help_text="Máy chủ hay hệ thống sẽ giữ khóa, để phân biệt hai khóa của một đối tác.",
                max_length=200,
                verbose_name="dùng ở đâu",
            ),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="revoked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="thu hồi lúc"),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=models.TextField(verbose_name="phạm vi"),
        ),
        migrations.RunPython(give_partners, take_partners),
        migrations.AlterField(
            model_name="apikey",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="keys",
                to="registry.partner",
                verbose_name="đối tác",
            ),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="expires_at",
            field=models.DateTimeField(verbose_name="hết hạn"),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name", ""), registry.models.conditions.SaysSomething("name"), _connector="OR"
                ),
                name="api_key_name_said",
                violation_error_code="text_blank",
                violation_error_message="Dùng ở đâu: chỉ có khoảng trắng. Hãy ghi nội dung hoặc để trống hẳn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes__in", SETS)),
                name="api_key_scopes_known",
                violation_error_code="code_unknown",
                violation_error_message="Phạm vi: giá trị không có trong danh mục.",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="api_key_expires_later",
                violation_error_code="expiry_passed",
                violation_error_message="Khóa phải hết hạn sau lúc tạo. Hãy ghi một ngày sau đó.",
            ),
        ),
        migrations.CreateModel(
            name="ApiKeyUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="ngày")),
                ("requests", models.BigIntegerField(verbose_name="số yêu cầu")),
                ("refused", models.BigIntegerField(verbose_name="quá hạn mức")),
                ("last_at", models.DateTimeField(verbose_name="lần cuối")),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="registry.apikey"
                    ),
                ),
            ],
            options={
                "verbose_name": "lượt dùng khóa",
                "verbose_name_plural": "lượt dùng khóa",
                "constraints": [models.UniqueConstraint(fields=("key", "day"), name="api_key_use_of_a_day")],
            },
        ),
        migrations.RunPython(permit, forbid),
    ]
