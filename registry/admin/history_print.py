"""A record's history on paper: for a file or a court, with what it takes to prove it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from registry import clock
from registry.ledger.checkpoints import verifier_keys
from registry.ledger.entries import head
from registry.models import LedgerCheckpoint, RedactedEntry
from registry.queries.history import entries_of, history, people
from registry.queries.telling import moment
from registry.queries.wholeness import altered, with_contents
from registry.rules.hanoi import HANOI

#: Entries on paper. More is for the export of the ledger, which a program reads.
MOST = 2000


def print_page(model_admin: admin.ModelAdmin, request: HttpRequest, object_id: int) -> HttpResponseBase:
    """Everything that happened to a record, oldest first, also to one that is deleted."""
    subject = model_admin.get_object(request, str(object_id))
    if not model_admin.has_view_or_change_permission(request, subject):
        raise PermissionDenied
    record = subject or model_admin.model(pk=object_id)
    told = history(record, size=MOST)
    if subject is None and not told.acts:
        raise Http404
    # Read after the acts: whatever was written meanwhile lies beyond what is printed.
    first = told.older or 1
    rows = list(with_contents(entries_of(record).filter(seq__gte=first)).order_by("seq")[:MOST])
    entries = [(row.seq, row.at, row.actor, row.op, row.table_name, row.hash) for row in rows]
    seqs = [row.seq for row in rows]
    redacted = dict(
        RedactedEntry.objects.filter(entry__in=seqs)
        .order_by("redaction_id")
        .values_list("entry", "redaction_id")
    )
    checkpoint = LedgerCheckpoint.objects.order_by("-number").first()
    head_seq, head_hash = head()
    who = request.user.get_username()
    context: dict[str, Any] = {
        "subject": subject,
        "opts": model_admin.opts,
        "key": f"{model_admin.model.kind}:{object_id}",
        "acts": told.acts[::-1],
        "cut": told.older is not None,
        "most": MOST,
        "entries": [(seq, moment(at), *rest, redacted.get(seq)) for seq, at, *rest in entries],
        "last": entries[-1] if entries else None,
        # Paper outlives what is found later: it never vouches for words that are not what their hashes say.
        "altered": sorted(altered(rows)),
        "head": {"seq": head_seq, "hash": head_hash},
        "checkpoint": checkpoint,
        "checkpoint_at": moment(checkpoint.at) if checkpoint else None,
        "beyond": sum(seq > checkpoint.seq for seq in seqs) if checkpoint else len(seqs),
        "keys": verifier_keys(),
        "printed_at": clock.now().astimezone(HANOI),
        "printed_by": people([who])[who],
    }
    return TemplateResponse(request, "admin/registry/history/print.html", context)
