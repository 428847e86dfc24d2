"""Pages of tables that have no way to the public: what is saved there is recorded, and nothing else tells of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from registry.admin.log import RIGHT
from registry.ledger.context import recorded
from registry.ledger.tracked import declared


def record_key(row: Model) -> str | None:
    """`kind:pk` of the record with whose changes the ledger tells of this row; None where it tells of none."""
    own = next((table for table in declared() if table.table == row._meta.db_table), None)
    pairs = own.subject if own else ()
    return next((f"{kind}:{pk}" for kind, column in pairs if (pk := getattr(row, column)) is not None), None)


class HistoryInLog:
    """“Lịch sử” leads to the log, to what it tells of the record: Django's own page would tell of nothing."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        key = record_key(row) if row else None
        if key is None:
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


class RecordedForms(HistoryInLog):
    """Every POST of a form runs under the ledger's lock, in the name of who sent it."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        with recorded():
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    # The ledger tells who did what.
    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        pass

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        pass
