from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, ReadingMixin, citations_of
from registry.admin.fields import ComposedForm
from registry.models import AdministrativeUnit, PlaceCode, PlaceSuccession


class PlaceCodeInline(ReadingMixin, admin.TabularInline):
    model = PlaceCode
    form = ComposedForm
    extra = 0
    verbose_name_plural = "mã chính thức theo thời gian"


class PlaceSuccessionInline(ReadingMixin, admin.TabularInline):
    model = PlaceSuccession
    form = ComposedForm
    fk_name = "unit"
    extra = 0
    autocomplete_fields = ("successor",)
    verbose_name_plural = "đơn vị kế thừa"


class StandingFilter(admin.SimpleListFilter):
    title = "còn hay đã hết"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("open", "Chưa có ngày hết"), ("ended", "Đã có ngày hết")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in ("open", "ended"):
            return queryset.filter(valid_to__isnull=self.value() == "open")
        return queryset


@admin.register(AdministrativeUnit)
class AdministrativeUnitAdmin(NamedAdmin):
    list_display = ("full_name", "unit_kind", "within", "valid_from", "valid_to")
    list_filter = ("unit_kind", StandingFilter)
    list_select_related = ("within",)
    autocomplete_fields = ("within",)
    inlines = (PlaceCodeInline, PlaceSuccessionInline, citations_of("place"))
    nothing_yet = "Chưa có đơn vị hành chính nào."
    fieldsets = (
        (None, {"fields": (("unit_kind", "name"), "within", ("valid_from", "valid_to"))}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AdministrativeUnit]:
        return super().get_queryset(request).select_related("within")

    def holds(self, word: str) -> Q:
        """A commune is also found by its district: `hong phong an duong`."""
        return Q(search_text__contains=word) | Q(within__search_text__contains=word)

    def option_label(self, row: AdministrativeUnit) -> str:
        within = f", {row.within}" if row.within else ""
        ended = f" (đến trước {row.valid_to:%d/%m/%Y})" if row.valid_to else ""
        return f"{row}{within}{ended}"

    @admin.display(description="tên", ordering="sort_key")
    def full_name(self, row: AdministrativeUnit) -> str:
        return str(row)
