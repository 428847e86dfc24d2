"""Partners are told of changes. Leaders say where; clerks do not see it."""

from importlib import import_module

import django.db.models.deletion
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.models.conditions

GROUPS = import_module("registry.migrations.0002_groups")
CODENAMES = ("view_webhook", "add_webhook", "change_webhook", "view_webhookdelivery")


def permit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
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
    own = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="registry")
    return list(own.filter(codename__in=CODENAMES))


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0008_partners"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
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
                        blank=True,
                        help_text="Hệ thống nhận tin, để phân biệt hai webhook.",
                        max_length=200,
                        verbose_name="dùng ở đâu",
                    ),
                ),
                ("url", models.URLField(max_length=500, verbose_name="địa chỉ nhận")),
                ("scopes", models.TextField(verbose_name="phạm vi")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="tạo lúc")),
                (
                    "stopped_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ngừng lúc"),
                ),
                (
                    "stopped_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "Cán bộ cho ngừng"),
                            ("gone", "Bên nhận trả lời 410: không nhận nữa"),
                            ("failing", "Không gửi được trong ba ngày"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="lý do ngừng",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to="registry.partner",
                        verbose_name="đối tác",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhook",
                "ordering": ["partner__sort_key", "partner", "id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookProgress",
            fields=[
                (
                    "webhook",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="registry.webhook",
                    ),
                ),
                ("position", models.BigIntegerField()),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField()),
                ("lease", models.CharField(blank=True, max_length=32)),
                ("leased_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[("news", "Tin mới"), ("replay", "Gửi lại"), ("test", "Gửi thử")],
                        max_length=10,
                        verbose_name="gửi vì",
                    ),
                ),
                ("message", models.CharField(max_length=60, verbose_name="mã thông điệp")),
                ("announcement", models.BigIntegerField(null=True, verbose_name="thông báo số")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("took_ms", models.PositiveIntegerField(verbose_name="mất (ms)")),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="trạng thái HTTP")),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_public", "Tên miền trỏ tới địa chỉ không công khai"),
                            ("not_found", "Không tìm thấy tên miền"),
                            ("no_connection", "Không kết nối được"),
                            ("certificate", "Chứng chỉ TLS không hợp lệ"),
                            ("too_slow", "Quá thời gian chờ"),
                            ("broken", "Câu trả lời không phải HTTP hoặc bị cắt"),
                            ("redirected", "Bị chuyển hướng, không đi theo"),
                            ("refused", "Bên nhận từ chối"),
                            ("gone", "Bên nhận không nhận nữa (410)"),
                        ],
                        max_length=20,
                        verbose_name="kết quả",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="đầu câu trả lời")),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="registry.webhook",
                        verbose_name="webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần gửi webhook",
                "verbose_name_plural": "lần gửi webhook",
                "ordering": ["-id"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="WebhookReplay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.BigIntegerField(verbose_name="từ thông báo số")),
                ("last", models.BigIntegerField(verbose_name="đến thông báo số")),
                ("position", models.BigIntegerField()),
                ("asked_by", models.CharField(max_length=150, verbose_name="người yêu cầu")),
                ("asked_at", models.DateTimeField(verbose_name="yêu cầu lúc")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="xong lúc")),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replays",
                        to="registry.webhook",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slot", models.PositiveSmallIntegerField(verbose_name="số")),
                ("nonce", models.CharField(editable=False, max_length=64)),
                ("created_at", models.DateTimeField(editable=False, verbose_name="tạo lúc")),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="secrets",
                        to="registry.webhook",
                        verbose_name="của webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "bí mật của webhook",
                "verbose_name_plural": "bí mật của webhook",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name", ""), registry.models.conditions.SaysSomething("name"), _connector="OR"
                ),
                name="webhook_name_said",
                violation_error_code="text_blank",
                violation_error_message="Dùng ở đâu: chỉ có khoảng trắng. Hãy ghi nội dung hoặc để trống hẳn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__in",
                        [
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
                        ],
                    )
                ),
                name="webhook_scopes_known",
                violation_error_code="code_unknown",
                violation_error_message="Phạm vi: giá trị không có trong danh mục.",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stopped_at__isnull", True), ("stopped_because", "")),
                    models.Q(
                        ("stopped_at__isnull", False), ("stopped_because__in", ("staff", "gone", "failing"))
                    ),
                    _connector="OR",
                ),
                name="webhook_stop_whole",
                violation_error_code="webhook_stop_incomplete",
                violation_error_message="Một webhook đã ngừng cần có cả thời điểm và lý do ngừng.",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["webhook", "-id"], name="webhook_delivery_newest"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["at"], name="webhook_delivery_at"),
        ),
        migrations.AddIndex(
            model_name="webhookreplay",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", True)),
                fields=["webhook", "id"],
                name="webhook_replay_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookreplay",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__gte", 1), ("last__gte", models.F("first"))),
                name="webhook_replay_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhooksecret",
            constraint=models.UniqueConstraint(
                fields=("webhook", "slot"),
                name="webhook_secret_slot",
                violation_error_code="webhook_secret_taken",
                violation_error_message="Webhook đã có bí mật mang số này.",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhooksecret",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot__in", (1, 2))),
                name="webhook_two_secrets",
                violation_error_code="webhook_secrets_full",
                violation_error_message="Một webhook có nhiều nhất hai bí mật cùng dùng được.",
            ),
        ),
        migrations.RunPython(permit, forbid),
    ]
