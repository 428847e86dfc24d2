from django.contrib import admin

from registry.admin.base import NamedAdmin, shown_date
from registry.admin.fields import ComposedForm, StatedDateField
from registry.models import SourceDocument


class SourceDocumentForm(ComposedForm):
    published = StatedDateField("published", label="Ngày đăng")


@admin.register(SourceDocument)
class SourceDocumentAdmin(NamedAdmin):
    form = SourceDocumentForm
    list_display = ("name", "publisher", "published")
    nothing_yet = "Chưa có tài liệu nguồn nào. Mọi giá trị công bố cần một nguồn để đối chiếu."
    fieldsets = (
        (None, {"fields": ("name", "publisher", "published", "url", "reference")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
    published = shown_date("published", "ngày đăng", "published_latest")
