from django.contrib import admin

from registry.admin.base import NamedAdmin, citations_of
from registry.models import Sector


@admin.register(Sector)
class SectorAdmin(NamedAdmin):
    list_display = ("name", "vsic_code", "vsic_year")
    inlines = (citations_of("sector"),)
    nothing_yet = "Chưa có ngành, nghề nào."
    fieldsets = (
        (None, {"fields": ("name", ("vsic_code", "vsic_year"))}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
