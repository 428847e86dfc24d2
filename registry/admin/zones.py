from django.contrib import admin

from registry.admin.base import NamedAdmin, citations_of, shown_date
from registry.admin.fields import AreaField, ComposedForm, StatedDateField
from registry.models import Zone, ZoneStatus
from registry.rules.quantities import Quantity, format_quantity


class ZoneForm(ComposedForm):
    area = AreaField()


class ZoneStatusForm(ComposedForm):
    as_of = StatedDateField("as_of", label="Thời điểm", must_have_latest=True)


class ZoneStatusInline(admin.TabularInline):
    model = ZoneStatus
    form = ZoneStatusForm
    extra = 0
    fields = ("status", "as_of")
    as_of = shown_date("as_of", "thời điểm")


@admin.register(Zone)
class ZoneAdmin(NamedAdmin):
    form = ZoneForm
    list_display = ("name", "zone_kind", "area")
    list_filter = ("zone_kind",)
    autocomplete_fields = ("places", "sectors")
    inlines = (ZoneStatusInline, citations_of("zone"))
    nothing_yet = "Chưa có khu nào: khu công nghiệp, khu kinh tế, khu thương mại tự do, cảng."
    fieldsets = (
        (None, {"fields": ("name", "zone_kind", "area", "places", "sectors")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    @admin.display(description="diện tích (ha)", ordering="area_ha", empty_value="—")
    def area(self, row: Zone) -> str | None:
        if row.area_ha is None:
            return None
        return format_quantity(Quantity(row.area_ha, row.area_qualifier, row.area_high_ha))
