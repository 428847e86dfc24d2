"""Pages of tables that have no way to the public: what is saved there is recorded, and nothing else tells of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from registry.admin.log import RIGHT
from registry.admin.stale import TwoAtOnce
from registry.ledger.context import recorded
from registry.ledger.tracked import record_key
from registry.queries.reviews import last_change


class HistoryInLog:
    """“Lịch sử” leads to the log, to what it tells of the record: Django's own page would tell of nothing."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        key = record_key(row) if row else ""
        if not key:
            raise Http404
        return HttpResponseRedirect(f"{reverse('admin:log')}?{urlencode({'record': key})}")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Model | None = None,
        **kwargs: Any,
    ) -> Any:
        """No way to a history where there is none, or none for this reader."""
        context["without_history"] = not (obj and record_key(obj) and request.user.has_perm(RIGHT))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)  # type: ignore[misc]


class RecordedForms(HistoryInLog, TwoAtOnce):
    """Every POST of a form runs under the ledger's lock, in the name of who sent it; no old tab undoes another."""

    class Media:
        css = {"all": ("registry/workflow.css",)}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        context = extra_context or {}
        if request.method != "POST":
            # Read before the row: what is saved in between makes the form stale, not the check blind.
            known = object_id is not None and object_id.isdecimal()
            seen = last_change(record_key(self.model(pk=object_id))) if known else 0
            return super().changeform_view(request, object_id, form_url, {"seen": seen, **context})
        with recorded():
            row = self.get_object(request, unquote(object_id)) if object_id else None
            context = {"stale": self.refuse_stale(request, row), **context}
            if row:
                context["seen"] = last_change(record_key(row))
            return super().changeform_view(request, object_id, form_url, context)

    # The ledger tells who did what.
    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        pass

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        pass
