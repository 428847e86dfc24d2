from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, citations_of, shown_date
from registry.admin.fields import ComposedForm, StatedDateField
from registry.models import Assignment


class AssignmentForm(ComposedForm):
    asked = StatedDateField("asked", label="Ngày giao, kiến nghị")
    due = StatedDateField("due", label="Hạn")

    class Meta:
        model = Assignment
        fields = "__all__"
        widgets = {"task": forms.Textarea({"rows": 4})}


@admin.register(Assignment)
class AssignmentAdmin(NamedAdmin):
    form = AssignmentForm
    list_display = ("name", "assignment_kind", "asked_by", "lead", "due")
    list_filter = ("assignment_kind", ("lead", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("asked_by", "lead")
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
    asked = shown_date("asked", "ngày giao, kiến nghị")
    due = shown_date("due", "hạn", "due_latest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return super().get_queryset(request).select_related("asked_by", "lead")
