"""Questions that are asked past Django: in a server as it runs, and still seen by whoever counts queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.queries import prepared
from registry.queries.editions import edition, position

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What goes past Django, as it is asked."""
    found: list[str] = []
    ask = prepared._asked

    def noted(here, sql, *rest):
        found.append(sql)
        return ask(here, sql, *rest)

    monkeypatch.setattr(prepared, "_asked", noted)
    return found


def test_what_every_connection_carries_stands_in_nobodys_way(asked):
    connection.ensure_connection()
    position()
    edition("cluster", "ccn-1", known_seq=1, valid_on="2026-01-01")
    assert len(asked) == 2


def test_who_listens_hears_it(asked):
    with CaptureQueriesContext(
        connection,
    ) as heard:
        position()
    told: list[str] = []

    def listener(execute, sql, *rest):
        told.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listener):
        position()
    assert (len(heard), len(told), asked) == (1, 1, [])
