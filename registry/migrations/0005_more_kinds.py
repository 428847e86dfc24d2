"""Six more kinds of record, what investors say beside, and citations of any numbered row of a record."""

import datetime
from importlib import import_module
from itertools import combinations

import django.core.validators
import django.db.models.deletion
from django.apps.registry import Apps
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.models.conditions
import registry.models.fields
import registry.models.overlaps

OVERLAPS = import_module("registry.migrations.0003_editions_never_overlap")


def refuse_what_cannot_go_on(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the first release let in and this one does not, before anything is changed: its own release can still
    correct it. (Conditions that are NULL for a row let the row in.)
    """
    found = [*_codes_of_one_day(apps), *_effects_half_said(apps)]
    if found:
        raise CommandError(
            "upgrade_refused · "
            + " ".join(found)
            + " Chưa có gì thay đổi. Hãy chạy lại bản cũ (make run), sửa các "
            "chỗ này rồi nâng cấp."
        )


def _codes_of_one_day(apps: Apps) -> list[str]:
    rows = apps.get_model("registry", "PlaceCode").objects.order_by("official_code", "id")
    return [
        f"Mã chính thức {one.official_code} (đơn vị số {one.unit_id}) và {other.official_code} "
        f"(đơn vị số {other.unit_id}) trùng ngày."
        for one, other in combinations(rows, 2)
        if (one.official_code == other.official_code or one.unit_id == other.unit_id)
        and _before(one.valid_from, other.valid_to)
        and _before(other.valid_from, one.valid_to)
    ]


def _before(start: datetime.date | None, end: datetime.date | None) -> bool:
    return start is None or end is None or start < end


def _effects_half_said(apps: Apps) -> list[str]:
    rows = apps.get_model("registry", "Effect").objects.select_related("decision").order_by("id")
    uncorrecting = rows.filter(effect_code="corrected", target_relation__isnull=True)
    endless = rows.filter(area_qualifier="range", area_high_ha__isnull=True)
    return [
        *(
            f"Quyết định {row.decision.code}, tác động {row.position}: đính chính mà chưa chỉ tới tác động nào."
            for row in uncorrecting
        ),
        *(
            f"Quyết định {row.decision.code}, tác động {row.position}: khoảng diện tích thiếu số sau."
            for row in endless
        ),
    ]


def guard_investors(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite remakes a table that gets or loses columns, and the triggers of 0003 are gone."""
    if schema_editor.connection.vendor == "sqlite":
        for moment in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {OVERLAPS.table_of('investor')}_no_overlap_{moment}")
        OVERLAPS.hold_tables(schema_editor, ("investor",))


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_only_the_newest_publication_grows")]
    operations = [
        migrations.RunPython(refuse_what_cannot_go_on, guard_investors),
        migrations.CreateModel(
            name='AssignmentEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_id', models.BigIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('known_from', models.BigIntegerField()),
                ('known_to', models.BigIntegerField(default=9223372036854775807)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=())),
                ('search_text', models.TextField(blank=True)),
                ('etag', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
                ('assignment_kind', models.CharField(max_length=20)),
                ('asked_by_code', models.CharField(blank=True, max_length=60)),
                ('lead_code', models.CharField(blank=True, max_length=60)),
                ('due_on', models.DateField(default=datetime.date(1, 1, 1))),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['subject_id', 'valid_from'], name='assignmentedition_open'), models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['valid_from'], name='assignmentedition_due'), models.Index(fields=['sort_key', 'subject_id', 'valid_from', 'valid_to', 'known_from', 'known_to'], name='assignmentedition_list'), models.Index(fields=['code', 'known_from'], name='assignmentedition_code')],
                'constraints': [models.UniqueConstraint(fields=('subject_id', 'known_from', 'valid_from'), name='assignmentedition_rectangle'), models.CheckConstraint(condition=models.Q(('known_from__lt', models.F('known_to'))), name='assignmentedition_known'), models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_to'))), name='assignmentedition_valid')],
            },
        ),
        migrations.CreateModel(
            name='IncentiveEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_id', models.BigIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('known_from', models.BigIntegerField()),
                ('known_to', models.BigIntegerField(default=9223372036854775807)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=())),
                ('search_text', models.TextField(blank=True)),
                ('etag', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
                ('incentive_kind', models.CharField(max_length=30)),
                ('status', models.CharField(max_length=20)),
                ('in_force', models.BooleanField(default=True)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['subject_id', 'valid_from'], name='incentiveedition_open'), models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['valid_from'], name='incentiveedition_due'), models.Index(fields=['sort_key', 'subject_id', 'valid_from', 'valid_to', 'known_from', 'known_to'], name='incentiveedition_list'), models.Index(fields=['code', 'known_from'], name='incentiveedition_code')],
                'constraints': [models.UniqueConstraint(fields=('subject_id', 'known_from', 'valid_from'), name='incentiveedition_rectangle'), models.CheckConstraint(condition=models.Q(('known_from__lt', models.F('known_to'))), name='incentiveedition_known'), models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_to'))), name='incentiveedition_valid')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_id', models.BigIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('known_from', models.BigIntegerField()),
                ('known_to', models.BigIntegerField(default=9223372036854775807)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=())),
                ('search_text', models.TextField(blank=True)),
                ('etag', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['subject_id', 'valid_from'], name='indicatoredition_open'), models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['valid_from'], name='indicatoredition_due'), models.Index(fields=['sort_key', 'subject_id', 'valid_from', 'valid_to', 'known_from', 'known_to'], name='indicatoredition_list'), models.Index(fields=['code', 'known_from'], name='indicatoredition_code')],
                'constraints': [models.UniqueConstraint(fields=('subject_id', 'known_from', 'valid_from'), name='indicatoredition_rectangle'), models.CheckConstraint(condition=models.Q(('known_from__lt', models.F('known_to'))), name='indicatoredition_known'), models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_to'))), name='indicatoredition_valid')],
            },
        ),
        migrations.CreateModel(
            name='ProjectEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_id', models.BigIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('known_from', models.BigIntegerField()),
                ('known_to', models.BigIntegerField(default=9223372036854775807)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=())),
                ('search_text', models.TextField(blank=True)),
                ('etag', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
                ('investor_code', models.CharField(blank=True, max_length=60)),
                ('zone_code', models.CharField(blank=True, max_length=60)),
                ('cluster_code', models.CharField(blank=True, max_length=60)),
                ('capital_usd', models.BigIntegerField(default=0)),
                ('capital_vnd', models.BigIntegerField(default=0)),
                ('project_code', models.CharField(blank=True, max_length=10)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['subject_id', 'valid_from'], name='projectedition_open'), models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['valid_from'], name='projectedition_due'), models.Index(fields=['sort_key', 'subject_id', 'valid_from', 'valid_to', 'known_from', 'known_to'], name='projectedition_list'), models.Index(fields=['code', 'known_from'], name='projectedition_code')],
                'constraints': [models.UniqueConstraint(fields=('subject_id', 'known_from', 'valid_from'), name='projectedition_rectangle'), models.CheckConstraint(condition=models.Q(('known_from__lt', models.F('known_to'))), name='projectedition_known'), models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_to'))), name='projectedition_valid')],
            },
        ),
        migrations.CreateModel(
            name='Sector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(blank=True, error_messages={'unique': 'Mã này đã có bản ghi khác dùng. Hãy để trống để hệ thống đặt mã mới.'}, help_text='Do hệ thống đặt khi để trống; không đổi và không dùng lại.', max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.', 'code_malformed')], verbose_name='mã')),
                ('name', models.CharField(max_length=300, verbose_name='tên')),
                ('search_text', registry.models.fields.SearchTextField(blank=True, default='', editable=False, sources=('name', 'code'))),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=('name',))),
                ('vsic_code', models.CharField(blank=True, help_text='Để trống khi chưa biết.', max_length=6, validators=[django.core.validators.RegexValidator('^([A-V]|\\d{2,5})\\Z', 'Mã ngành VSIC là một chữ cái từ A đến V, hoặc 2 đến 5 chữ số.', 'vsic_malformed')], verbose_name='mã ngành VSIC')),
                ('vsic_year', models.PositiveSmallIntegerField(blank=True, help_text='Ví dụ 2018 hoặc 2025.', null=True, verbose_name='năm của hệ thống ngành')),
            ],
            options={
                'verbose_name': 'ngành, nghề',
                'verbose_name_plural': 'ngành, nghề',
                'ordering': ['sort_key', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(registry.models.conditions.IsCode('code')), name='sector_code_form', violation_error_code='code_malformed', violation_error_message='Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.'), models.CheckConstraint(condition=models.Q(registry.models.conditions.SaysSomething('name')), name='sector_named', violation_error_code='text_missing', violation_error_message='Tên: không được để trống.'), models.UniqueConstraint(condition=models.Q(('vsic_code', ''), _negated=True), fields=('vsic_code', 'vsic_year'), name='sector_vsic_once', violation_error_code='vsic_taken', violation_error_message='Mã ngành VSIC của năm này đã có ở một ngành khác.'), models.CheckConstraint(condition=models.Q(('vsic_code', ''), registry.models.conditions.IsVsicCode('vsic_code'), _connector='OR'), name='sector_vsic_form', violation_error_code='vsic_malformed', violation_error_message='Mã ngành VSIC là một chữ cái từ A đến V, hoặc 2 đến 5 chữ số.'), models.CheckConstraint(condition=models.Q(models.Q(('vsic_code', ''), ('vsic_year__isnull', True)), models.Q(models.Q(('vsic_code', ''), _negated=True), ('vsic_year__gte', 1993), ('vsic_year__isnull', False), ('vsic_year__lte', 2100)), _connector='OR'), name='sector_vsic_whole', violation_error_code='vsic_incomplete', violation_error_message='Mã ngành VSIC và năm của hệ thống ngành phải cùng có hoặc cùng để trống.')],
            },
        ),
        migrations.CreateModel(
            name='Incentive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(blank=True, error_messages={'unique': 'Mã này đã có bản ghi khác dùng. Hãy để trống để hệ thống đặt mã mới.'}, help_text='Do hệ thống đặt khi để trống; không đổi và không dùng lại.', max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.', 'code_malformed')], verbose_name='mã')),
                ('name', models.CharField(max_length=300, verbose_name='tên')),
                ('search_text', registry.models.fields.SearchTextField(blank=True, default='', editable=False, sources=('name', 'code'))),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=('name',))),
                ('incentive_kind', models.CharField(choices=[('corporate_income_tax', 'Thuế thu nhập doanh nghiệp'), ('import_duty', 'Thuế nhập khẩu'), ('land_rent', 'Tiền thuê đất'), ('credit', 'Tín dụng'), ('research', 'Nghiên cứu phát triển'), ('small_business', 'Doanh nghiệp nhỏ và vừa'), ('other', 'Khác')], max_length=30, verbose_name='loại ưu đãi')),
                ('status', models.CharField(choices=[('in_force', 'Đang áp dụng'), ('planned', 'Dự kiến')], default='in_force', max_length=20, verbose_name='tình trạng')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, help_text='Ngày đầu tiên không còn áp dụng.', null=True, verbose_name='đến trước ngày')),
                ('legal_basis', models.ManyToManyField(blank=True, help_text='Để trống khi tài liệu không nêu.', related_name='incentives', to='registry.legalinstrument', verbose_name='căn cứ pháp lý')),
                ('sectors', models.ManyToManyField(blank=True, related_name='incentives', to='registry.sector', verbose_name='ngành, nghề')),
            ],
            options={
                'verbose_name': 'ưu đãi',
                'verbose_name_plural': 'ưu đãi',
                'ordering': ['sort_key', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(registry.models.conditions.IsCode('code')), name='incentive_code_form', violation_error_code='code_malformed', violation_error_message='Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.'), models.CheckConstraint(condition=models.Q(registry.models.conditions.SaysSomething('name')), name='incentive_named', violation_error_code='text_missing', violation_error_message='Tên: không được để trống.'), models.CheckConstraint(condition=models.Q(('incentive_kind__in', ['corporate_income_tax', 'import_duty', 'land_rent', 'credit', 'research', 'small_business', 'other'])), name='incentive_kind_known', violation_error_code='code_unknown', violation_error_message='Loại ưu đãi: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('status__in', ['in_force', 'planned'])), name='incentive_status_known', violation_error_code='code_unknown', violation_error_message='Tình trạng: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='incentive_period', violation_error_code='period_out_of_order', violation_error_message='Ưu đãi: ngày hết phải sau ngày bắt đầu.'), models.CheckConstraint(condition=models.Q(models.Q(('valid_from__isnull', True), ('valid_from__lt', '9000-01-01'), _connector='OR'), models.Q(('valid_to__isnull', True), ('valid_to__lt', '9000-01-01'), _connector='OR')), name='incentive_dates', violation_error_code='date_out_of_range', violation_error_message='Năm của một ngày đã nhập quá lớn. Hãy kiểm tra lại.')],
            },
        ),
        migrations.CreateModel(
            name='IncentiveTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='thứ tự')),
                ('term_kind', models.CharField(choices=[('exemption', 'Miễn'), ('reduction', 'Giảm'), ('rate', 'Áp dụng mức'), ('support', 'Hỗ trợ')], max_length=20, verbose_name='hình thức')),
                ('years', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='số năm')),
                ('rate_percent', models.DecimalField(blank=True, decimal_places=4, help_text='Phần được giảm, hoặc thuế suất áp dụng.', max_digits=7, null=True, verbose_name='mức (%)')),
                ('incentive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='registry.incentive', verbose_name='ưu đãi')),
            ],
            options={
                'verbose_name': 'mức ưu đãi',
                'verbose_name_plural': 'mức ưu đãi',
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('incentive', 'position'), name='incentive_term_position_once', violation_error_code='term_position_taken', violation_error_message='Thứ tự này đã có ở mức khác của ưu đãi.'), models.CheckConstraint(condition=models.Q(('position__isnull', True), ('position__gte', 1), _connector='OR'), name='incentive_term_counted', violation_error_code='term_position_zero', violation_error_message='Mức ưu đãi được đánh số từ 1.'), models.CheckConstraint(condition=models.Q(('term_kind__in', ['exemption', 'reduction', 'rate', 'support'])), name='incentive_term_known', violation_error_code='code_unknown', violation_error_message='Hình thức: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('rate_percent__isnull', True), models.Q(('rate_percent__gte', 0), ('rate_percent__lte', 100)), _connector='OR'), name='incentive_rate', violation_error_code='percentage_out_of_range', violation_error_message='Mức phải từ 0 đến 100.'), models.CheckConstraint(condition=models.Q(('years__isnull', True), models.Q(('years__gt', 0), ('years__lte', 99)), _connector='OR'), name='incentive_years', violation_error_code='years_out_of_range', violation_error_message='Số năm phải từ 1 đến 99.'), models.CheckConstraint(condition=models.Q(models.Q(('rate_percent__isnull', False), ('term_kind', 'rate')), models.Q(('term_kind', 'reduction'), models.Q(('rate_percent__isnull', True), ('rate_percent__gt', 0), _connector='OR')), models.Q(models.Q(('term_kind__in', ['rate', 'reduction']), _negated=True), ('rate_percent__isnull', True)), _connector='OR'), name='incentive_term_whole', violation_error_code='term_rate_disagrees', violation_error_message='Thuế suất cần một mức phần trăm, phần được giảm phải lớn hơn 0; miễn và hỗ trợ không có mức.')],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(blank=True, error_messages={'unique': 'Mã này đã có bản ghi khác dùng. Hãy để trống để hệ thống đặt mã mới.'}, help_text='Do hệ thống đặt khi để trống; không đổi và không dùng lại.', max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.', 'code_malformed')], verbose_name='mã')),
                ('name', models.CharField(max_length=300, verbose_name='tên')),
                ('search_text', registry.models.fields.SearchTextField(blank=True, default='', editable=False, sources=('name', 'code'))),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=('name',))),
                ('unit', models.CharField(help_text='Ví dụ %, dự án, USD, USD/năm.', max_length=60, verbose_name='đơn vị tính')),
                ('definition', models.TextField(blank=True, help_text='Tính trên cái gì: hai tỷ lệ khác mẫu số là hai chỉ tiêu.', verbose_name='cách hiểu')),
                ('sectors', models.ManyToManyField(blank=True, related_name='indicators', to='registry.sector', verbose_name='ngành, nghề')),
            ],
            options={
                'verbose_name': 'chỉ tiêu',
                'verbose_name_plural': 'chỉ tiêu, số liệu',
                'ordering': ['sort_key', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(registry.models.conditions.IsCode('code')), name='indicator_code_form', violation_error_code='code_malformed', violation_error_message='Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.'), models.CheckConstraint(condition=models.Q(registry.models.conditions.SaysSomething('name')), name='indicator_named', violation_error_code='text_missing', violation_error_message='Tên: không được để trống.'), models.CheckConstraint(condition=models.Q(registry.models.conditions.SaysSomething('unit')), name='indicator_unit_stated', violation_error_code='text_missing', violation_error_message='Đơn vị tính: không được để trống.'), models.CheckConstraint(condition=models.Q(('definition', ''), registry.models.conditions.SaysSomething('definition'), _connector='OR'), name='indicator_definition_said', violation_error_code='text_blank', violation_error_message='Cách hiểu: chỉ có khoảng trắng. Hãy ghi nội dung hoặc để trống hẳn.')],
            },
        ),
        migrations.CreateModel(
            name='SectorEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_id', models.BigIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('known_from', models.BigIntegerField()),
                ('known_to', models.BigIntegerField(default=9223372036854775807)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=())),
                ('search_text', models.TextField(blank=True)),
                ('etag', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
                ('vsic_code', models.CharField(blank=True, max_length=6)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['subject_id', 'valid_from'], name='sectoredition_open'), models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['valid_from'], name='sectoredition_due'), models.Index(fields=['sort_key', 'subject_id', 'valid_from', 'valid_to', 'known_from', 'known_to'], name='sectoredition_list'), models.Index(fields=['code', 'known_from'], name='sectoredition_code')],
                'constraints': [models.UniqueConstraint(fields=('subject_id', 'known_from', 'valid_from'), name='sectoredition_rectangle'), models.CheckConstraint(condition=models.Q(('known_from__lt', models.F('known_to'))), name='sectoredition_known'), models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_to'))), name='sectoredition_valid')],
            },
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(blank=True, error_messages={'unique': 'Mã này đã có bản ghi khác dùng. Hãy để trống để hệ thống đặt mã mới.'}, help_text='Do hệ thống đặt khi để trống; không đổi và không dùng lại.', max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.', 'code_malformed')], verbose_name='mã')),
                ('name', models.CharField(max_length=300, verbose_name='tên')),
                ('search_text', registry.models.fields.SearchTextField(blank=True, default='', editable=False, sources=('name', 'code'))),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=('name',))),
                ('zone_kind', models.CharField(choices=[('industrial_park', 'Khu công nghiệp'), ('economic_zone', 'Khu kinh tế'), ('free_trade_zone', 'Khu thương mại tự do'), ('airport', 'Cảng hàng không'), ('seaport', 'Cảng biển')], max_length=30, verbose_name='loại')),
                ('area_ha', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True, verbose_name='diện tích (ha)')),
                ('area_high_ha', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True, verbose_name='đến (ha)')),
                ('area_qualifier', models.CharField(choices=[('exact', 'đúng'), ('about', 'khoảng'), ('over', 'trên'), ('nearly', 'gần'), ('up_to', 'tối đa'), ('range', 'từ … đến …')], default='exact', max_length=20, verbose_name='mức độ chính xác')),
                ('places', models.ManyToManyField(blank=True, help_text='Đơn vị hành chính như tài liệu ghi, kể cả đơn vị không còn.', related_name='zones', to='registry.administrativeunit', verbose_name='địa điểm')),
                ('sectors', models.ManyToManyField(blank=True, related_name='zones', to='registry.sector', verbose_name='ngành, nghề')),
            ],
            options={
                'verbose_name': 'khu',
                'verbose_name_plural': 'khu công nghiệp, khu kinh tế, cảng',
                'ordering': ['sort_key', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(registry.models.conditions.IsCode('code')), name='zone_code_form', violation_error_code='code_malformed', violation_error_message='Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.'), models.CheckConstraint(condition=models.Q(registry.models.conditions.SaysSomething('name')), name='zone_named', violation_error_code='text_missing', violation_error_message='Tên: không được để trống.'), models.CheckConstraint(condition=models.Q(('zone_kind__in', ['industrial_park', 'economic_zone', 'free_trade_zone', 'airport', 'seaport'])), name='zone_kind_known', violation_error_code='code_unknown', violation_error_message='Loại: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('area_qualifier__in', ['exact', 'about', 'over', 'nearly', 'up_to', 'range'])), name='zone_qualifier_known', violation_error_code='code_unknown', violation_error_message='Mức độ chính xác: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('area_ha__isnull', True), ('area_ha__gt', 0), _connector='OR'), name='zone_area_positive', violation_error_code='area_not_positive', violation_error_message='Diện tích phải lớn hơn 0.'), models.CheckConstraint(condition=models.Q(models.Q(('area_ha__isnull', False), ('area_high_ha__gt', models.F('area_ha')), ('area_high_ha__isnull', False), ('area_qualifier', 'range')), models.Q(models.Q(('area_qualifier', 'range'), _negated=True), ('area_high_ha__isnull', True)), _connector='OR'), name='zone_area_range', violation_error_code='range_incomplete', violation_error_message='Diện tích: một khoảng cần cả hai số, số sau lớn hơn; các mức độ khác chỉ có một số.')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(blank=True, error_messages={'unique': 'Mã này đã có bản ghi khác dùng. Hãy để trống để hệ thống đặt mã mới.'}, help_text='Do hệ thống đặt khi để trống; không đổi và không dùng lại.', max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.', 'code_malformed')], verbose_name='mã')),
                ('name', models.CharField(max_length=300, verbose_name='tên')),
                ('search_text', registry.models.fields.SearchTextField(blank=True, default='', editable=False, sources=('name', 'code'))),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=('name',))),
                ('assignment_kind', models.CharField(choices=[('task', 'Giao nhiệm vụ'), ('proposal', 'Kiến nghị')], max_length=20, verbose_name='loại')),
                ('task', models.TextField(help_text='Mỗi dòng một việc.', verbose_name='nội dung')),
                ('others', models.CharField(blank=True, help_text='Khi văn bản không nêu tên.', max_length=200, verbose_name='cơ quan phối hợp khác')),
                ('asked_earliest', models.DateField(blank=True, null=True, verbose_name='giao sớm nhất')),
                ('asked_latest', models.DateField(blank=True, null=True, verbose_name='giao muộn nhất')),
                ('asked_stated_as', models.CharField(blank=True, max_length=100, verbose_name='ngày giao như ghi')),
                ('due_earliest', models.DateField(blank=True, null=True, verbose_name='hạn, sớm nhất')),
                ('due_latest', models.DateField(blank=True, null=True, verbose_name='hạn, muộn nhất')),
                ('due_stated_as', models.CharField(blank=True, max_length=100, verbose_name='hạn như ghi')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_assignments', to='registry.authority', verbose_name='cơ quan giao, kiến nghị')),
                ('clusters', models.ManyToManyField(blank=True, related_name='assignments', to='registry.cluster', verbose_name='về các cụm công nghiệp')),
                ('cooperating', models.ManyToManyField(blank=True, related_name='joined_assignments', to='registry.authority', verbose_name='cơ quan phối hợp')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='registry.decision', verbose_name='văn bản giao')),
                ('lead', models.ForeignKey(blank=True, help_text='Cơ quan được giao, hoặc nhận kiến nghị.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='led_assignments', to='registry.authority', verbose_name='cơ quan chủ trì')),
                ('legal_basis', models.ManyToManyField(blank=True, related_name='assignments', to='registry.legalinstrument', verbose_name='căn cứ pháp lý')),
                ('sectors', models.ManyToManyField(blank=True, related_name='assignments', to='registry.sector', verbose_name='về các ngành, nghề')),
                ('zones', models.ManyToManyField(blank=True, related_name='assignments', to='registry.zone', verbose_name='về các khu')),
            ],
            options={
                'verbose_name': 'nhiệm vụ, kiến nghị',
                'verbose_name_plural': 'nhiệm vụ, kiến nghị',
                'ordering': ['sort_key', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(registry.models.conditions.IsCode('code')), name='assignment_code_form', violation_error_code='code_malformed', violation_error_message='Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.'), models.CheckConstraint(condition=models.Q(registry.models.conditions.SaysSomething('name')), name='assignment_named', violation_error_code='text_missing', violation_error_message='Tên: không được để trống.'), models.CheckConstraint(condition=models.Q(registry.models.conditions.SaysSomething('task')), name='assignment_told', violation_error_code='text_missing', violation_error_message='Nội dung: không được để trống.'), models.CheckConstraint(condition=models.Q(('assignment_kind__in', ['task', 'proposal'])), name='assignment_kind_known', violation_error_code='code_unknown', violation_error_message='Loại: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('asked_earliest__isnull', True), ('asked_latest__isnull', True), ('asked_latest__gte', models.F('asked_earliest')), _connector='OR'), name='assignment_asked_order', violation_error_code='date_range_reversed', violation_error_message='Ngày giao: ngày sớm nhất phải trước hoặc trùng ngày muộn nhất.'), models.CheckConstraint(condition=models.Q(('due_earliest__isnull', True), ('due_latest__isnull', True), ('due_latest__gte', models.F('due_earliest')), _connector='OR'), name='assignment_due_order', violation_error_code='date_range_reversed', violation_error_message='Hạn: ngày sớm nhất phải trước hoặc trùng ngày muộn nhất.'), models.CheckConstraint(condition=models.Q(models.Q(('asked_earliest__isnull', True), ('asked_earliest__lt', '9000-01-01'), _connector='OR'), models.Q(('asked_latest__isnull', True), ('asked_latest__lt', '9000-01-01'), _connector='OR'), models.Q(('due_earliest__isnull', True), ('due_earliest__lt', '9000-01-01'), _connector='OR'), models.Q(('due_latest__isnull', True), ('due_latest__lt', '9000-01-01'), _connector='OR')), name='assignment_dates', violation_error_code='date_out_of_range', violation_error_message='Năm của một ngày đã nhập quá lớn. Hãy kiểm tra lại.'), models.CheckConstraint(condition=models.Q(('due_latest__isnull', True), ('asked_earliest__isnull', True), ('due_latest__gte', models.F('asked_earliest')), _connector='OR'), name='assignment_due_after_asked', violation_error_code='due_before_asked', violation_error_message='Hạn không thể trước ngày giao. Hãy kiểm tra lại hai ngày.'), models.CheckConstraint(condition=models.Q(('others', ''), registry.models.conditions.SaysSomething('others'), _connector='OR'), name='assignment_others_said', violation_error_code='text_blank', violation_error_message='Cơ quan phối hợp khác: chỉ có khoảng trắng. Hãy ghi nội dung hoặc để trống hẳn.')],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(blank=True, error_messages={'unique': 'Mã này đã có bản ghi khác dùng. Hãy để trống để hệ thống đặt mã mới.'}, help_text='Do hệ thống đặt khi để trống; không đổi và không dùng lại.', max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.', 'code_malformed')], verbose_name='mã')),
                ('name', models.CharField(max_length=300, verbose_name='tên')),
                ('search_text', registry.models.fields.SearchTextField(blank=True, default='', editable=False, sources=('name', 'code'))),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=('name',))),
                ('project_code', models.CharField(blank=True, help_text='10 chữ số trên giấy chứng nhận đăng ký đầu tư; để trống khi chưa biết.', max_length=10, validators=[django.core.validators.RegexValidator('^\\d{10}\\Z', 'Mã số dự án gồm đúng 10 chữ số.', 'project_code_malformed')], verbose_name='mã số dự án')),
                ('products', models.TextField(blank=True, help_text='Mỗi dòng một sản phẩm.', verbose_name='sản phẩm')),
                ('land_area_ha', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True, verbose_name='diện tích đất (ha)')),
                ('land_area_high_ha', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True, verbose_name='đến (ha)')),
                ('land_area_qualifier', models.CharField(choices=[('exact', 'đúng'), ('about', 'khoảng'), ('over', 'trên'), ('nearly', 'gần'), ('up_to', 'tối đa'), ('range', 'từ … đến …')], default='exact', max_length=20, verbose_name='mức độ chính xác của diện tích')),
                ('note', models.TextField(blank=True, help_text='Không công bố.', verbose_name='ghi chú nội bộ')),
                ('cluster', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='registry.cluster', verbose_name='cụm công nghiệp')),
                ('investor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='registry.investor', verbose_name='nhà đầu tư')),
                ('sectors', models.ManyToManyField(blank=True, related_name='projects', to='registry.sector', verbose_name='ngành, nghề')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='registry.zone', verbose_name='khu')),
            ],
            options={
                'verbose_name': 'dự án đầu tư',
                'verbose_name_plural': 'dự án đầu tư',
                'ordering': ['sort_key', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(registry.models.conditions.IsCode('code')), name='project_code_form', violation_error_code='code_malformed', violation_error_message='Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.'), models.CheckConstraint(condition=models.Q(registry.models.conditions.SaysSomething('name')), name='project_named', violation_error_code='text_missing', violation_error_message='Tên: không được để trống.'), models.UniqueConstraint(condition=models.Q(('project_code', ''), _negated=True), fields=('project_code',), name='project_code_once', violation_error_code='project_code_taken', violation_error_message='Mã số dự án này đã có ở một dự án khác.'), models.CheckConstraint(condition=models.Q(('zone__isnull', True), ('cluster__isnull', True), _connector='OR'), name='project_in_one_location', violation_error_code='project_location', violation_error_message='Một dự án ở trong một khu hoặc trong một cụm, không phải cả hai.'), models.CheckConstraint(condition=models.Q(('land_area_qualifier__in', ['exact', 'about', 'over', 'nearly', 'up_to', 'range'])), name='project_qualifier_known', violation_error_code='code_unknown', violation_error_message='Mức độ chính xác: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('land_area_ha__isnull', True), ('land_area_ha__gt', 0), _connector='OR'), name='project_land_positive', violation_error_code='area_not_positive', violation_error_message='Diện tích đất phải lớn hơn 0.'), models.CheckConstraint(condition=models.Q(('products', ''), registry.models.conditions.SaysSomething('products'), _connector='OR'), name='project_products_said', violation_error_code='text_blank', violation_error_message='Sản phẩm: chỉ có khoảng trắng. Hãy ghi nội dung hoặc để trống hẳn.'), models.CheckConstraint(condition=models.Q(('project_code', ''), registry.models.conditions.IsProjectCode('project_code'), _connector='OR'), name='project_code_digits', violation_error_code='project_code_malformed', violation_error_message='Mã số dự án gồm đúng 10 chữ số.'), models.CheckConstraint(condition=models.Q(models.Q(('land_area_ha__isnull', False), ('land_area_high_ha__gt', models.F('land_area_ha')), ('land_area_high_ha__isnull', False), ('land_area_qualifier', 'range')), models.Q(models.Q(('land_area_qualifier', 'range'), _negated=True), ('land_area_high_ha__isnull', True)), _connector='OR'), name='project_land_range', violation_error_code='range_incomplete', violation_error_message='Diện tích đất: một khoảng cần cả hai số, số sau lớn hơn; các mức độ khác chỉ có một số.')],
            },
        ),
        migrations.CreateModel(
            name='CapitalEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='thứ tự')),
                ('capital_kind', models.CharField(choices=[('first_registration', 'Đăng ký lần đầu'), ('increase', 'Tăng vốn'), ('decrease', 'Giảm vốn'), ('correction', 'Đính chính'), ('reported_total', 'Tổng vốn được nêu')], default='reported_total', max_length=30, verbose_name='biến động')),
                ('measure', models.CharField(choices=[('registered', 'Vốn đăng ký'), ('implemented', 'Vốn thực hiện'), ('announced', 'Vốn công bố, nguồn không nói rõ loại'), ('group_total', 'Tổng vốn của tập đoàn')], max_length=20, verbose_name='loại vốn')),
                ('amount', models.BigIntegerField(help_text='Số nguyên của đơn vị tiền.', verbose_name='số tiền')),
                ('currency', models.CharField(choices=[('USD', 'Đô la Mỹ'), ('VND', 'Đồng')], default='USD', max_length=3, verbose_name='loại tiền')),
                ('amount_qualifier', models.CharField(choices=[('exact', 'đúng'), ('about', 'khoảng'), ('over', 'trên'), ('nearly', 'gần'), ('up_to', 'tối đa'), ('range', 'từ … đến …')], default='exact', max_length=20, verbose_name='mức độ chính xác')),
                ('as_of_earliest', models.DateField(blank=True, null=True, verbose_name='tính đến, sớm nhất')),
                ('as_of_latest', models.DateField(blank=True, null=True, verbose_name='tính đến, muộn nhất')),
                ('as_of_stated_as', models.CharField(blank=True, max_length=100, verbose_name='thời điểm như ghi')),
                ('programme_earliest', models.DateField(blank=True, null=True, verbose_name='giai đoạn, từ')),
                ('programme_latest', models.DateField(blank=True, null=True, verbose_name='giai đoạn, đến')),
                ('programme_stated_as', models.CharField(blank=True, max_length=100, verbose_name='giai đoạn như ghi')),
                ('note', models.TextField(blank=True, help_text='Không công bố.', verbose_name='ghi chú nội bộ')),
                ('investor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='capital_events', to='registry.investor', verbose_name='nhà đầu tư')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='capital_events', to='registry.project', verbose_name='dự án')),
            ],
            options={
                'verbose_name': 'biến động vốn',
                'verbose_name_plural': 'biến động vốn',
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('investor__isnull', True), ('project__isnull', False)), models.Q(('investor__isnull', False), ('project__isnull', True)), _connector='OR'), name='capital_of_one_record', violation_error_code='capital_owner', violation_error_message='Một biến động vốn thuộc về một dự án hoặc một nhà đầu tư.'), models.UniqueConstraint(fields=('investor', 'position'), name='capital_position_of_investor', violation_error_code='capital_position_taken', violation_error_message='Thứ tự này đã có ở biến động vốn khác.'), models.UniqueConstraint(fields=('project', 'position'), name='capital_position_of_project', violation_error_code='capital_position_taken', violation_error_message='Thứ tự này đã có ở biến động vốn khác.'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='capital_amount_positive', violation_error_code='amount_not_positive', violation_error_message='Số tiền phải lớn hơn 0.'), models.CheckConstraint(condition=models.Q(('amount_qualifier', 'range'), _negated=True), name='capital_amount_single', violation_error_code='amount_range', violation_error_message='Số vốn là một số, không phải một khoảng.'), models.CheckConstraint(condition=models.Q(('position__isnull', True), ('position__gte', 1), _connector='OR'), name='capital_position_counted', violation_error_code='capital_position_zero', violation_error_message='Biến động vốn được đánh số từ 1.'), models.CheckConstraint(condition=models.Q(('capital_kind__in', ['first_registration', 'increase', 'decrease', 'correction', 'reported_total'])), name='capital_kind_known', violation_error_code='code_unknown', violation_error_message='Biến động: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('measure__in', ['registered', 'implemented', 'announced', 'group_total'])), name='capital_measure_known', violation_error_code='code_unknown', violation_error_message='Loại vốn: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('currency__in', ['USD', 'VND'])), name='capital_currency_known', violation_error_code='code_unknown', violation_error_message='Loại tiền: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('amount_qualifier__in', ['exact', 'about', 'over', 'nearly', 'up_to', 'range'])), name='capital_qualifier_known', violation_error_code='code_unknown', violation_error_message='Mức độ chính xác: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('as_of_earliest__isnull', True), ('as_of_latest__isnull', True), ('as_of_latest__gte', models.F('as_of_earliest')), _connector='OR'), name='capital_as_of_order', violation_error_code='date_range_reversed', violation_error_message='Thời điểm: ngày sớm nhất phải trước hoặc trùng ngày muộn nhất.'), models.CheckConstraint(condition=models.Q(('programme_earliest__isnull', True), ('programme_latest__isnull', True), ('programme_latest__gte', models.F('programme_earliest')), _connector='OR'), name='capital_programme_order', violation_error_code='date_range_reversed', violation_error_message='Giai đoạn: ngày sớm nhất phải trước hoặc trùng ngày muộn nhất.'), models.CheckConstraint(condition=models.Q(models.Q(('as_of_earliest__isnull', True), ('as_of_earliest__lt', '9000-01-01'), _connector='OR'), models.Q(('as_of_latest__isnull', True), ('as_of_latest__lt', '9000-01-01'), _connector='OR'), models.Q(('programme_earliest__isnull', True), ('programme_earliest__lt', '9000-01-01'), _connector='OR'), models.Q(('programme_latest__isnull', True), ('programme_latest__lt', '9000-01-01'), _connector='OR')), name='capital_dates', violation_error_code='date_out_of_range', violation_error_message='Năm của một ngày đã nhập quá lớn. Hãy kiểm tra lại.'), models.CheckConstraint(condition=models.Q(models.Q(('measure', 'group_total'), _negated=True), ('investor__isnull', False), _connector='OR'), name='capital_group_total_of_investor', violation_error_code='group_total_of_project', violation_error_message='Tổng vốn của tập đoàn là của nhà đầu tư, không phải của một dự án.')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='thứ tự')),
                ('scope', models.CharField(choices=[('city', 'Toàn thành phố'), ('zones', 'Các khu công nghiệp, khu kinh tế'), ('clusters', 'Một nhóm cụm công nghiệp'), ('investor', 'Một nhà đầu tư'), ('project', 'Một dự án')], default='city', max_length=20, verbose_name='phạm vi')),
                ('value_kind', models.CharField(choices=[('actual', 'Thực tế'), ('target', 'Mục tiêu'), ('expected', 'Dự kiến')], default='actual', max_length=20, verbose_name='loại số liệu')),
                ('period_earliest', models.DateField(blank=True, null=True, verbose_name='kỳ, từ')),
                ('period_latest', models.DateField(blank=True, null=True, verbose_name='kỳ, đến')),
                ('period_stated_as', models.CharField(blank=True, max_length=100, verbose_name='kỳ như ghi')),
                ('value', models.DecimalField(decimal_places=4, max_digits=15, verbose_name='giá trị')),
                ('value_high', models.DecimalField(blank=True, decimal_places=4, help_text='Chỉ khi ghi một khoảng.', max_digits=15, null=True, verbose_name='đến')),
                ('value_qualifier', models.CharField(choices=[('exact', 'đúng'), ('about', 'khoảng'), ('over', 'trên'), ('nearly', 'gần'), ('up_to', 'tối đa'), ('range', 'từ … đến …')], default='exact', max_length=20, verbose_name='mức độ chính xác')),
                ('note', models.TextField(blank=True, help_text='Không công bố.', verbose_name='ghi chú nội bộ')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='registry.indicator', verbose_name='chỉ tiêu')),
                ('investor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='indicator_values', to='registry.investor', verbose_name='nhà đầu tư')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='indicator_values', to='registry.project', verbose_name='dự án')),
            ],
            options={
                'verbose_name': 'số liệu',
                'verbose_name_plural': 'số liệu',
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'position'), name='indicator_value_position_once', violation_error_code='value_position_taken', violation_error_message='Thứ tự này đã có ở số liệu khác của chỉ tiêu.'), models.CheckConstraint(condition=models.Q(('position__isnull', True), ('position__gte', 1), _connector='OR'), name='indicator_value_counted', violation_error_code='value_position_zero', violation_error_message='Số liệu được đánh số từ 1.'), models.CheckConstraint(condition=models.Q(('scope__in', ['city', 'zones', 'clusters', 'investor', 'project'])), name='indicator_scope_known', violation_error_code='code_unknown', violation_error_message='Phạm vi: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('value_kind__in', ['actual', 'target', 'expected'])), name='indicator_value_kind_known', violation_error_code='code_unknown', violation_error_message='Loại số liệu: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('value_qualifier__in', ['exact', 'about', 'over', 'nearly', 'up_to', 'range'])), name='indicator_qualifier_known', violation_error_code='code_unknown', violation_error_message='Mức độ chính xác: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('period_earliest__isnull', True), ('period_latest__isnull', True), ('period_latest__gte', models.F('period_earliest')), _connector='OR'), name='indicator_period_order', violation_error_code='date_range_reversed', violation_error_message='Kỳ: ngày sớm nhất phải trước hoặc trùng ngày muộn nhất.'), models.CheckConstraint(condition=models.Q(models.Q(('period_earliest__isnull', True), ('period_earliest__lt', '9000-01-01'), _connector='OR'), models.Q(('period_latest__isnull', True), ('period_latest__lt', '9000-01-01'), _connector='OR')), name='indicator_dates', violation_error_code='date_out_of_range', violation_error_message='Năm của một ngày đã nhập quá lớn. Hãy kiểm tra lại.'), models.CheckConstraint(condition=models.Q(models.Q(('scope', 'investor'), ('investor__isnull', False), ('project__isnull', True)), models.Q(('scope', 'project'), ('investor__isnull', True), ('project__isnull', False)), models.Q(models.Q(('scope__in', ['investor', 'project']), _negated=True), ('investor__isnull', True), ('project__isnull', True)), _connector='OR'), name='indicator_scope_whole', violation_error_code='scope_incomplete', violation_error_message='Phạm vi là một nhà đầu tư hoặc một dự án thì phải chọn đúng bản ghi đó, và chỉ khi đó.'), models.CheckConstraint(condition=models.Q(models.Q(('value__isnull', False), ('value_high__gt', models.F('value')), ('value_high__isnull', False), ('value_qualifier', 'range')), models.Q(models.Q(('value_qualifier', 'range'), _negated=True), ('value_high__isnull', True)), _connector='OR'), name='indicator_value_range', violation_error_code='range_incomplete', violation_error_message='Giá trị: một khoảng cần cả hai số, số sau lớn hơn; các mức độ khác chỉ có một số.')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValueCluster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.cluster', verbose_name='cụm công nghiệp')),
                ('indicator', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.indicator')),
                ('value', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cluster_rows', to='registry.indicatorvalue', verbose_name='số liệu')),
            ],
            options={
                'verbose_name': 'cụm của số liệu',
                'verbose_name_plural': 'cụm của số liệu',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('value', 'cluster'), name='indicator_cluster_once', violation_error_code='value_cluster_taken', violation_error_message='Cụm này đã được ghi.')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValueZone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.indicator')),
                ('value', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='zone_rows', to='registry.indicatorvalue', verbose_name='số liệu')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.zone', verbose_name='khu')),
            ],
            options={
                'verbose_name': 'khu của số liệu',
                'verbose_name_plural': 'khu của số liệu',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('value', 'zone'), name='indicator_zone_once', violation_error_code='value_zone_taken', violation_error_message='Khu này đã được ghi.')],
            },
        ),
        migrations.CreateModel(
            name='ZoneEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_id', models.BigIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('known_from', models.BigIntegerField()),
                ('known_to', models.BigIntegerField(default=9223372036854775807)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('sort_key', registry.models.fields.SortKeyField(blank=True, default='', editable=False, sources=())),
                ('search_text', models.TextField(blank=True)),
                ('etag', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
                ('zone_kind', models.CharField(max_length=30)),
                ('status', models.CharField(max_length=20)),
                ('area_ha', models.DecimalField(decimal_places=4, default=0, max_digits=12)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['subject_id', 'valid_from'], name='zoneedition_open'), models.Index(condition=models.Q(('known_to', 9223372036854775807)), fields=['valid_from'], name='zoneedition_due'), models.Index(fields=['sort_key', 'subject_id', 'valid_from', 'valid_to', 'known_from', 'known_to'], name='zoneedition_list'), models.Index(fields=['code', 'known_from'], name='zoneedition_code')],
                'constraints': [models.UniqueConstraint(fields=('subject_id', 'known_from', 'valid_from'), name='zoneedition_rectangle'), models.CheckConstraint(condition=models.Q(('known_from__lt', models.F('known_to'))), name='zoneedition_known'), models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_to'))), name='zoneedition_valid')],
            },
        ),
        migrations.CreateModel(
            name='ZoneStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('unknown', 'Chưa rõ'), ('planned', 'Dự kiến, đang quy hoạch'), ('existing', 'Đã có')], max_length=20, verbose_name='tình trạng')),
                ('as_of_earliest', models.DateField(blank=True, null=True, verbose_name='tính đến, sớm nhất')),
                ('as_of_latest', models.DateField(verbose_name='tính đến, muộn nhất')),
                ('as_of_stated_as', models.CharField(blank=True, max_length=100, verbose_name='thời điểm như ghi')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statuses', to='registry.zone', verbose_name='khu')),
            ],
            options={
                'verbose_name': 'tình trạng của khu',
                'verbose_name_plural': 'tình trạng của khu',
                'ordering': ['as_of_latest', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['unknown', 'planned', 'existing'])), name='zone_status_known', violation_error_code='code_unknown', violation_error_message='Tình trạng: giá trị không có trong danh mục.'), models.CheckConstraint(condition=models.Q(('as_of_earliest__isnull', True), ('as_of_latest__isnull', True), ('as_of_latest__gte', models.F('as_of_earliest')), _connector='OR'), name='zone_status_order', violation_error_code='date_range_reversed', violation_error_message='Thời điểm: ngày sớm nhất phải trước hoặc trùng ngày muộn nhất.'), models.CheckConstraint(condition=models.Q(models.Q(('as_of_earliest__isnull', True), ('as_of_earliest__lt', '9000-01-01'), _connector='OR'), models.Q(('as_of_latest__isnull', True), ('as_of_latest__lt', '9000-01-01'), _connector='OR')), name='zone_status_dates', violation_error_code='date_out_of_range', violation_error_message='Năm của một ngày đã nhập quá lớn. Hãy kiểm tra lại.'), models.UniqueConstraint(fields=('zone', 'as_of_latest'), name='zone_status_once_a_day', violation_error_code='zone_status_taken', violation_error_message='Khu này đã có tình trạng tính đến ngày đó. Hãy sửa dòng đã có.')],
            },
        ),
        migrations.AddField(
            model_name='indicatorvalue',
            name='clusters',
            field=models.ManyToManyField(blank=True, related_name='indicator_values', through='registry.IndicatorValueCluster', to='registry.cluster', verbose_name='các cụm công nghiệp'),
        ),
        migrations.AddField(
            model_name='indicatorvalue',
            name='zones',
            field=models.ManyToManyField(blank=True, related_name='indicator_values', through='registry.IndicatorValueZone', to='registry.zone', verbose_name='các khu'),
        ),
        migrations.RemoveConstraint(
            model_name='citation',
            name='citation_of_one_record',
        ),
        migrations.RemoveConstraint(
            model_name='citation',
            name='citation_effect_of_decision',
        ),
        migrations.RemoveConstraint(
            model_name='citation',
            name='citation_effect_counted',
        ),
        migrations.RemoveConstraint(
            model_name='citation',
            name='citation_field_known',
        ),
        migrations.RemoveConstraint(
            model_name='effect',
            name='effect_area_range',
        ),
        migrations.RemoveConstraint(
            model_name='effect',
            name='effect_correction_whole',
        ),
        migrations.RenameField(
            model_name='citation',
            old_name='effect_position',
            new_name='row_position',
        ),
        migrations.AlterField(
            model_name='citation',
            name='row_position',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Thứ tự của tác động, biến động vốn hay số liệu được trích; để trống khi trích cho chính bản ghi.', null=True, verbose_name='dòng số'),
        ),
        migrations.AlterField(
            model_name='citation',
            name='field',
            field=models.CharField(choices=[('name', 'Tên'), ('aliases', 'Tên khác'), ('number', 'Số, ký hiệu'), ('issuer', 'Cơ quan ban hành'), ('kind', 'Loại'), ('abstract', 'Trích yếu'), ('signer', 'Người ký'), ('recipients', 'Nơi nhận'), ('issued_on', 'Ngày ký'), ('effective_on', 'Ngày hiệu lực'), ('legal_basis', 'Căn cứ pháp lý'), ('relations', 'Quan hệ với văn bản khác'), ('cluster', 'Cụm công nghiệp'), ('clusters', 'Các cụm công nghiệp'), ('effect', 'Tác động'), ('legal_stage', 'Giai đoạn pháp lý'), ('area_ha', 'Diện tích'), ('developer', 'Chủ đầu tư hạ tầng'), ('places', 'Địa điểm'), ('sectors', 'Ngành, nghề'), ('operating_status', 'Tình trạng hoạt động'), ('industrial_land_ha', 'Đất công nghiệp'), ('leased_ha', 'Đất đã cho thuê'), ('occupancy', 'Tỷ lệ lấp đầy'), ('enterprise_code', 'Mã số doanh nghiệp'), ('level', 'Cấp'), ('official_code', 'Mã chính thức'), ('within', 'Thuộc đơn vị'), ('valid_from', 'Có hiệu lực từ ngày'), ('valid_to', 'Hết hiệu lực từ ngày'), ('successor', 'Kế thừa, thay thế'), ('title', 'Tên gọi'), ('published_on', 'Ngày đăng'), ('zone', 'Khu'), ('status', 'Tình trạng'), ('vsic_code', 'Mã ngành VSIC'), ('group', 'Tập đoàn'), ('registered_in', 'Nước đăng ký'), ('capital_from', 'Nước có vốn'), ('investor', 'Nhà đầu tư'), ('project_code', 'Mã dự án'), ('products', 'Sản phẩm'), ('land_area_ha', 'Diện tích đất'), ('amount', 'Số tiền'), ('measure', 'Loại vốn'), ('as_of', 'Thời điểm'), ('programme', 'Giai đoạn thực hiện'), ('unit', 'Đơn vị tính'), ('scope', 'Phạm vi'), ('value', 'Giá trị'), ('period', 'Kỳ'), ('years', 'Số năm'), ('rate_percent', 'Mức (%)'), ('asked_by', 'Cơ quan giao, kiến nghị'), ('lead', 'Cơ quan chủ trì'), ('cooperating', 'Cơ quan phối hợp'), ('task', 'Nội dung'), ('asked_on', 'Ngày giao, kiến nghị'), ('due_on', 'Hạn')], max_length=60, verbose_name='trường'),
        ),
        migrations.AlterField(
            model_name='effect',
            name='cluster',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='registry.cluster', verbose_name='cụm công nghiệp'),
        ),
        migrations.AddField(
            model_name='citation',
            name='assignment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='registry.assignment', verbose_name='nhiệm vụ, kiến nghị'),
        ),
        migrations.AddField(
            model_name='citation',
            name='incentive',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='registry.incentive', verbose_name='ưu đãi'),
        ),
        migrations.AddField(
            model_name='citation',
            name='indicator',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='registry.indicator', verbose_name='chỉ tiêu'),
        ),
        migrations.AddField(
            model_name='citation',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='registry.project', verbose_name='dự án'),
        ),
        migrations.AddField(
            model_name='citation',
            name='sector',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='registry.sector', verbose_name='ngành, nghề'),
        ),
        migrations.AddField(
            model_name='citation',
            name='zone',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='registry.zone', verbose_name='khu'),
        ),
        migrations.AddField(
            model_name='effect',
            name='zone',
            field=models.ForeignKey(blank=True, help_text='Thay cho cụm, khi văn bản nói về một khu.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='registry.zone', verbose_name='khu'),
        ),
        migrations.AddField(
            model_name='investor',
            name='capital_from',
            field=models.CharField(blank=True, choices=[('AD', 'Andorra'), ('AE', 'Các Tiểu Vương quốc Ả Rập Thống nhất'), ('AF', 'Afghanistan'), ('AG', 'Antigua và Barbuda'), ('AI', 'Anguilla'), ('AL', 'Albania'), ('AM', 'Armenia'), ('AO', 'Angola'), ('AQ', 'Nam Cực'), ('AR', 'Argentina'), ('AS', 'Samoa thuộc Mỹ'), ('AT', 'Áo'), ('AU', 'Australia'), ('AW', 'Aruba'), ('AX', 'Quần đảo Åland'), ('AZ', 'Azerbaijan'), ('BA', 'Bosnia và Herzegovina'), ('BB', 'Barbados'), ('BD', 'Bangladesh'), ('BE', 'Bỉ'), ('BF', 'Burkina Faso'), ('BG', 'Bulgaria'), ('BH', 'Bahrain'), ('BI', 'Burundi'), ('BJ', 'Benin'), ('BL', 'St. Barthélemy'), ('BM', 'Bermuda'), ('BN', 'Brunei'), ('BO', 'Bolivia'), ('BQ', 'Ca-ri-bê Hà Lan'), ('BR', 'Brazil'), ('BS', 'Bahamas'), ('BT', 'Bhutan'), ('BV', 'Đảo Bouvet'), ('BW', 'Botswana'), ('BY', 'Belarus'), ('BZ', 'Belize'), ('CA', 'Canada'), ('CC', 'Quần đảo Cocos (Keeling)'), ('CD', 'Congo - Kinshasa'), ('CF', 'Cộng hòa Trung Phi'), ('CG', 'Congo - Brazzaville'), ('CH', 'Thụy Sĩ'), ('CI', 'Côte d’Ivoire'), ('CK', 'Quần đảo Cook'), ('CL', 'Chile'), ('CM', 'Cameroon'), ('CN', 'Trung Quốc'), ('CO', 'Colombia'), ('CR', 'Costa Rica'), ('CU', 'Cuba'), ('CV', 'Cape Verde'), ('CW', 'Curaçao'), ('CX', 'Đảo Giáng Sinh'), ('CY', 'Síp'), ('CZ', 'Séc'), ('DE', 'Đức'), ('DJ', 'Djibouti'), ('DK', 'Đan Mạch'), ('DM', 'Dominica'), ('DO', 'Cộng hòa Dominica'), ('DZ', 'Algeria'), ('EC', 'Ecuador'), ('EE', 'Estonia'), ('EG', 'Ai Cập'), ('EH', 'Tây Sahara'), ('ER', 'Eritrea'), ('ES', 'Tây Ban Nha'), ('ET', 'Ethiopia'), ('FI', 'Phần Lan'), ('FJ', 'Fiji'), ('FK', 'Quần đảo Falkland'), ('FM', 'Micronesia'), ('FO', 'Quần đảo Faroe'), ('FR', 'Pháp'), ('GA', 'Gabon'), ('GB', 'Vương quốc Anh'), ('GD', 'Grenada'), ('GE', 'Georgia'), ('GF', 'Guiana thuộc Pháp'), ('GG', 'Guernsey'), ('GH', 'Ghana'), ('GI', 'Gibraltar'), ('GL', 'Greenland'), ('GM', 'Gambia'), ('GN', 'Guinea'), ('GP', 'Guadeloupe'), ('GQ', 'Guinea Xích Đạo'), ('GR', 'Hy Lạp'), ('GS', 'Nam Georgia & Quần đảo Nam Sandwich'), ('GT', 'Guatemala'), ('GU', 'Guam'), ('GW', 'Guinea-Bissau'), ('GY', 'Guyana'), ('HK', 'Đặc khu Hành chính Hồng Kông, Trung Quốc'), ('HM', 'Quần đảo Heard và McDonald'), ('HN', 'Honduras'), ('HR', 'Croatia'), ('HT', 'Haiti'), ('HU', 'Hungary'), ('ID', 'Indonesia'), ('IE', 'Ireland'), ('IL', 'Israel'), ('IM', 'Đảo Man'), ('IN', 'Ấn Độ'), ('IO', 'Lãnh thổ Ấn Độ Dương thuộc Anh'), ('IQ', 'Iraq'), ('IR', 'Iran'), ('IS', 'Iceland'), ('IT', 'Italy'), ('JE', 'Jersey'), ('JM', 'Jamaica'), ('JO', 'Jordan'), ('JP', 'Nhật Bản'), ('KE', 'Kenya'), ('KG', 'Kyrgyzstan'), ('KH', 'Campuchia'), ('KI', 'Kiribati'), ('KM', 'Comoros'), ('KN', 'St. Kitts và Nevis'), ('KP', 'Triều Tiên'), ('KR', 'Hàn Quốc'), ('KW', 'Kuwait'), ('KY', 'Quần đảo Cayman'), ('KZ', 'Kazakhstan'), ('LA', 'Lào'), ('LB', 'Li-băng'), ('LC', 'St. Lucia'), ('LI', 'Liechtenstein'), ('LK', 'Sri Lanka'), ('LR', 'Liberia'), ('LS', 'Lesotho'), ('LT', 'Litva'), ('LU', 'Luxembourg'), ('LV', 'Latvia'), ('LY', 'Libya'), ('MA', 'Ma-rốc'), ('MC', 'Monaco'), ('MD', 'Moldova'), ('ME', 'Montenegro'), ('MF', 'St. Martin'), ('MG', 'Madagascar'), ('MH', 'Quần đảo Marshall'), ('MK', 'Bắc Macedonia'), ('ML', 'Mali'), ('MM', 'Myanmar (Miến Điện)'), ('MN', 'Mông Cổ'), ('MO', 'Đặc khu Hành chính Macao, Trung Quốc'), ('MP', 'Quần đảo Bắc Mariana'), ('MQ', 'Martinique'), ('MR', 'Mauritania'), ('MS', 'Montserrat'), ('MT', 'Malta'), ('MU', 'Mauritius'), ('MV', 'Maldives'), ('MW', 'Malawi'), ('MX', 'Mexico'), ('MY', 'Malaysia'), ('MZ', 'Mozambique'), ('NA', 'Namibia'), ('NC', 'New Caledonia'), ('NE', 'Niger'), ('NF', 'Đảo Norfolk'), ('NG', 'Nigeria'), ('NI', 'Nicaragua'), ('NL', 'Hà Lan'), ('NO', 'Na Uy'), ('NP', 'Nepal'), ('NR', 'Nauru'), ('NU', 'Niue'), ('NZ', 'New Zealand'), ('OM', 'Oman'), ('PA', 'Panama'), ('PE', 'Peru'), ('PF', 'Polynesia thuộc Pháp'), ('PG', 'Papua New Guinea'), ('PH', 'Philippines'), ('PK', 'Pakistan'), ('PL', 'Ba Lan'), ('PM', 'Saint Pierre và Miquelon'), ('PN', 'Quần đảo Pitcairn'), ('PR', 'Puerto Rico'), ('PS', 'Lãnh thổ Palestine'), ('PT', 'Bồ Đào Nha'), ('PW', 'Palau'), ('PY', 'Paraguay'), ('QA', 'Qatar'), ('RE', 'Réunion'), ('RO', 'Romania'), ('RS', 'Serbia'), ('RU', 'Nga'), ('RW', 'Rwanda'), ('SA', 'Ả Rập Xê-út'), ('SB', 'Quần đảo Solomon'), ('SC', 'Seychelles'), ('SD', 'Sudan'), ('SE', 'Thụy Điển'), ('SG', 'Singapore'), ('SH', 'St. Helena'), ('SI', 'Slovenia'), ('SJ', 'Svalbard và Jan Mayen'), ('SK', 'Slovakia'), ('SL', 'Sierra Leone'), ('SM', 'San Marino'), ('SN', 'Senegal'), ('SO', 'Somalia'), ('SR', 'Suriname'), ('SS', 'Nam Sudan'), ('ST', 'São Tomé và Príncipe'), ('SV', 'El Salvador'), ('SX', 'Sint Maarten'), ('SY', 'Syria'), ('SZ', 'Eswatini'), ('TC', 'Quần đảo Turks và Caicos'), ('TD', 'Chad'), ('TF', 'Lãnh thổ phía Nam Thuộc Pháp'), ('TG', 'Togo'), ('TH', 'Thái Lan'), ('TJ', 'Tajikistan'), ('TK', 'Tokelau'), ('TL', 'Timor-Leste'), ('TM', 'Turkmenistan'), ('TN', 'Tunisia'), ('TO', 'Tonga'), ('TR', 'Thổ Nhĩ Kỳ'), ('TT', 'Trinidad và Tobago'), ('TV', 'Tuvalu'), ('TW', 'Đài Loan'), ('TZ', 'Tanzania'), ('UA', 'Ukraina'), ('UG', 'Uganda'), ('UM', 'Các tiểu đảo xa của Hoa Kỳ'), ('US', 'Hoa Kỳ'), ('UY', 'Uruguay'), ('UZ', 'Uzbekistan'), ('VA', 'Thành Vatican'), ('VC', 'St. Vincent và Grenadines'), ('VE', 'Venezuela'), ('VG', 'Quần đảo Virgin thuộc Anh'), ('VI', 'Quần đảo Virgin thuộc Hoa Kỳ'), ('VN', 'Việt Nam'), ('VU', 'Vanuatu'), ('WF', 'Wallis và Futuna'), ('WS', 'Samoa'), ('YE', 'Yemen'), ('YT', 'Mayotte'), ('ZA', 'Nam Phi'), ('ZM', 'Zambia'), ('ZW', 'Zimbabwe')], help_text='Vốn từ nước nào; để trống khi chưa rõ.', max_length=2, null=True, verbose_name='nước có vốn'),
        ),
        migrations.AddField(
            model_name='investor',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='registry.investor', verbose_name='thuộc tập đoàn'),
        ),
        migrations.AddField(
            model_name='investor',
            name='investor_kind',
            field=models.CharField(choices=[('enterprise', 'Doanh nghiệp'), ('group', 'Tập đoàn, nhóm doanh nghiệp')], default='enterprise', max_length=20, verbose_name='loại'),
        ),
        migrations.AddField(
            model_name='investor',
            name='registered_in',
            field=models.CharField(blank=True, choices=[('AD', 'Andorra'), ('AE', 'Các Tiểu Vương quốc Ả Rập Thống nhất'), ('AF', 'Afghanistan'), ('AG', 'Antigua và Barbuda'), ('AI', 'Anguilla'), ('AL', 'Albania'), ('AM', 'Armenia'), ('AO', 'Angola'), ('AQ', 'Nam Cực'), ('AR', 'Argentina'), ('AS', 'Samoa thuộc Mỹ'), ('AT', 'Áo'), ('AU', 'Australia'), ('AW', 'Aruba'), ('AX', 'Quần đảo Åland'), ('AZ', 'Azerbaijan'), ('BA', 'Bosnia và Herzegovina'), ('BB', 'Barbados'), ('BD', 'Bangladesh'), ('BE', 'Bỉ'), ('BF', 'Burkina Faso'), ('BG', 'Bulgaria'), ('BH', 'Bahrain'), ('BI', 'Burundi'), ('BJ', 'Benin'), ('BL', 'St. Barthélemy'), ('BM', 'Bermuda'), ('BN', 'Brunei'), ('BO', 'Bolivia'), ('BQ', 'Ca-ri-bê Hà Lan'), ('BR', 'Brazil'), ('BS', 'Bahamas'), ('BT', 'Bhutan'), ('BV', 'Đảo Bouvet'), ('BW', 'Botswana'), ('BY', 'Belarus'), ('BZ', 'Belize'), ('CA', 'Canada'), ('CC', 'Quần đảo Cocos (Keeling)'), ('CD', 'Congo - Kinshasa'), ('CF', 'Cộng hòa Trung Phi'), ('CG', 'Congo - Brazzaville'), ('CH', 'Thụy Sĩ'), ('CI', 'Côte d’Ivoire'), ('CK', 'Quần đảo Cook'), ('CL', 'Chile'), ('CM', 'Cameroon'), ('CN', 'Trung Quốc'), ('CO', 'Colombia'), ('CR', 'Costa Rica'), ('CU', 'Cuba'), ('CV', 'Cape Verde'), ('CW', 'Curaçao'), ('CX', 'Đảo Giáng Sinh'), ('CY', 'Síp'), ('CZ', 'Séc'), ('DE', 'Đức'), ('DJ', 'Djibouti'), ('DK', 'Đan Mạch'), ('DM', 'Dominica'), ('DO', 'Cộng hòa Dominica'), ('DZ', 'Algeria'), ('EC', 'Ecuador'), ('EE', 'Estonia'), ('EG', 'Ai Cập'), ('EH', 'Tây Sahara'), ('ER', 'Eritrea'), ('ES', 'Tây Ban Nha'), ('ET', 'Ethiopia'), ('FI', 'Phần Lan'), ('FJ', 'Fiji'), ('FK', 'Quần đảo Falkland'), ('FM', 'Micronesia'), ('FO', 'Quần đảo Faroe'), ('FR', 'Pháp'), ('GA', 'Gabon'), ('GB', 'Vương quốc Anh'), ('GD', 'Grenada'), ('GE', 'Georgia'), ('GF', 'Guiana thuộc Pháp'), ('GG', 'Guernsey'), ('GH', 'Ghana'), ('GI', 'Gibraltar'), ('GL', 'Greenland'), ('GM', 'Gambia'), ('GN', 'Guinea'), ('GP', 'Guadeloupe'), ('GQ', 'Guinea Xích Đạo'), ('GR', 'Hy Lạp'), ('GS', 'Nam Georgia & Quần đảo Nam Sandwich'), ('GT', 'Guatemala'), ('GU', 'Guam'), ('GW', 'Guinea-Bissau'), ('GY', 'Guyana'), ('HK', 'Đặc khu Hành chính Hồng Kông, Trung Quốc'), ('HM', 'Quần đảo Heard và McDonald'), ('HN', 'Honduras'), ('HR', 'Croatia'), ('HT', 'Haiti'), ('HU', 'Hungary'), ('ID', 'Indonesia'), ('IE', 'Ireland'), ('IL', 'Israel'), ('IM', 'Đảo Man'), ('IN', 'Ấn Độ'), ('IO', 'Lãnh thổ Ấn Độ Dương thuộc Anh'), ('IQ', 'Iraq'), ('IR', 'Iran'), ('IS', 'Iceland'), ('IT', 'Italy'), ('JE', 'Jersey'), ('JM', 'Jamaica'), ('JO', 'Jordan'), ('JP', 'Nhật Bản'), ('KE', 'Kenya'), ('KG', 'Kyrgyzstan'), ('KH', 'Campuchia'), ('KI', 'Kiribati'), ('KM', 'Comoros'), ('KN', 'St. Kitts và Nevis'), ('KP', 'Triều Tiên'), ('KR', 'Hàn Quốc'), ('KW', 'Kuwait'), ('KY', 'Quần đảo Cayman'), ('KZ', 'Kazakhstan'), ('LA', 'Lào'), ('LB', 'Li-băng'), ('LC', 'St. Lucia'), ('LI', 'Liechtenstein'), ('LK', 'Sri Lanka'), ('LR', 'Liberia'), ('LS', 'Lesotho'), ('LT', 'Litva'), ('LU', 'Luxembourg'), ('LV', 'Latvia'), ('LY', 'Libya'), ('MA', 'Ma-rốc'), ('MC', 'Monaco'), ('MD', 'Moldova'), ('ME', 'Montenegro'), ('MF', 'St. Martin'), ('MG', 'Madagascar'), ('MH', 'Quần đảo Marshall'), ('MK', 'Bắc Macedonia'), ('ML', 'Mali'), ('MM', 'Myanmar (Miến Điện)'), ('MN', 'Mông Cổ'), ('MO', 'Đặc khu Hành chính Macao, Trung Quốc'), ('MP', 'Quần đảo Bắc Mariana'), ('MQ', 'Martinique'), ('MR', 'Mauritania'), ('MS', 'Montserrat'), ('MT', 'Malta'), ('MU', 'Mauritius'), ('MV', 'Maldives'), ('MW', 'Malawi'), ('MX', 'Mexico'), ('MY', 'Malaysia'), ('MZ', 'Mozambique'), ('NA', 'Namibia'), ('NC', 'New Caledonia'), ('NE', 'Niger'), ('NF', 'Đảo Norfolk'), ('NG', 'Nigeria'), ('NI', 'Nicaragua'), ('NL', 'Hà Lan'), ('NO', 'Na Uy'), ('NP', 'Nepal'), ('NR', 'Nauru'), ('NU', 'Niue'), ('NZ', 'New Zealand'), ('OM', 'Oman'), ('PA', 'Panama'), ('PE', 'Peru'), ('PF', 'Polynesia thuộc Pháp'), ('PG', 'Papua New Guinea'), ('PH', 'Philippines'), ('PK', 'Pakistan'), ('PL', 'Ba Lan'), ('PM', 'Saint Pierre và Miquelon'), ('PN', 'Quần đảo Pitcairn'), ('PR', 'Puerto Rico'), ('PS', 'Lãnh thổ Palestine'), ('PT', 'Bồ Đào Nha'), ('PW', 'Palau'), ('PY', 'Paraguay'), ('QA', 'Qatar'), ('RE', 'Réunion'), ('RO', 'Romania'), ('RS', 'Serbia'), ('RU', 'Nga'), ('RW', 'Rwanda'), ('SA', 'Ả Rập Xê-út'), ('SB', 'Quần đảo Solomon'), ('SC', 'Seychelles'), ('SD', 'Sudan'), ('SE', 'Thụy Điển'), ('SG', 'Singapore'), ('SH', 'St. Helena'), ('SI', 'Slovenia'), ('SJ', 'Svalbard và Jan Mayen'), ('SK', 'Slovakia'), ('SL', 'Sierra Leone'), ('SM', 'San Marino'), ('SN', 'Senegal'), ('SO', 'Somalia'), ('SR', 'Suriname'), ('SS', 'Nam Sudan'), ('ST', 'São Tomé và Príncipe'), ('SV', 'El Salvador'), ('SX', 'Sint Maarten'), ('SY', 'Syria'), ('SZ', 'Eswatini'), ('TC', 'Quần đảo Turks và Caicos'), ('TD', 'Chad'), ('TF', 'Lãnh thổ phía Nam Thuộc Pháp'), ('TG', 'Togo'), ('TH', 'Thái Lan'), ('TJ', 'Tajikistan'), ('TK', 'Tokelau'), ('TL', 'Timor-Leste'), ('TM', 'Turkmenistan'), ('TN', 'Tunisia'), ('TO', 'Tonga'), ('TR', 'Thổ Nhĩ Kỳ'), ('TT', 'Trinidad và Tobago'), ('TV', 'Tuvalu'), ('TW', 'Đài Loan'), ('TZ', 'Tanzania'), ('UA', 'Ukraina'), ('UG', 'Uganda'), ('UM', 'Các tiểu đảo xa của Hoa Kỳ'), ('US', 'Hoa Kỳ'), ('UY', 'Uruguay'), ('UZ', 'Uzbekistan'), ('VA', 'Thành Vatican'), ('VC', 'St. Vincent và Grenadines'), ('VE', 'Venezuela'), ('VG', 'Quần đảo Virgin thuộc Anh'), ('VI', 'Quần đảo Virgin thuộc Hoa Kỳ'), ('VN', 'Việt Nam'), ('VU', 'Vanuatu'), ('WF', 'Wallis và Futuna'), ('WS', 'Samoa'), ('YE', 'Yemen'), ('YT', 'Mayotte'), ('ZA', 'Nam Phi'), ('ZM', 'Zambia'), ('ZW', 'Zimbabwe')], help_text='Nơi đăng ký doanh nghiệp; để trống khi chưa rõ.', max_length=2, null=True, verbose_name='nước đăng ký'),
        ),
        migrations.AddField(
            model_name='investoredition',
            name='capital_from',
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name='investoredition',
            name='group_code',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='investoredition',
            name='registered_in',
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name='investoredition',
            name='capital_usd',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='investoredition',
            name='capital_vnd',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='investoredition',
            name='investor_kind',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('row_position__isnull', True), ('row_position__gte', 1), _connector='OR'), name='citation_row_counted', violation_error_code='citation_position_zero', violation_error_message='Các dòng được đánh số từ 1.'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', False), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', False), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', False), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', False), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', False), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', False), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', False)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', False), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', False), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', False), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', True), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', False), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), models.Q(('assignment__isnull', False), ('authority__isnull', True), ('cluster__isnull', True), ('decision__isnull', True), ('incentive__isnull', True), ('indicator__isnull', True), ('investor__isnull', True), ('legal_instrument__isnull', True), ('place__isnull', True), ('project__isnull', True), ('sector__isnull', True), ('zone__isnull', True)), _connector='OR'), name='citation_of_one_record', violation_error_code='citation_owner', violation_error_message='Một trích nguồn thuộc về đúng một bản ghi.'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('row_position__isnull', True), ('decision__isnull', False), ('investor__isnull', False), ('project__isnull', False), ('indicator__isnull', False), ('incentive__isnull', False), _connector='OR'), name='citation_of_numbered_row', violation_error_code='citation_position', violation_error_message='Chỉ bản ghi có các dòng đánh số mới có trích nguồn cho một dòng.'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('field__in', ['name', 'aliases', 'number', 'issuer', 'kind', 'abstract', 'signer', 'recipients', 'issued_on', 'effective_on', 'legal_basis', 'relations', 'cluster', 'clusters', 'effect', 'legal_stage', 'area_ha', 'developer', 'places', 'sectors', 'operating_status', 'industrial_land_ha', 'leased_ha', 'occupancy', 'enterprise_code', 'level', 'official_code', 'within', 'valid_from', 'valid_to', 'successor', 'title', 'published_on', 'zone', 'status', 'vsic_code', 'group', 'registered_in', 'capital_from', 'investor', 'project_code', 'products', 'land_area_ha', 'amount', 'measure', 'as_of', 'programme', 'unit', 'scope', 'value', 'period', 'years', 'rate_percent', 'asked_by', 'lead', 'cooperating', 'task', 'asked_on', 'due_on'])), name='citation_field_known', violation_error_code='code_unknown', violation_error_message='Trường: giá trị không có trong danh mục.'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cluster__isnull', True), ('zone__isnull', False)), models.Q(('cluster__isnull', False), ('zone__isnull', True)), _connector='OR'), name='effect_on_one', violation_error_code='effect_object', violation_error_message='Hãy chọn cụm công nghiệp (hoặc khu) mà văn bản tác động tới, chỉ một.'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('area_ha__isnull', False), ('area_high_ha__gt', models.F('area_ha')), ('area_high_ha__isnull', False), ('area_qualifier', 'range')), models.Q(models.Q(('area_qualifier', 'range'), _negated=True), ('area_high_ha__isnull', True)), _connector='OR'), name='effect_area_range', violation_error_code='area_range_incomplete', violation_error_message='Một khoảng diện tích cần cả hai số, số sau lớn hơn; các mức độ khác chỉ có một số.'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.CheckConstraint(condition=models.Q(('effect_code__isnull', True), models.Q(('effect_code', 'corrected'), ('target_relation', 'corrects'), ('target_relation__isnull', False)), models.Q(models.Q(('effect_code', 'corrected'), _negated=True), models.Q(('target_relation__isnull', True), models.Q(('target_relation', 'corrects'), _negated=True), _connector='OR')), _connector='OR'), name='effect_correction_whole', violation_error_code='effect_correction_incomplete', violation_error_message='Đính chính phải chỉ tới tác động được đính chính, với quan hệ “đính chính”.'),
        ),
        migrations.AddConstraint(
            model_name='investor',
            constraint=models.CheckConstraint(condition=models.Q(('investor_kind__in', ['enterprise', 'group'])), name='investor_kind_known', violation_error_code='code_unknown', violation_error_message='Loại: giá trị không có trong danh mục.'),
        ),
        migrations.AddConstraint(
            model_name='investor',
            constraint=models.CheckConstraint(condition=models.Q(('registered_in__in', ['AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AQ', 'AR', 'AS', 'AT', 'AU', 'AW', 'AX', 'AZ', 'BA', 'BB', 'BD', 'BE', 'BF', 'BG', 'BH', 'BI', 'BJ', 'BL', 'BM', 'BN', 'BO', 'BQ', 'BR', 'BS', 'BT', 'BV', 'BW', 'BY', 'BZ', 'CA', 'CC', 'CD', 'CF', 'CG', 'CH', 'CI', 'CK', 'CL', 'CM', 'CN', 'CO', 'CR', 'CU', 'CV', 'CW', 'CX', 'CY', 'CZ', 'DE', 'DJ', 'DK', 'DM', 'DO', 'DZ', 'EC', 'EE', 'EG', 'EH', 'ER', 'ES', 'ET', 'FI', 'FJ', 'FK', 'FM', 'FO', 'FR', 'GA', 'GB', 'GD', 'GE', 'GF', 'GG', 'GH', 'GI', 'GL', 'GM', 'GN', 'GP', 'GQ', 'GR', 'GS', 'GT', 'GU', 'GW', 'GY', 'HK', 'HM', 'HN', 'HR', 'HT', 'HU', 'ID', 'IE', 'IL', 'IM', 'IN', 'IO', 'IQ', 'IR', 'IS', 'IT', 'JE', 'JM', 'JO', 'JP', 'KE', 'KG', 'KH', 'KI', 'KM', 'KN', 'KP', 'KR', 'KW', 'KY', 'KZ', 'LA', 'LB', 'LC', 'LI', 'LK', 'LR', 'LS', 'LT', 'LU', 'LV', 'LY', 'MA', 'MC', 'MD', 'ME', 'MF', 'MG', 'MH', 'MK', 'ML', 'MM', 'MN', 'MO', 'MP', 'MQ', 'MR', 'MS', 'MT', 'MU', 'MV', 'MW', 'MX', 'MY', 'MZ', 'NA', 'NC', 'NE', 'NF', 'NG', 'NI', 'NL', 'NO', 'NP', 'NR', 'NU', 'NZ', 'OM', 'PA', 'PE', 'PF', 'PG', 'PH', 'PK', 'PL', 'PM', 'PN', 'PR', 'PS', 'PT', 'PW', 'PY', 'QA', 'RE', 'RO', 'RS', 'RU', 'RW', 'SA', 'SB', 'SC', 'SD', 'SE', 'SG', 'SH', 'SI', 'SJ', 'SK', 'SL', 'SM', 'SN', 'SO', 'SR', 'SS', 'ST', 'SV', 'SX', 'SY', 'SZ', 'TC', 'TD', 'TF', 'TG', 'TH', 'TJ', 'TK', 'TL', 'TM', 'TN', 'TO', 'TR', 'TT', 'TV', 'TW', 'TZ', 'UA', 'UG', 'UM', 'US', 'UY', 'UZ', 'VA', 'VC', 'VE', 'VG', 'VI', 'VN', 'VU', 'WF', 'WS', 'YE', 'YT', 'ZA', 'ZM', 'ZW']), ('registered_in__isnull', True), _connector='OR'), name='investor_registered_in_known', violation_error_code='code_unknown', violation_error_message='Nước đăng ký: giá trị không có trong danh mục.'),
        ),
        migrations.AddConstraint(
            model_name='investor',
            constraint=models.CheckConstraint(condition=models.Q(('capital_from__in', ['AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AQ', 'AR', 'AS', 'AT', 'AU', 'AW', 'AX', 'AZ', 'BA', 'BB', 'BD', 'BE', 'BF', 'BG', 'BH', 'BI', 'BJ', 'BL', 'BM', 'BN', 'BO', 'BQ', 'BR', 'BS', 'BT', 'BV', 'BW', 'BY', 'BZ', 'CA', 'CC', 'CD', 'CF', 'CG', 'CH', 'CI', 'CK', 'CL', 'CM', 'CN', 'CO', 'CR', 'CU', 'CV', 'CW', 'CX', 'CY', 'CZ', 'DE', 'DJ', 'DK', 'DM', 'DO', 'DZ', 'EC', 'EE', 'EG', 'EH', 'ER', 'ES', 'ET', 'FI', 'FJ', 'FK', 'FM', 'FO', 'FR', 'GA', 'GB', 'GD', 'GE', 'GF', 'GG', 'GH', 'GI', 'GL', 'GM', 'GN', 'GP', 'GQ', 'GR', 'GS', 'GT', 'GU', 'GW', 'GY', 'HK', 'HM', 'HN', 'HR', 'HT', 'HU', 'ID', 'IE', 'IL', 'IM', 'IN', 'IO', 'IQ', 'IR', 'IS', 'IT', 'JE', 'JM', 'JO', 'JP', 'KE', 'KG', 'KH', 'KI', 'KM', 'KN', 'KP', 'KR', 'KW', 'KY', 'KZ', 'LA', 'LB', 'LC', 'LI', 'LK', 'LR', 'LS', 'LT', 'LU', 'LV', 'LY', 'MA', 'MC', 'MD', 'ME', 'MF', 'MG', 'MH', 'MK', 'ML', 'MM', 'MN', 'MO', 'MP', 'MQ', 'MR', 'MS', 'MT', 'MU', 'MV', 'MW', 'MX', 'MY', 'MZ', 'NA', 'NC', 'NE', 'NF', 'NG', 'NI', 'NL', 'NO', 'NP', 'NR', 'NU', 'NZ', 'OM', 'PA', 'PE', 'PF', 'PG', 'PH', 'PK', 'PL', 'PM', 'PN', 'PR', 'PS', 'PT', 'PW', 'PY', 'QA', 'RE', 'RO', 'RS', 'RU', 'RW', 'SA', 'SB', 'SC', 'SD', 'SE', 'SG', 'SH', 'SI', 'SJ', 'SK', 'SL', 'SM', 'SN', 'SO', 'SR', 'SS', 'ST', 'SV', 'SX', 'SY', 'SZ', 'TC', 'TD', 'TF', 'TG', 'TH', 'TJ', 'TK', 'TL', 'TM', 'TN', 'TO', 'TR', 'TT', 'TV', 'TW', 'TZ', 'UA', 'UG', 'UM', 'US', 'UY', 'UZ', 'VA', 'VC', 'VE', 'VG', 'VI', 'VN', 'VU', 'WF', 'WS', 'YE', 'YT', 'ZA', 'ZM', 'ZW']), ('capital_from__isnull', True), _connector='OR'), name='investor_capital_from_known', violation_error_code='code_unknown', violation_error_message='Nước có vốn: giá trị không có trong danh mục.'),
        ),
        migrations.AddConstraint(
            model_name='investor',
            constraint=models.CheckConstraint(condition=models.Q(('group__isnull', True), models.Q(('group', models.F('id')), _negated=True), _connector='OR'), name='investor_group_another', violation_error_code='group_of_itself', violation_error_message='Một nhà đầu tư không thuộc về chính nó.'),
        ),
        migrations.AddConstraint(
            model_name='placecode',
            constraint=registry.models.overlaps.NeverTwiceAtOnce(end='valid_to', equal='official_code', name='place_code_of_one_unit', start='valid_from', violation_error_code='place_code_taken', violation_error_message='Trong cùng một ngày, một mã chính thức chỉ là của một đơn vị: đã có %(other)s. Hãy sửa ngày của một trong hai.'),
        ),
        migrations.AddConstraint(
            model_name='placecode',
            constraint=registry.models.overlaps.NeverTwiceAtOnce(end='valid_to', equal='unit', name='place_code_one_at_once', start='valid_from', violation_error_code='place_code_twice', violation_error_message='Trong cùng một ngày, một đơn vị chỉ có một mã chính thức: đã có %(other)s. Hãy sửa ngày của một trong hai.'),
        ),
        migrations.RunPython(guard_investors, migrations.RunPython.noop),
    ]
