from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, citations_of, shown_quantity
from registry.admin.capital import capital_lines, capital_of
from registry.admin.fields import AreaField, ComposedForm
from registry.models import Project
from registry.rules.quantities import Quantity


class LandAreaField(AreaField):
    columns = ("land_area_ha", "land_area_qualifier", "land_area_high_ha")

    def unpack(self, value: Quantity | None) -> dict[str, object]:
        return {f"land_{column}": found for column, found in super().unpack(value).items()}


class ProjectForm(ComposedForm):
    refused_at = {
        "project_location": "cluster",
        "project_code_taken": "project_code",
        "project_code_malformed": "project_code",
    }
    land_area = LandAreaField(label="Diện tích đất (ha)")

    class Meta:
        model = Project
        fields = "__all__"
        widgets = {"products": forms.Textarea({"rows": 3}), "note": forms.Textarea({"rows": 2})}


@admin.register(Project)
class ProjectAdmin(NamedAdmin):
    form = ProjectForm
    list_display = ("name", "investor_name", "location", "capital", "project_code")
    list_filter = (
        ("zone", admin.RelatedOnlyFieldListFilter),
        ("cluster", admin.RelatedOnlyFieldListFilter),
        ("sectors", admin.RelatedOnlyFieldListFilter),
    )
    autocomplete_fields = ("investor", "zone", "cluster", "sectors")
    inlines = (capital_of("project"), citations_of("project"))
    empty_value_display = "—"
    nothing_yet = "Chưa có dự án đầu tư nào."
    fieldsets = (
        (None, {"fields": ("name", "investor", "project_code")}),
        (
            "Ở đâu",
            {
                "fields": ("zone", "cluster"),
                "description": "Chọn khu hoặc cụm, không chọn cả hai; tài liệu không nói thì để trống.",
            },
        ),
        ("Nội dung", {"fields": ("products", "sectors", "land_area")}),
        ("Ghi chú nội bộ", {"fields": ("note",), "classes": ("collapse",)}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
    land_area = shown_quantity("land_area_ha", "diện tích đất (ha)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        rows = super().get_queryset(request).select_related("investor", "zone", "cluster")
        return rows.prefetch_related("capital_events")

    def option_rows(self, rows: QuerySet[Project]) -> QuerySet[Project]:
        return rows.select_related("investor", "zone", "cluster")

    def holds(self, word: str) -> Q:
        """A project is also found by who invests and where."""
        found = super().holds(word) | Q(project_code__startswith=word)
        for other in ("investor", "zone", "cluster"):
            found |= Q(**{f"{other}__search_text__contains": word})
        return found

    def option_label(self, row: Project) -> str:
        place = row.zone or row.cluster
        return " · ".join(map(str, filter(None, (row.name, row.investor, place))))

    @admin.display(description="nhà đầu tư", ordering="investor__sort_key")
    def investor_name(self, row: Project) -> str:
        return row.investor.name

    @admin.display(description="ở đâu")
    def location(self, row: Project) -> str | None:
        place = row.zone or row.cluster
        return str(place) if place else None

    @admin.display(description="vốn như các nguồn nêu")
    def capital(self, row: Any) -> str | None:
        return capital_lines(row.capital_events.all())
