from django.contrib import admin

from registry.admin.base import NamedAdmin, citations_of
from registry.admin.capital import capital_of
from registry.models import Investor


@admin.register(Investor)
class InvestorAdmin(NamedAdmin):
    list_display = ("name", "investor_kind", "group", "capital_from", "enterprise_code")
    list_filter = ("investor_kind", "capital_from")
    list_select_related = ("group",)
    autocomplete_fields = ("group",)
    inlines = (capital_of("investor"), citations_of("investor"))
    nothing_yet = "Chưa có nhà đầu tư nào. Thêm ở đây, hoặc ngay khi nhập quyết định."
    fieldsets = (
        (None, {"fields": ("name", "investor_kind", "enterprise_code", "group")}),
        ("Nước", {"fields": (("registered_in", "capital_from"),)}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def option_label(self, row: Investor) -> str:
        return f"{row.name} ({row.enterprise_code})" if row.enterprise_code else row.name
