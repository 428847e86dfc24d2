from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from registry.admin.base import (
    ReadingMixin,
    SubjectAdmin,
    citations_of,
    lines,
    several,
    shown_date,
    shown_quantity,
)
from registry.admin.fields import AreaField, ComposedForm, PaperNumberField, StatedDateField
from registry.admin.numbered import NumberedForm, NumberedFormSet
from registry.admin.recorded import HistoryInLog
from registry.admin.site import change_url
from registry.models import Decision, DecisionRelation, Effect
from registry.queries.clusters import deeds_of
from registry.rules import codes
from registry.rules.text import search_text


class DecisionForm(ComposedForm):
    paper_number = PaperNumberField()
    issued = StatedDateField("issued", label="Ngày ký")
    effective = StatedDateField(
        "effective",
        label="Ngày hiệu lực",
        help_text="Để trống khi văn bản có hiệu lực từ ngày ký hoặc không ghi.",
    )
    also_checked = ("number_year",)

    class Meta:
        model = Decision
        fields = "__all__"
        widgets = {
            "abstract": forms.Textarea({"rows": 3}),
            "recipients": forms.Textarea({"rows": 2}),
            "note": forms.Textarea({"rows": 2}),
        }

    def clean(self) -> Any:
        """A number that carries its year says when the paper was issued; the two never silently disagree."""
        cleaned = super().clean()
        number, issued = self.cleaned_data.get("paper_number"), self.cleaned_data.get("issued")
        if number and number.year and issued and (issued.latest is None or issued.latest.year != number.year):
            self.add_error(
                "issued",
                ValidationError(
                    f"Số {number} mang năm {number.year} nhưng ngày ký không thuộc năm đó. Hãy kiểm tra lại số và "
                    f"ngày; chỉ biết năm thì ghi “năm {number.year}”.",
                    code="number_year_disagrees",
                ),
            )
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        self._say_once("number_year_disagrees")
        taken = (
            [e for e in self._errors.get(NON_FIELD_ERRORS, []).as_data() if e.code == "decision_number_taken"]
            if NON_FIELD_ERRORS in self._errors
            else []
        )
        if taken:
            self._name_the_other(taken[0])

    def _say_once(self, code: str) -> None:
        """What the record refuses too is said at the date alone."""
        at_number = self._errors.get("paper_number")
        if self.has_error("issued", code) and at_number and self.has_error("paper_number", code):
            rest = [error for error in at_number.as_data() if error.code != code]
            del self._errors["paper_number"]
            if rest:
                self.add_error("paper_number", rest)

    def _name_the_other(self, taken: ValidationError) -> None:
        """Say at the number itself which record has it, with a way there."""
        row = self.instance
        others = Decision.objects.filter(
            issuer=row.issuer_id,
            number_year=row.number_year,
            number=row.number,
            symbol=row.symbol,
            number_family=row.number_family,
        )
        other = others.exclude(pk=row.pk).first()
        rest = [e for e in self._errors[NON_FIELD_ERRORS].as_data() if e is not taken]
        del self._errors[NON_FIELD_ERRORS]
        if rest:
            self.add_error(None, rest)
        message = taken.message
        if other is not None:
            year = f" năm {row.number_year}" if row.number_year else ""
            message = format_html(
                'Số {}{} đã có: <a href="{}" target="_blank">{}</a>. Hãy mở bản ghi đó, '
                "hoặc kiểm tra lại số, ngày ký và cơ quan ban hành.",
                row.number_label,
                year,
                change_url(other),
                other,
            )
        self.add_error("paper_number", ValidationError(message, code="decision_number_taken"))


class EffectForm(NumberedForm):
    refused_at = {"effect_object": "cluster"}
    area = AreaField()
    place_list = several(
        Effect, "places", "Địa điểm", "Đơn vị hành chính như văn bản ghi, kể cả đơn vị không còn."
    )

    class Meta:
        model = Effect
        fields = (
            "position", "cluster", "zone", "effect_code", "as_stated", "verification", "name", "developer", "sectors",
            "target", "target_relation", "note",
        )  # fmt: skip
        widgets = {
            "as_stated": forms.Textarea({"rows": 2}),
            "sectors": forms.Textarea({"rows": 3}),
            "note": forms.Textarea({"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = self.instance.places.all() if self.instance.pk else ()
        self.initial.setdefault("place_list", [place.pk for place in places])
        if zone := self.fields.get("zone"):
            zone.label, zone.help_text = "Hoặc khu", "Chọn thay cho cụm khi văn bản nói về một khu."

    def words(self) -> str:
        row = self.instance
        done = codes.EFFECT.vi(row.effect_code) if row.effect_code else row.as_stated or "chưa xác định"
        return f"{done} · {row.cluster or row.zone}"

    def _save_m2m(self) -> None:
        super()._save_m2m()
        self.instance.places.set(
            self.cleaned_data["place_list"], through_defaults={"decision": self.instance.decision}
        )


class EffectInline(ReadingMixin, admin.StackedInline):
    model = Effect
    form = EffectForm
    formset = NumberedFormSet
    fk_name = "decision"
    autocomplete_fields = ("cluster", "zone", "developer", "target")
    verbose_name_plural = "tác động lên các cụm công nghiệp, các khu"
    fieldsets = (
        (None, {"fields": (("position", "cluster", "zone"), ("effect_code", "verification"), "as_stated")}),
        ("Nội dung mà văn bản đặt ra", {"fields": ("area", "developer", "place_list", "sectors", "name")}),
        (
            "Đính chính, điều chỉnh hoặc chấm dứt tác động trước",
            {"fields": ("target", "target_relation"), "classes": ("collapse",)},
        ),
        ("Ghi chú nội bộ", {"fields": ("note",), "classes": ("collapse",)}),
    )

    area = shown_quantity("area_ha", "diện tích (ha)")

    def get_extra(self, request: HttpRequest, obj: Decision | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Effect]:
        rows = super().get_queryset(request).select_related("cluster", "zone", "developer", "decision")
        return rows.select_related("target__decision", "target__cluster", "target__zone").prefetch_related(
            "places"
        )

    @admin.display(description="địa điểm")
    def place_list(self, row: Effect) -> str:
        return ", ".join(map(str, row.places.all())) or "—"


class RelationInline(ReadingMixin, admin.TabularInline):
    model = DecisionRelation
    form = ComposedForm
    fk_name = "decision"
    extra = 0
    autocomplete_fields = ("target",)
    verbose_name_plural = "quan hệ với quyết định khác"

    def get_queryset(self, request: HttpRequest) -> QuerySet[DecisionRelation]:
        return super().get_queryset(request).select_related("target")


class YearFilter(admin.SimpleListFilter):
    title = "năm ký"
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        years = Decision.objects.order_by("-number_year").values_list("number_year", flat=True).distinct()
        return [("none" if year is None else str(year), str(year or "Chưa rõ")) for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        value = self.value() or ""
        if value == "none":
            return queryset.filter(number_year__isnull=True)
        if len(value) == 4 and value.isascii() and value.isdigit():
            return queryset.filter(number_year=int(value))
        return queryset


@admin.register(Decision)
class DecisionAdmin(SubjectAdmin):
    form = DecisionForm
    list_display = ("label", "issued", "deeds", "issuer_name")
    list_filter = (YearFilter, "paper_kind", "verification", ("issuer", admin.RelatedOnlyFieldListFilter))
    autocomplete_fields = ("issuer", "legal_basis")
    inlines = (EffectInline, RelationInline, citations_of("decision"))
    nothing_yet = "Chưa có quyết định nào. Hãy nhập văn bản đầu tiên từ bản giấy."
    fieldsets = (
        (None, {"fields": ("paper_number", "issuer", "paper_kind", "abstract")}),
        ("Ngày ký và hiệu lực", {"fields": ("issued", "effective", "effective_reason")}),
        ("Căn cứ và kiểm chứng", {"fields": ("legal_basis", "verification")}),
        (
            "Người ký, nơi nhận, ghi chú",
            {
                "fields": (("signed_for", "signer"), "received_on", "recipients", "note"),
                "classes": ("collapse",),
            },
        ),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
    issued = shown_date("issued", "ngày ký", "issued_latest")
    effective = shown_date("effective", "ngày hiệu lực", "effective_latest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).select_related("issuer")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        done = deeds_of(changelist.result_list)
        for row in changelist.result_list:
            row.deed_lines = done.get(row.pk, [])
        return changelist

    def holds(self, word: str) -> Q:
        """A paper is also found by what it is about: six of the first twelve have no number."""
        about = Effect.objects.filter(
            Q(cluster__search_text__contains=word) | Q(zone__search_text__contains=word)
        )
        return super().holds(word) | Q(pk__in=about.values("decision"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, repeats = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            found = self.option_rows(found)
        return found, repeats

    def option_rows(self, rows: QuerySet[Decision]) -> QuerySet[Decision]:
        return rows.select_related("issuer").prefetch_related("effects__cluster", "effects__zone")

    def option_label(self, row: Decision) -> str:
        """Papers without a number are told apart by what they do."""
        effects = [] if row.number is not None else sorted(row.effects.all(), key=lambda e: e.position)
        said = [
            f"{e.cluster or e.zone}: {codes.EFFECT.vi(e.effect_code).lower() if e.effect_code else e.as_stated}"
            for e in effects[:3]
        ]
        return " · ".join([str(row), *said, str(row.issuer)])

    @admin.display(description="số, ký hiệu", ordering="sort_key")
    def label(self, row: Decision) -> str:
        if row.verification == "verified":
            return row.label
        return format_html(
            '{}<span class="tag">{}</span>', row.label, codes.VERIFICATION.vi(row.verification)
        )

    @admin.display(description="số, ký hiệu")
    def paper_number(self, row: Decision) -> str:
        return row.number_label or "chưa rõ"

    @admin.display(description="cơ quan ban hành", ordering="issuer__sort_key")
    def issuer_name(self, row: Decision) -> str:
        return row.issuer.name

    @admin.display(description="tác động", empty_value="—")
    def deeds(self, row: Any) -> str | None:
        return lines(row.deed_lines, 3, "cụm, khu khác")


@admin.register(Effect)
class EffectAdmin(HistoryInLog, admin.ModelAdmin):
    """Only to be chosen from, by words of its paper, its cluster and what it does. Effects are entered in decisions."""

    search_fields = ("as_stated",)
    ordering = ("cluster__sort_key", "decision__issued_latest", "decision", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Effect]:
        return self.option_rows(super().get_queryset(request))

    def option_rows(self, rows: QuerySet[Effect]) -> QuerySet[Effect]:
        return rows.select_related("decision", "cluster", "zone")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Effect], search_term: str
    ) -> tuple[QuerySet[Effect], bool]:
        for word in search_text(search_term).split():
            doing = [code for code in codes.EFFECT if word in search_text(codes.EFFECT.vi(code))]
            queryset = queryset.filter(
                Q(cluster__search_text__contains=word)
                | Q(zone__search_text__contains=word)
                | Q(decision__search_text__contains=word)
                | Q(effect_code__in=doing)
            )
        return queryset, False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Effect | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Effect | None = None) -> bool:
        return False
