from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpRequest
from django.utils.safestring import SafeString

from registry.admin.base import NamedAdmin, citations_of, linked
from registry.admin.capital import capital_lines, capital_of
from registry.admin.fields import ComposedForm
from registry.models import Investor
from registry.rules import codes
from registry.rules.text import sort_key

#: As people look for them: by name, not by code.
COUNTRIES = sorted(codes.COUNTRY.choices, key=lambda choice: sort_key(choice[1]))


class CountryFilter(admin.SimpleListFilter):
    """Only the countries that somebody's capital comes from."""

    title = "nước có vốn"
    parameter_name = "capital_from"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        found = Investor.objects.exclude(capital_from=None).order_by().values_list("capital_from", flat=True)
        held = set(found.distinct())
        known = [(code, name) for code, name in COUNTRIES if code in held]
        return [*known, ("none", "Chưa rõ")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Investor]) -> QuerySet[Investor]:
        value = self.value()
        if value == "none":
            return queryset.filter(capital_from=None)
        return queryset.filter(capital_from=value) if value in codes.COUNTRY else queryset


class InvestorForm(ComposedForm):
    refused_at = {"enterprise_code_taken": "enterprise_code"}


@admin.register(Investor)
class InvestorAdmin(NamedAdmin):
    form = InvestorForm
    list_display = ("name", "group_name", "country", "capital", "enterprise")
    list_filter = ("investor_kind", CountryFilter, ("group", admin.RelatedOnlyFieldListFilter))
    autocomplete_fields = ("group",)
    readonly_fields = ("members", "projects")
    inlines = (capital_of("investor"), citations_of("investor"))
    empty_value_display = "—"
    nothing_yet = "Chưa có nhà đầu tư nào. Thêm ở đây, hoặc ngay khi nhập quyết định."
    new_fieldsets = (
        (None, {"fields": ("name", "investor_kind", "enterprise_code", "group")}),
        ("Nước", {"fields": (("registered_in", "capital_from"),)}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
    fieldsets = (
        *new_fieldsets[:2],
        ("Thành viên và dự án", {"fields": ("members", "projects")}),
        new_fieldsets[2],
    )

    def get_fieldsets(self, request: HttpRequest, obj: Investor | None = None) -> Any:
        return self.fieldsets if obj else self.new_fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[Investor]:
        return super().get_queryset(request).select_related("group").prefetch_related("capital_events")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("registered_in", "capital_from"):
            kwargs["choices"] = [*BLANK_CHOICE_DASH, *COUNTRIES]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def option_rows(self, rows: QuerySet[Investor]) -> QuerySet[Investor]:
        return rows.select_related("group")

    def holds(self, word: str) -> Q:
        """An enterprise is also found by its code and by its group."""
        return (
            super().holds(word) | Q(enterprise_code__startswith=word) | Q(group__search_text__contains=word)
        )

    def option_label(self, row: Investor) -> str:
        told = [row.name, row.enterprise_code, f"thuộc {row.group}" if row.group else ""]
        if row.investor_kind == "group" and "tap doan" not in row.search_text:
            told.append("tập đoàn")
        return " · ".join(filter(None, told))

    @admin.display(description="thuộc tập đoàn", ordering="group__sort_key")
    def group_name(self, row: Investor) -> str | None:
        return row.group.name if row.group else None

    @admin.display(description="nước có vốn", ordering="capital_from")
    def country(self, row: Investor) -> str | None:
        return codes.COUNTRY.vi(row.capital_from) if row.capital_from else None

    @admin.display(description="vốn như các nguồn nêu")
    def capital(self, row: Any) -> str | None:
        return capital_lines(row.capital_events.all())

    @admin.display(description="mã số", ordering="enterprise_code")
    def enterprise(self, row: Investor) -> str:
        return row.enterprise_code

    @admin.display(description="doanh nghiệp thuộc tập đoàn này")
    def members(self, row: Investor) -> SafeString:
        return linked(row.members.all(), "investor", f"group__id__exact={row.pk}")

    @admin.display(description="dự án")
    def projects(self, row: Investor) -> SafeString:
        return linked(row.projects.all(), "project", f"investor__id__exact={row.pk}")
