"""Nothing writes by itself while a test runs: what keys were used for is written when a test says so."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _meter_waits() -> Iterator[None]:
    from registry.api.metering import METER

    every, METER.every = METER.every, 0
    yield
    METER.every = every
