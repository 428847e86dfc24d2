"""What decisions said of a cluster or zone by an entry of the ledger, published or not."""

from django.db.models import Exists, Max, OuterRef, Q

from registry.models import Decision, Effect, Investor, LedgerEntry, LedgerPayload
from registry.queries.clusters import day_of
from registry.queries.facts import read
from registry.queries.names_then import Named, instance, rows_then
from registry.queries.wholeness import altered, with_contents


def effects_of(kind: str, pk: int) -> list[str]:
    """Effects that name the cluster or zone, and those that named it before they were changed or deleted."""
    named = Q()
    # Both engines' ways to print a row.
    for text in (f'"{kind}_id":{pk},', f'"{kind}_id": {pk},'):
        named |= Q(before__contains=text) | Q(after__contains=text)
    past = LedgerPayload.objects.filter(named, entry__table_name=Effect._meta.db_table)
    return sorted({*past.values_list("entry__row_id", flat=True)})


def effects_then(kind: str, pk: int, seq: int) -> tuple[list[Effect], frozenset[int]]:
    """The effects on it as they stood, in the order of their papers' days; none of them to be saved. Five queries.

    With them the numbers of entries that are not what their hashes say: what these tell, of an effect or of its
    decision, is left out.
    """
    table = Effect._meta.db_table
    later = LedgerEntry.objects.filter(
        table_name=table, row_id=OuterRef("row_id"), seq__gt=OuterRef("seq"), seq__lte=seq
    )
    # Those of today too, whatever somebody made of what the ledger says of them.
    today = Effect.objects.filter(**{f"{kind}_id": pk}).values_list("pk", flat=True)
    effects = {*effects_of(kind, pk), *map(str, today)}
    entries = LedgerEntry.objects.filter(table_name=table, row_id__in=sorted(effects), seq__lte=seq)
    last = with_contents(entries.filter(~Exists(later)).exclude(op="delete"))
    forged, found = altered(last), []
    for entry in last:
        if entry.seq in forged:
            continue
        effect = instance(Effect, int(entry.row_id), read(entry.payload.after))
        assert isinstance(effect, Effect)
        if getattr(effect, f"{kind}_id") == pk:
            found.append(effect)
    named: set[Named] = {(seq, Decision, effect.decision_id) for effect in found}
    named |= {(seq, Investor, effect.developer_id) for effect in found if effect.developer_id}
    rows = rows_then(named)
    if gone := {effect.decision_id for effect in found if (seq, Decision, effect.decision_id) not in rows}:
        papers = LedgerEntry.objects.filter(
            table_name=Decision._meta.db_table, row_id__in=[str(pk) for pk in gone], seq__lte=seq
        )
        last_of = papers.order_by("row_id").values("row_id").annotate(last=Max("seq"))
        forged |= frozenset(last_of.values_list("last", flat=True))
        found = [effect for effect in found if effect.decision_id not in gone]
    for effect in found:
        effect.decision = rows[seq, Decision, effect.decision_id]  # type: ignore[assignment]
        if effect.developer_id:
            effect.developer = rows.get((seq, Investor, effect.developer_id))  # type: ignore[assignment]
    return sorted(found, key=day_of), forged
