from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, citations_of
from registry.admin.capital import capital_of
from registry.admin.fields import AreaField, ComposedForm
from registry.models import Project
from registry.rules.quantities import Quantity, format_quantity


class LandAreaField(AreaField):
    columns = ("land_area_ha", "land_area_qualifier", "land_area_high_ha")

    def unpack(self, value: Quantity | None) -> dict[str, object]:
        return {f"land_{column}": found for column, found in super().unpack(value).items()}


class ProjectForm(ComposedForm):
    land_area = LandAreaField(label="Diện tích đất (ha)")

    class Meta:
        model = Project
        fields = "__all__"
        widgets = {"products": forms.Textarea({"rows": 3}), "note": forms.Textarea({"rows": 2})}


@admin.register(Project)
class ProjectAdmin(NamedAdmin):
    form = ProjectForm
    list_display = ("name", "investor", "location", "project_code")
    list_filter = (("zone", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("investor", "zone", "cluster")
    autocomplete_fields = ("investor", "zone", "cluster", "sectors")
    inlines = (capital_of("project"), citations_of("project"))
    nothing_yet = "Chưa có dự án đầu tư nào."
    fieldsets = (
        (None, {"fields": ("name", "investor", "project_code", ("zone", "cluster"))}),
        ("Nội dung", {"fields": ("products", "sectors", "land_area")}),
        ("Ghi chú nội bộ", {"fields": ("note",), "classes": ("collapse",)}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        return super().get_queryset(request).select_related("investor", "zone", "cluster")

    def option_label(self, row: Project) -> str:
        return f"{row.name} · {row.investor}"

    @admin.display(description="ở đâu", empty_value="—")
    def location(self, row: Project) -> str | None:
        place = row.zone or row.cluster
        return str(place) if place else None

    @admin.display(description="diện tích đất (ha)", empty_value="—")
    def land_area(self, row: Project) -> str | None:
        if row.land_area_ha is None:
            return None
        return format_quantity(Quantity(row.land_area_ha, row.land_area_qualifier, row.land_area_high_ha))
