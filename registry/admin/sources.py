from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry.admin.base import NamedAdmin, shown_date
from registry.admin.fields import ComposedForm, StatedDateField
from registry.admin.site import change_url
from registry.models import SourceDocument
from registry.queries.documents import VERDICTS, document
from registry.rules import codes
from registry.rules.quantities import format_number

#: How many values stand on a page; a printed one holds them all.
PER_PAGE = 100


class SourceDocumentForm(ComposedForm):
    published = StatedDateField("published", label="Ngày đăng")


@admin.register(SourceDocument)
class SourceDocumentAdmin(NamedAdmin):
    form = SourceDocumentForm
    list_display = ("name", "publisher", "published", "resting")
    nothing_yet = "Chưa có tài liệu nguồn nào. Mọi giá trị công bố cần một nguồn để đối chiếu."
    change_form_template = "admin/registry/provenance/source_form.html"
    fieldsets = (
        (None, {"fields": ("name", "publisher", "published", "url", "reference")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
    published = shown_date("published", "ngày đăng", "published_latest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceDocument]:
        return super().get_queryset(request).annotate(cited=Count("citations"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.resting_page)
        return [path("<int:pk>/resting/", view, name="registry_sourcedocument_resting"), *super().get_urls()]

    @admin.display(description="trích nguồn", ordering="cited")
    def resting(self, row: Any) -> SafeString:
        return format_html('<a href="{}/resting/">{} giá trị</a>', row.pk, format_number(row.cited))

    def resting_page(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """A document with every value that rests on it, in its order."""
        source = self.get_object(request, str(pk))
        if source is None:
            raise Http404
        if not self.has_view_or_change_permission(request, source):
            raise PermissionDenied
        told = document(source)
        verdict, kind = request.GET.get("verdict", ""), request.GET.get("kind", "")
        rows = told.chosen(verdict if verdict in VERDICTS else "", kind if kind in told.by_kind else "")
        everything = "all" in request.GET
        pages = Paginator(rows, max(len(rows), 1) if everything else PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Những gì dựa vào: {source}",
            "opts": self.opts,
            "source": source,
            "published": self.published(source),
            "told": told,
            "page": page,
            "rows": [(row, change_url(row.subject)) for row in told.in_words(page)],
            "chosen": len(rows),
            "everything": everything,
            "query": query.urlencode(),
            "verdicts": [
                (code, label, told.by_verdict[code], code == verdict) for code, label in VERDICTS.items()
            ],
            "kinds": [
                (code, codes.SUBJECT_KIND.vi(code), many, code == kind)
                for code, many in sorted(told.by_kind.items())
            ],
            "media": self.media,
        }
        return TemplateResponse(request, "admin/registry/provenance/document.html", context)
