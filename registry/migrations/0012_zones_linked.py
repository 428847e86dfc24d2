"""Zones are linked with zones, and what a zone was on a day is a row with a number, which a citation can name."""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q

GROUPS = import_module("registry.migrations.0002_groups")


def number_statuses(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """By day, as they were listed and published until now: `rules.canonical` numbers what was published alike."""
    status = apps.get_model("registry", "ZoneStatus")
    last: dict[int, int] = {}
    for pk, zone in status.objects.order_by("zone_id", "as_of_latest", "pk").values_list("pk", "zone_id"):
        last[zone] = last.get(zone, 0) + 1
        if last[zone] > 1:
            status.objects.filter(pk=pk).update(position=last[zone])


def permit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    config = apps.get_app_config("registry")
    config.models_module = True  # type: ignore[assignment]
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = None
    group, own = apps.get_model("auth", "Group"), _own(apps)
    for clerks in group.objects.filter(name=GROUPS.CLERKS):
        clerks.permissions.add(*own)
    for approvers in group.objects.filter(name=GROUPS.APPROVERS):
        approvers.permissions.add(*own.filter(codename__startswith="view_"))


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name__in=[GROUPS.CLERKS, GROUPS.APPROVERS]):
        group.permissions.remove(*_own(apps))


def _own(apps: Apps) -> models.QuerySet[models.Model]:
    permission = apps.get_model("auth", "Permission")
    own = {"content_type__app_label": "registry", "content_type__model": "zonelink"}
    rows: models.QuerySet[models.Model] = permission.objects.filter(**own)
    return rows


def refuse_to_go_back(apps: Apps) -> None:
    """Asked before the first step back: an earlier release has no place for these rows."""
    said = {
        "Liên kết giữa các khu": apps.get_model("registry", "ZoneLink").objects.all(),
        "Trích nguồn mà bản trước không có trường hoặc dòng để ghi": apps.get_model(
            "registry", "Citation"
        ).objects.filter(
            Q(field__in=["linked_with", "definition", "extent"])
            | Q(zone__isnull=False, row_position__isnull=False)
        ),
        "Nội dung đã công bố theo cách ghi mới": apps.get_model("registry", "Statement").objects.filter(
            content_version__gt=2
        ),
    }
    found = [f"{what}: {count} bản ghi." for what, rows in said.items() if (count := rows.count())]
    if found:
        raise CommandError(
            "going_back_refused · Bản trước không giữ được: "
            + " ".join(found)
            + " Chưa có gì thay đổi. Muốn về bản "
            "trước, hãy dùng bản sao lưu có từ trước khi nâng cấp."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0011_ledger_checkpoints"),
    ]

    refuse_to_go_back = staticmethod(refuse_to_go_back)
    operations = [
        migrations.CreateModel(
            name="ZoneLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "liên kết của khu",
                "verbose_name_plural": "liên kết của khu",
                "ordering": ["id"],
            },
        ),
        migrations.AlterModelOptions(
            name="zonestatus",
            options={
                "ordering": ["position", "id"],
                "verbose_name": "tình trạng của khu",
                "verbose_name_plural": "tình trạng của khu",
            },
        ),
        migrations.RemoveConstraint(
            model_name="citation",
            name="citation_of_numbered_row",
        ),
        migrations.RemoveConstraint(
            model_name="citation",
            name="citation_field_known",
        ),
        migrations.AddField(
            model_name="zonestatus",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[
                    django.core.validators.MaxValueValidator(9999, "Các dòng được đánh số từ 1 đến 9999.")
                ],
                verbose_name="thứ tự",
            ),
        ),
        migrations.RunPython(number_statuses, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="citation",
            name="field",
            field=models.CharField(
                choices=[
                    ("name", "Tên"),
                    ("aliases", "Tên khác"),
                    ("number", "Số, ký hiệu"),
                    ("issuer", "Cơ quan ban hành"),
                    ("kind", "Loại"),
                    ("abstract", "Trích yếu"),
                    ("signer", "Người ký"),
                    ("recipients", "Nơi nhận"),
                    ("issued_on", "Ngày ký"),
                    ("effective_on", "Ngày hiệu lực"),
                    ("legal_basis", "Căn cứ pháp lý"),
                    ("relations", "Quan hệ với văn bản khác"),
                    ("cluster", "Cụm công nghiệp"),
                    ("clusters", "Các cụm công nghiệp"),
                    ("effect", "Tác động"),
                    ("legal_stage", "Giai đoạn pháp lý"),
                    ("area_ha", "Diện tích"),
                    ("developer", "Chủ đầu tư hạ tầng"),
                    ("places", "Địa điểm"),
                    ("sectors", "Ngành, nghề"),
                    ("operating_status", "Tình trạng hoạt động"),
                    ("industrial_land_ha", "Đất công nghiệp"),
                    ("leased_ha", "Đất đã cho thuê"),
                    ("occupancy", "Tỷ lệ lấp đầy"),
                    ("enterprise_code", "Mã số doanh nghiệp"),
                    ("level", "Cấp"),
                    ("official_code", "Mã chính thức"),
                    ("within", "Thuộc đơn vị"),
                    ("valid_from", "Có hiệu lực từ ngày"),
                    ("valid_to", "Hết hiệu lực từ ngày"),
                    ("successor", "Kế thừa, thay thế"),
                    ("title", "Tên gọi"),
                    ("published_on", "Ngày đăng"),
                    ("zone", "Khu"),
                    ("status", "Tình trạng"),
                    ("vsic_code", "Mã ngành VSIC"),
                    ("group", "Tập đoàn"),
                    ("registered_in", "Nước đăng ký"),
                    ("capital_from", "Nước có vốn"),
                    ("investor", "Nhà đầu tư"),
                    ("project_code", "Mã dự án"),
                    ("products", "Sản phẩm"),
                    ("land_area_ha", "Diện tích đất"),
                    ("amount", "Số tiền"),
                    ("measure", "Loại vốn"),
                    ("as_of", "Thời điểm"),
                    ("programme", "Giai đoạn thực hiện"),
                    ("unit", "Đơn vị tính"),
                    ("scope", "Phạm vi"),
                    ("value", "Giá trị"),
                    ("period", "Kỳ"),
                    ("years", "Số năm"),
                    ("rate_percent", "Mức (%)"),
                    ("asked_by", "Cơ quan giao, kiến nghị"),
                    ("lead", "Cơ quan chủ trì"),
                    ("cooperating", "Cơ quan phối hợp"),
                    ("task", "Nội dung"),
                    ("asked_on", "Ngày giao, kiến nghị"),
                    ("due_on", "Hạn"),
                    ("linked_with", "Liên kết với"),
                    ("definition", "Cách hiểu"),
                    ("extent", "Phần kế thừa"),
                ],
                max_length=60,
                verbose_name="trường",
            ),
        ),
        migrations.AddConstraint(
            model_name="citation",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("row_position__isnull", True),
                    ("decision__isnull", False),
                    ("investor__isnull", False),
                    ("project__isnull", False),
                    ("indicator__isnull", False),
                    ("incentive__isnull", False),
                    ("zone__isnull", False),
                    _connector="OR",
                ),
                name="citation_of_numbered_row",
                violation_error_code="citation_position",
                violation_error_message="Chỉ bản ghi có các dòng đánh số mới có trích nguồn cho một dòng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="citation",
            constraint=models.CheckConstraint(
                condition=Q(
                    (
                        "field__in",
                        [
                            "name",
                            "aliases",
                            "number",
                            "issuer",
                            "kind",
                            "abstract",
                            "signer",
                            "recipients",
                            "issued_on",
                            "effective_on",
                            "legal_basis",
                            "relations",
                            "cluster",
                            "clusters",
                            "effect",
                            "legal_stage",
                            "area_ha",
                            "developer",
                            "places",
                            "sectors",
                            "operating_status",
                            "industrial_land_ha",
                            "leased_ha",
                            "occupancy",
                            "enterprise_code",
                            "level",
                            "official_code",
                            "within",
                            "valid_from",
                            "valid_to",
                            "successor",
                            "title",
                            "published_on",
                            "zone",
                            "status",
                            "vsic_code",
                            "group",
                            "registered_in",
                            "capital_from",
                            "investor",
                            "project_code",
                            "products",
                            "land_area_ha",
                            "amount",
                            "measure",
                            "as_of",
                            "programme",
                            "unit",
                            "scope",
                            "value",
                            "period",
                            "years",
                            "rate_percent",
                            "asked_by",
                            "lead",
                            "cooperating",
                            "task",
                            "asked_on",
                            "due_on",
                            "linked_with",
                            "definition",
                            "extent",
                        ],
                    )
                ),
                name="citation_field_known",
                violation_error_code="code_unknown",
                violation_error_message="Trường: giá trị không có trong danh mục.",
            ),
        ),
        migrations.AddConstraint(
            model_name="zonestatus",
            constraint=models.UniqueConstraint(
                fields=("zone", "position"),
                name="zone_status_position_once",
                violation_error_code="status_position_taken",
                violation_error_message="Thứ tự này đã có ở tình trạng khác của khu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="zonestatus",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("position__isnull", True),
                    Q(("position__gte", 1), ("position__lte", 9999)),
                    _connector="OR",
                ),
                name="zone_status_counted",
                violation_error_code="status_position_out_of_range",
                violation_error_message="Tình trạng của khu được đánh số từ 1 đến 9999.",
            ),
        ),
        migrations.AddField(
            model_name="zonelink",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.zone",
                verbose_name="liên kết với",
            ),
        ),
        migrations.AddField(
            model_name="zonelink",
            name="zone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="link_rows",
                to="registry.zone",
                verbose_name="khu",
            ),
        ),
        migrations.AddField(
            model_name="zone",
            name="linked_with",
            field=models.ManyToManyField(
                blank=True,
                related_name="linked_from",
                through="registry.ZoneLink",
                through_fields=("zone", "other"),
                to="registry.zone",
                verbose_name="liên kết với",
            ),
        ),
        migrations.AddConstraint(
            model_name="zonelink",
            constraint=models.UniqueConstraint(
                fields=("zone", "other"),
                name="zone_link_once",
                violation_error_code="zone_link_taken",
                violation_error_message="Liên kết với khu này đã được ghi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="zonelink",
            constraint=models.CheckConstraint(
                condition=Q(("zone", F("other")), _negated=True),
                name="zone_link_another",
                violation_error_code="link_with_itself",
                violation_error_message="Một khu không liên kết với chính nó. Hãy chọn khu khác.",
            ),
        ),
        migrations.RunPython(permit, forbid),
    ]
