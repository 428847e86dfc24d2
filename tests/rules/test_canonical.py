"""Contents of former releases, read in today's shape."""

import pytest

from registry.rules.canonical import CONTENT_VERSION, upcast


def test_what_was_said_of_zones_gets_the_numbers_that_the_upgrade_gave_the_rows() -> None:
    said = {
        "name": "KCN Tràng Duệ",
        "statuses": [
            {"id": 7, "status": "planned", "as_of_latest": "2023-12-31"},
            {"id": 3, "status": "existing", "as_of_latest": "2025-12-31"},
        ],
    }
    now = upcast("zone", 2, said)
    assert [(row["id"], row["position"]) for row in now["statuses"]] == [(7, 1), (3, 2)]
    assert now["linked_with"] == []
    assert upcast("zone", CONTENT_VERSION, now) == now


def test_other_kinds_say_what_they_said() -> None:
    assert upcast("sector", 2, {"name": "Dệt may"}) == {"name": "Dệt may"}


def test_a_content_of_a_later_release_is_refused() -> None:
    with pytest.raises(ValueError, match="newer than this release"):
        upcast("zone", CONTENT_VERSION + 1, {})
