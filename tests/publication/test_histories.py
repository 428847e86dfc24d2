"""Random histories of an office, and what must be true after each. REGISTRY_SOAK=N plays N longer ones."""

import os
import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publication.invariants import check_everything
from tests.publication.mirror import Mirror
from tests.publication.office import Office

SOAK = int(os.environ.get("REGISTRY_SOAK", "0"))
EXAMPLES = SOAK or 60
SHORTEST, LONGEST = (25, 90) if SOAK else (6, 45)

#: What an office does, the frequent more often.
OPERATIONS = [
    "new_cluster", "new_decision", "new_decision", "new_investor", "add_effect", "add_effect", "set_value",
    "set_value", "date_decision", "date_decision", "renumber", "aim_effect", "aim_effect", "drop_effect",
    "relate", "relate", "rename", "report", "end_place", "submit", "send_back", "publish", "publish",
    "publish", "publish_all", "withdraw", "discard", "wait",
]  # fmt: skip

#: Every history begins with two clusters, an investor and two decisions on the desk.
MORNING = [
    ("new_cluster", 0, 0, 0),
    ("new_investor", 0, 0, 0),
    ("new_decision", 0, 5, 0),
    ("new_decision", 3, 2, 1),
    ("new_cluster", 1, 0, 0),
]

numbers = st.integers(min_value=0, max_value=63)
steps = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), numbers, numbers, numbers), min_size=SHORTEST, max_size=LONGEST
)


@pytest.mark.django_db
@settings(max_examples=EXAMPLES)
@given(steps=steps, seed=st.integers(min_value=0, max_value=2**32))
def test_after_any_history_every_edition_is_what_the_oracle_says(
    steps: list[tuple[str, int, int, int]], seed: int
) -> None:
    with transaction.atomic():
        office = Office()
        mirror = Mirror()
        mirror.compare(office)
        office.after_act = mirror.compare
        play(office, [*MORNING, *steps, ("publish_all", 0, 0, 0)])
        check_everything(office, random.Random(seed))
        transaction.set_rollback(True)


def play(office: Office, steps: list[tuple[str, Any, Any, Any]]) -> None:
    for name, a, b, c in steps:
        getattr(office, name)(a, b, c)
