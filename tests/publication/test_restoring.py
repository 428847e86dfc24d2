"""After any edits a record is brought back to what it was, row for row, or it is said why not."""

import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import event, given, settings
from hypothesis import strategies as st

from registry.actions.restoration import restore
from registry.models import SUBJECTS, LedgerEntry
from registry.queries.as_it_was import Past, Rows, as_it_was, linked, moment_of, rows_now
from registry.queries.then_and_now import compare, keys_of
from registry.rules.problems import Problem
from tests.publication.office import Office
from tests.publication.test_histories import MORNING, OPERATIONS, SOAK

#: Time passes by itself; nothing is published here but by the steps before.
STEPS = [name for name in OPERATIONS if name not in ("wait", "publish_all")]
#: What the rules of today may say of rows that were.
HONEST = {
    "reference_gone", "still_referenced", "decision_number_taken", "number_malformed", "effect_target_elsewhere",
    "row_waits", "group_circle", "code_taken", "citation_row_missing",
}  # fmt: skip

numbers = st.integers(min_value=0, max_value=63)
steps = st.lists(st.tuples(st.sampled_from(STEPS), numbers, numbers, numbers), min_size=5, max_size=30)


def alike(rows: Rows) -> dict[str, Any]:
    """Rows as they are compared: links by what they join, all else with its number."""
    found: dict[str, Any] = {}
    for model, held in rows.items():
        if linked(model):
            found[model._meta.db_table] = sorted(sorted(map(str, row.items())) for row in held.values())
        else:
            found[model._meta.db_table] = dict(sorted(held.items()))
    return found


def past_of(kind: str, pk: int, seq: int) -> Past:
    return as_it_was(kind, pk, seq, moment_of(LedgerEntry.objects.get(seq=seq)))


def head() -> int:
    return LedgerEntry.objects.latest("seq").seq


@pytest.mark.django_db
@settings(max_examples=SOAK or 12)
@given(steps=steps, seed=st.integers(min_value=0, max_value=2**32))
def test_after_any_edits_restoring_gives_the_same_rows(steps: list[Any], seed: int) -> None:
    rng = random.Random(seed)
    with transaction.atomic():
        office, moments = Office(), []
        for name, a, b, c in [*MORNING, *steps]:
            getattr(office, name)(a, b, c)
            moments.append(head())
        for key in rng.sample(sorted(subjects()), 10):
            kind, _, pk = key.partition(":")
            check_newest(kind, int(pk))
            check_some(past_of(kind, int(pk), rng.choice(moments)), rng)
            check_restored(kind, int(pk), rng.choice(moments))
        transaction.set_rollback(True)


def subjects() -> set[str]:
    found = LedgerEntry.objects.values_list("subject", flat=True).order_by().distinct()
    return {key for key in found if key.partition(":")[0] in SUBJECTS}


def check_newest(kind: str, pk: int) -> None:
    past = past_of(kind, pk, head())
    assert alike(past.rows) == alike(rows_now(kind, pk))
    with pytest.raises(Problem) as refused:
        restore(past, by="clerk", reason="thử")
    assert refused.value.code in ("nothing_to_restore", "not_there_then", "submitted_by_another")
    assert head() == past.seq


def check_some(past: Past, rng: random.Random) -> None:
    """What is chosen differs no more; what is not differs as before."""
    possible = keys_of(compare(past, rows_now(past.kind, past.pk)))
    chosen = [key for key in possible if rng.random() < 0.5]
    if refusal_of(past, chosen) is None:
        event("some of it restored")
        assert set(keys_of(compare(past, rows_now(past.kind, past.pk)))) == set(possible) - set(chosen)


def check_restored(kind: str, pk: int, seq: int) -> None:
    past, before, last = past_of(kind, pk, seq), rows_now(kind, pk), head()
    refused = refusal_of(past)
    event(refused.code if refused else "restored")
    if refused is None:
        assert alike(rows_now(kind, pk)) == alike(past.rows)
        touched = LedgerEntry.objects.filter(seq__gt=last).values_list("subject", flat=True)
        assert set(touched) == {f"{kind}:{pk}"}
        return
    assert refused.code in ("nothing_to_restore", "not_there_then", "submitted_by_another", "restore_refused")
    assert {reason.code for reason in getattr(refused, "reasons", ())} <= HONEST, refused.reasons
    assert (alike(rows_now(kind, pk)), head()) == (alike(before), last)


def refusal_of(past: Past, keys: list[str] | None = None) -> Problem | None:
    try:
        restore(past, by="clerk", reason="thử", keys=keys)
    except Problem as problem:
        return problem
    return None
