from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, citations_of, shown_date
from registry.admin.fields import ComposedForm, StatedDateField
from registry.models import Assignment
from registry.rules import codes


class AssignmentForm(ComposedForm):
    asked = StatedDateField("asked", label="Ngày giao, kiến nghị")
    due = StatedDateField(
        "due",
        label="Hạn",
        help_text="Như văn bản ghi: 30/06/2024, quý II/2024, năm 2025. Không nêu thì để trống.",
    )

    class Meta:
        model = Assignment
        fields = "__all__"
        widgets = {"task": forms.Textarea({"rows": 4})}


@admin.register(Assignment)
class AssignmentAdmin(NamedAdmin):
    form = AssignmentForm
    list_display = ("name", "kind_label", "asked_by_name", "lead_name", "due")
    list_filter = ("assignment_kind", ("lead", admin.RelatedOnlyFieldListFilter))
    autocomplete_fields = (
        "asked_by",
        "lead",
        "cooperating",
        "clusters",
        "zones",
        "sectors",
        "legal_basis",
        "decision",
    )
    inlines = (citations_of("assignment"),)
    nothing_yet = "Chưa có nhiệm vụ hay kiến nghị nào."
    fieldsets = (
        (None, {"fields": ("name", "assignment_kind", "task")}),
        ("Cơ quan", {"fields": ("asked_by", "lead", "cooperating", "others")}),
        ("Về", {"fields": ("clusters", "zones", "sectors", "legal_basis", "decision")}),
        ("Thời gian", {"fields": ("asked", "due")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
    asked = shown_date("asked", "ngày giao, kiến nghị", "asked_latest")
    due = shown_date("due", "hạn", "due_latest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return super().get_queryset(request).select_related("asked_by", "lead", "decision")

    def holds(self, word: str) -> Q:
        """A task is also found by who was told to do it, and by what it is about."""
        about = Assignment.objects.filter(
            Q(clusters__search_text__contains=word) | Q(zones__search_text__contains=word)
        )
        return (
            super().holds(word)
            | Q(asked_by__search_text__contains=word)
            | Q(lead__search_text__contains=word)
            | Q(pk__in=about.values("pk"))
        )

    @admin.display(description="loại", ordering="assignment_kind")
    def kind_label(self, row: Assignment) -> str:
        return codes.ASSIGNMENT_KIND.vi(row.assignment_kind)

    @admin.display(description="ai giao, kiến nghị", ordering="asked_by__sort_key")
    def asked_by_name(self, row: Assignment) -> str:
        return row.asked_by.name

    @admin.display(description="chủ trì", ordering="lead__sort_key", empty_value="—")
    def lead_name(self, row: Assignment) -> str | None:
        return row.lead.name if row.lead else None
