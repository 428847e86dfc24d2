from django.contrib import admin

from registry.admin.base import NamedAdmin, citations_of
from registry.models import Investor


@admin.register(Investor)
class InvestorAdmin(NamedAdmin):
    list_display = ("name", "enterprise_code")
    inlines = (citations_of("investor"),)
    nothing_yet = "Chưa có nhà đầu tư nào. Thêm ở đây, hoặc ngay khi nhập quyết định."
    fieldsets = (
        (None, {"fields": ("name", "enterprise_code")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def option_label(self, row: Investor) -> str:
        return f"{row.name} ({row.enterprise_code})" if row.enterprise_code else row.name
