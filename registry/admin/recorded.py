"""Pages of tables that have no way to the public: what is saved there is recorded, and nothing else tells of it."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from registry.ledger.context import recorded


class RecordedForms:
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
