from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, citations_of
from registry.models import Authority


@admin.register(Authority)
class AuthorityAdmin(NamedAdmin):
    list_display = ("name", "level", "number_symbol", "place", "valid_to")
    list_filter = ("level",)
    list_select_related = ("place",)
    autocomplete_fields = ("place", "successor")
    inlines = (citations_of("authority"),)
    nothing_yet = "Chưa có cơ quan nào. Quyết định cần một cơ quan ban hành."
    fieldsets = (
        (None, {"fields": ("name", "level", "number_symbol", "place")}),
        (
            "Thời gian tồn tại",
            {"fields": (("valid_from", "valid_to"), "successor"), "classes": ("collapse",)},
        ),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Authority]:
        return super().get_queryset(request).select_related("place")

    def option_label(self, row: Authority) -> str:
        ended = f" (đến trước {row.valid_to:%d/%m/%Y})" if row.valid_to else ""
        return f"{row.name}{ended}"
