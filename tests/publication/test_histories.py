"""Random histories of an office, and what must be true after each. REGISTRY_SOAK=N plays N longer ones."""

import os
import random
from collections.abc import Sequence

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publication.invariants import check_everything
from tests.publication.mirror import Mirror
from tests.publication.office import Office

Step = tuple[str, int, int, int]

SOAK = int(os.environ.get("REGISTRY_SOAK", "0"))
EXAMPLES = SOAK or 45
SHORTEST, LONGEST = (25, 90) if SOAK else (6, 45)

#: What an office does, the frequent more often.
OPERATIONS = [
    "new_cluster", "new_decision", "new_decision", "new_investor", "add_effect", "add_effect", "set_value",
    "set_value", "date_decision", "date_decision", "renumber", "aim_effect", "aim_effect", "drop_effect",
    "relate", "relate", "relate", "relate", "rename", "report", "end_place", "submit", "send_back",
    "publish", "publish", "publish", "publish_all", "withdraw", "discard", "wait",
    "new_sector", "new_zone", "zone_status", "link_zones", "new_project", "move_project", "join_group", "add_capital",
    "add_capital", "drop_capital", "new_indicator", "add_value", "drop_value", "new_incentive",
    "new_assignment", "cite", "cite",
]  # fmt: skip

#: Every history begins with two clusters, an investor and two decisions on the desk; a zone, with a project in it;
#: and an indicator of clusters.
MORNING = [
    ("new_cluster", 0, 0, 0),
    ("new_investor", 0, 0, 0),
    ("new_decision", 0, 5, 0),
    ("new_decision", 3, 2, 1),
    ("new_cluster", 1, 0, 0),
    ("new_sector", 0, 0, 0),
    ("new_zone", 0, 0, 1),
    ("new_project", 0, 0, 0),
    ("new_indicator", 0, 0, 0),
]

numbers = st.integers(min_value=0, max_value=63)
steps = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), numbers, numbers, numbers), min_size=SHORTEST, max_size=LONGEST
)


@pytest.mark.django_db
@settings(max_examples=EXAMPLES)
@given(steps=steps, seed=st.integers(min_value=0, max_value=2**32))
def test_after_any_history_every_edition_is_what_the_oracle_says(steps: list[Step], seed: int) -> None:
    with transaction.atomic():
        office = Office()
        mirror = Mirror()
        mirror.compare(office)
        office.after_act = mirror.compare
        play(office, [*MORNING, *steps, ("publish_all", 0, 0, 0)])
        check_everything(office, random.Random(seed))
        transaction.set_rollback(True)


ESTABLISHED, PLANNED, POLICY, EXPANDED, REVOKED, ANNULLED = 0, 1, 2, 3, 4, 5  # and the days of desk.DATES
REVOKES, ANNULS = 0, 1
CORRECTS, ENDS, UNDOES = 3, 1, 2


def paper(what: int, on: int = 0) -> Step:
    """A paper on the first cluster, or on the second."""
    return "new_decision", what, 6, on


#: Stories that chance tells too seldom. Decisions and effects count from 0, in the order of entering.
STORIES: dict[str, list[Step]] = {
    "one paper revokes another": [paper(ESTABLISHED), paper(POLICY), ("relate", 1, 0, REVOKES)],
    "one paper annuls another": [paper(ESTABLISHED), paper(POLICY), ("relate", 1, 0, ANNULS)],
    "who was ended before its day ends nothing": [
        paper(ESTABLISHED), paper(POLICY, on=1), paper(PLANNED, on=1),
        ("relate", 1, 0, REVOKES), ("relate", 2, 1, REVOKES),
    ],
    "who was annulled later has still ended": [
        paper(ESTABLISHED), paper(POLICY), paper(EXPANDED), ("relate", 1, 0, REVOKES), ("relate", 2, 1, ANNULS),
    ],
    "two papers revoke each other": [
        paper(ESTABLISHED), paper(POLICY), ("relate", 1, 0, REVOKES), ("relate", 0, 1, REVOKES),
    ],
    "a revocation, and a new beginning lower down": [
        paper(ESTABLISHED), paper(REVOKED), paper(PLANNED), ("date_decision", 2, 8, 0),
    ],
    "a lower rung after the higher one": [paper(ESTABLISHED), paper(PLANNED), paper(POLICY)],
    "all is annulled from the start": [paper(POLICY), paper(EXPANDED), paper(ANNULLED)],
    "one effect is annulled, the others stay": [
        paper(ESTABLISHED), paper(EXPANDED), paper(ANNULLED), ("aim_effect", 2, 1, UNDOES),
    ],
    "an effect ends another": [
        paper(ESTABLISHED), paper(EXPANDED), ("set_value", 1, 0, 24), ("aim_effect", 1, 0, ENDS),
    ],
    "a correction of a correction, ended": [
        paper(ESTABLISHED), paper(PLANNED), paper(EXPANDED), paper(REVOKED),
        ("set_value", 1, 0, 16), ("aim_effect", 1, 0, CORRECTS), ("publish_all", 0, 0, 0),
        ("set_value", 2, 0, 32), ("aim_effect", 2, 1, CORRECTS), ("publish_all", 0, 0, 0),
        ("date_decision", 3, 5, 0), ("relate", 3, 2, REVOKES),
    ],
    "of two papers of one day the greater number comes last, whichever was entered first": [
        ("new_decision", ESTABLISHED, 7, 0), ("new_decision", ESTABLISHED, 3, 0), ("set_value", 0, 0, 16),
    ],
    "two papers of one day and number, of two offices, come as they were entered": [
        ("new_decision", ESTABLISHED, 3, 0), ("new_decision", POLICY, 3, 0), ("date_decision", 1, 0, 0),
        ("set_value", 1, 0, 16),
    ],
    "what a paper no longer says is gone": [
        paper(ESTABLISHED), paper(POLICY), ("relate", 1, 0, REVOKES), ("publish_all", 0, 0, 0),
        ("relate", 1, 0, REVOKES), ("drop_effect", 1, 0, 0), ("publish_all", 0, 0, 0), ("rename", 0, 0, 0),
    ],
    "two papers without number on one day": [
        ("new_decision", ESTABLISHED, 0, 0), ("new_decision", POLICY, 0, 0), ("date_decision", 1, 0, 0),
    ],
    "a developer published after the paper that names it was": [
        ("new_investor", 0, 0, 0), paper(ESTABLISHED), ("set_value", 0, 0, 2), ("publish_all", 0, 0, 0),
        ("withdraw", 0, 2, 0), ("rename", 1, 0, 0), ("publish", 2, 0, 0), ("publish_all", 0, 0, 0),
    ],
    "papers on a zone, of which one revokes the other": [
        ("new_zone", 0, 0, 1), ("new_decision", ESTABLISHED, 6, 3), ("new_decision", EXPANDED, 7, 7),
        ("publish_all", 0, 0, 0), ("relate", 1, 0, REVOKES), ("publish_all", 0, 0, 0), ("withdraw", 0, 0, 0),
    ],
    "a zone was planned, existed, and what was said last is taken back": [
        ("new_zone", 0, 0, 1), ("zone_status", 0, 0, 0), ("zone_status", 0, 2, 1), ("publish_all", 0, 0, 0),
        ("zone_status", 0, 0, 3), ("publish_all", 0, 0, 0), ("zone_status", 0, 9, 0),
    ],
    "zones linked from both ends, of which one is withdrawn": [
        ("new_zone", 0, 0, 1), ("new_zone", 0, 0, 2), ("link_zones", 0, 1, 0), ("publish_all", 0, 0, 0),
        ("link_zones", 1, 0, 0), ("publish_all", 0, 0, 0), ("rename", 6, 0, 0), ("publish_all", 0, 0, 0),
        ("link_zones", 0, 0, 2), ("publish_all", 0, 0, 0), ("withdraw", 0, 5, 0),
    ],
    "a group and its member, of which the name, then the whole is taken back": [
        ("new_investor", 0, 0, 0), ("new_investor", 0, 0, 0), ("join_group", 1, 0, 1), ("publish_all", 0, 0, 0),
        ("rename", 1, 0, 0), ("publish_all", 0, 0, 0), ("withdraw", 0, 2, 0), ("join_group", 1, 0, 0),
    ],
    "rival totals of a group and of a project, one of them later, one undated": [
        ("new_investor", 0, 0, 0), ("new_project", 0, 7, 3), ("add_capital", 0, 0, 0), ("add_capital", 0, 3, 5),
        ("add_capital", 0, 0, 10), ("add_capital", 0, 0, 3), ("add_capital", 0, 8, 33), ("add_capital", 0, 9, 18),
        ("publish_all", 0, 0, 0), ("drop_capital", 0, 0, 0), ("publish_all", 0, 0, 0), ("wait", 3, 1, 0),
        ("wait", 3, 1, 0),
    ],
    "a project moves to another zone, then into a cluster, then to another investor": [
        ("new_investor", 0, 0, 0), ("new_investor", 0, 0, 0), ("new_zone", 0, 0, 0), ("new_zone", 0, 0, 1),
        ("new_project", 0, 0, 0), ("publish_all", 0, 0, 0), ("move_project", 0, 1, 1), ("publish_all", 0, 0, 0),
        ("move_project", 0, 0, 2), ("publish_all", 0, 0, 0), ("move_project", 0, 1, 0),
    ],
    "of a set of clusters with one value, one is renamed and one withdrawn": [
        ("new_indicator", 0, 5, 0), ("publish_all", 0, 0, 0), ("rename", 0, 0, 0), ("publish_all", 0, 0, 0),
        ("withdraw", 1, 1, 0), ("add_value", 0, 1, 5), ("publish_all", 0, 0, 0), ("drop_value", 0, 0, 0),
    ],
    "the number of a cited row that was dropped is taken by another": [
        ("new_investor", 0, 0, 0), ("add_capital", 0, 0, 0), ("add_capital", 0, 3, 0), ("cite", 0, 0, 1),
        ("cite", 0, 0, 0), ("publish_all", 0, 0, 0), ("drop_capital", 0, 1, 0), ("publish_all", 0, 0, 0),
        ("add_capital", 0, 1, 2),
    ],
    "an assignment loses its decision, its zone and its cluster": [
        ("new_zone", 0, 0, 1), paper(ESTABLISHED), ("new_assignment", 0, 0, 1), ("publish_all", 0, 0, 0),
        ("withdraw", 0, 0, 0), ("withdraw", 0, 5, 0), ("withdraw", 0, 1, 0), ("rename", 7, 0, 0),
    ],
    "an incentive begins and ends, and its sector is withdrawn": [
        ("new_sector", 0, 0, 0), ("new_incentive", 0, 0, 2), ("new_incentive", 1, 8, 1), ("publish_all", 0, 0, 0),
        ("withdraw", 0, 8, 0), ("cite", 3, 0, 1), ("publish_all", 0, 0, 0),
    ],
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("story", STORIES)
def test_of_a_story_too_every_edition_is_what_the_oracle_says(story: str) -> None:
    office, mirror = Office(), Mirror()
    office.after_act = mirror.compare
    play(
        office,
        [("new_cluster", 0, 0, 0), ("new_cluster", 0, 0, 0), *STORIES[story], ("publish_all", 0, 0, 0)],
    )
    check_everything(office, random.Random(1))


def play(office: Office, steps: Sequence[Step]) -> None:
    for name, a, b, c in steps:
        getattr(office, name)(a, b, c)
