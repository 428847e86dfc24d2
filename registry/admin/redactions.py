"""What was erased because the law says so, to be read. It is done at the server (docs/erasure.md)."""

import json

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.utils.html import format_html_join

from registry.admin.recorded import HistoryInLog
from registry.models import Redaction


@admin.register(Redaction)
class RedactionAdmin(HistoryInLog, admin.ModelAdmin):
    """Nothing here can be changed, by anybody."""

    list_display = ("__str__", "at", "ground", "asked_by", "approved_by")
    fields = readonly_fields = (
        "number",
        "at",
        "ground",
        "asked_by",
        "approved_by",
        "scope",
        "where",
        "named",
    )
    list_per_page = 50
    actions = None

    @admin.display(description="những nơi đã xóa")
    def where(self, redaction: Redaction) -> str:
        called = {model._meta.db_table: model._meta.verbose_name for model in apps.get_models()}
        places = json.loads(redaction.places)
        return format_html_join(
            "; ", "{}: {} dòng", ((called.get(table, table), n) for table, n in places.items())
        )

    @admin.display(description="mục sổ cái ghi nhận đã đổi")
    def named(self, redaction: Redaction) -> str:
        seqs = list(redaction.entries.order_by("entry").values_list("entry", flat=True)[:101])
        return ", ".join(map(str, seqs[:100])) + (" …" if len(seqs) > 100 else "")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponseBase:
        nothing = "Chưa xóa gì theo luật. Việc xóa làm ở máy chủ, cần hai người có quyền; xem tài liệu docs/erasure.md."
        return super().changelist_view(request, {"nothing_yet": nothing, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Redaction | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Redaction | None = None) -> bool:
        return False
