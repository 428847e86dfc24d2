"""The page that tells who changed a record."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from registry.admin.log import RIGHT
from registry.queries.history import history


def history_page(model_admin: admin.ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    """Everything that happened to a record, also to one that is deleted."""
    if not object_id.isdecimal() or len(object_id) > 18:
        raise Http404
    subject = model_admin.get_object(request, object_id)
    if not model_admin.has_view_or_change_permission(request, subject):
        raise PermissionDenied
    before = request.GET.get("before", "")
    told = history(
        subject or model_admin.model(pk=int(object_id)),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    if subject is None and not told.acts:
        raise Http404
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Lịch sử: {subject}" if subject else "Lịch sử của bản ghi đã xóa",
        "opts": model_admin.opts,
        "subject": subject,
        "told": told,
        "first_page": not before,
        "log_url": reverse("admin:log") if request.user.has_perm(RIGHT) else "",
        "record_key": f"{model_admin.model.kind}:{object_id}",
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/registry/history/page.html", context)
