from django.contrib import admin

from registry.admin.base import NamedAdmin, ReadingMixin, citations_of
from registry.admin.capital import NumberedForm, NumberedFormSet
from registry.models import Incentive, IncentiveTerm


class IncentiveTermInline(ReadingMixin, admin.TabularInline):
    model = IncentiveTerm
    form = NumberedForm
    formset = NumberedFormSet
    extra = 0
    fields = ("position", "term_kind", "years", "rate_percent")


@admin.register(Incentive)
class IncentiveAdmin(NamedAdmin):
    list_display = ("name", "incentive_kind", "status", "valid_from", "valid_to")
    list_filter = ("incentive_kind", "status")
    autocomplete_fields = ("sectors", "legal_basis")
    inlines = (IncentiveTermInline, citations_of("incentive"))
    nothing_yet = "Chưa có ưu đãi nào."
    fieldsets = (
        (None, {"fields": ("name", ("incentive_kind", "status"), "sectors", "legal_basis")}),
        ("Thời gian áp dụng", {"fields": (("valid_from", "valid_to"),)}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
