from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import SubjectAdmin, citations_of
from registry.models import LegalInstrument


@admin.register(LegalInstrument)
class LegalInstrumentAdmin(SubjectAdmin):
    list_display = ("label", "title", "instrument_kind", "valid_from", "valid_to")
    list_filter = ("instrument_kind",)
    autocomplete_fields = ("issuer", "successor")
    ordering = ("sort_key", "id")
    inlines = (citations_of("legal_instrument"),)
    nothing_yet = "Chưa có căn cứ pháp lý nào: luật, nghị định, quy hoạch mà quyết định dựa vào."
    fieldsets = (
        (None, {"fields": ("number", "instrument_kind", "title", "issuer", "issued_on")}),
        ("Hiệu lực", {"fields": (("valid_from", "valid_to"), "successor")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalInstrument]:
        return super().get_queryset(request).select_related("issuer", "successor")

    def option_label(self, row: LegalInstrument) -> str:
        return f"{row.number} · {row.title}" if row.number and row.title else row.label

    @admin.display(description="số, ký hiệu hoặc tên gọi", ordering="sort_key")
    def label(self, row: LegalInstrument) -> str:
        return row.label
