"""What decisions said of a cluster or zone by an entry of the ledger, published or not."""

from django.db.models import Exists, OuterRef, Q

from registry.models import Decision, Effect, Investor, LedgerEntry, LedgerPayload
from registry.queries.clusters import day_of
from registry.queries.facts import read
from registry.queries.names_then import Named, instance, rows_then


def effects_of(kind: str, pk: int) -> list[str]:
    """Effects that name the cluster or zone, and those that named it before they were changed or deleted."""
    named = Q()
    # Both engines' ways to print a row.
    for text in (f'"{kind}_id":{pk},', f'"{kind}_id": {pk},'):
        named |= Q(before__contains=text) | Q(after__contains=text)
    past = LedgerPayload.objects.filter(named, entry__table_name=Effect._meta.db_table)
    return sorted({*past.values_list("entry__row_id", flat=True)})


def effects_then(kind: str, pk: int, seq: int) -> list[Effect]:
    """The effects on it as they stood, in the order of their papers' days; none of them to be saved. Four queries."""
    table = Effect._meta.db_table
    later = LedgerEntry.objects.filter(
        table_name=table, row_id=OuterRef("row_id"), seq__gt=OuterRef("seq"), seq__lte=seq
    )
    entries = LedgerEntry.objects.filter(table_name=table, row_id__in=effects_of(kind, pk), seq__lte=seq)
    found = []
    for entry in entries.filter(~Exists(later)).exclude(op="delete").select_related("payload"):
        effect = instance(Effect, int(entry.row_id), read(entry.payload.after))
        assert isinstance(effect, Effect)
        if getattr(effect, f"{kind}_id") == pk:
            found.append(effect)
    named: set[Named] = {(seq, Decision, effect.decision_id) for effect in found}
    named |= {(seq, Investor, effect.developer_id) for effect in found if effect.developer_id}
    rows = rows_then(named)
    for effect in found:
        effect.decision = rows[seq, Decision, effect.decision_id]  # type: ignore[assignment]
        if effect.developer_id:
            effect.developer = rows[seq, Investor, effect.developer_id]  # type: ignore[assignment]
    return sorted(found, key=day_of)
