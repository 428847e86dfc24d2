from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, citations_of
from registry.admin.fields import ComposedForm
from registry.models import Sector


class SectorForm(ComposedForm):
    refused_at = {"vsic_malformed": "vsic_code", "vsic_taken": "vsic_code", "vsic_incomplete": "vsic_year"}


@admin.register(Sector)
class SectorAdmin(NamedAdmin):
    form = SectorForm
    list_display = ("name", "vsic")
    list_filter = (("vsic_year", admin.AllValuesFieldListFilter),)
    inlines = (citations_of("sector"),)
    nothing_yet = "Chưa có ngành, nghề nào: những ngành mà cụm, khu, dự án và ưu đãi dành cho."
    fieldsets = (
        (None, {"fields": ("name", ("vsic_code", "vsic_year"))}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Sector | None = None) -> Any:
        """Django writes a number that is only read with dots, and `2.018` is no year."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        return ((None, {"fields": ("name", ("vsic_code", "year"))}), self.fieldsets[1])

    def holds(self, word: str) -> Q:
        """Also found by the beginning of its VSIC code: `26` finds 2620."""
        return super().holds(word) | Q(vsic_code__istartswith=word)

    def option_label(self, row: Sector) -> str:
        return f"{row.name} · VSIC {row.vsic_code} ({row.vsic_year})" if row.vsic_code else row.name

    @admin.display(description="năm của hệ thống ngành", empty_value="—")
    def year(self, row: Sector) -> str | None:
        return str(row.vsic_year) if row.vsic_year else None

    @admin.display(description="mã ngành VSIC (năm)", ordering="vsic_code", empty_value="—")
    def vsic(self, row: Sector) -> str | None:
        return f"{row.vsic_code} ({row.vsic_year})" if row.vsic_code else None
