"""What every record with a way to the public has in the admin: one door for saving, and a history.

Subclasses give forms, inlines and lists. This class owns `changeform_view`, `get_urls`, `history_view`, the
permission to delete, and what is saved how.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from registry.ledger.context import recorded


class ReviewedAdmin(admin.ModelAdmin):
    """A subject in the admin.

    Every POST is recorded: under the ledger's lock, with the user and the reason typed beside the buttons.
    A change form carries `seen`, the position of the ledger that its content was read at; without it, or when
    the record has changed since, nothing is saved and everything typed is shown again.
    """

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with recorded():
            return super().changeform_view(request, object_id, form_url, extra_context)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a subject here: a draft is discarded, a published one is withdrawn."""
        return False

    # The ledger tells who did what; a second log could only disagree with it.
    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        pass

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        pass
