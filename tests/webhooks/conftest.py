from collections.abc import Iterator
from copy import copy
from dataclasses import replace

import pytest

from tests.webhooks.receiver import Receiver, receiving
from tests.webhooks.subscribing import Time, subscribe


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def _receivers_on_this_machine_are_allowed(settings) -> None:
    settings.WEBHOOK_PRIVATE_TARGETS = True


@pytest.fixture(autouse=True)
def _everybody_may_read(settings) -> None:
    """A partner without a key is told too."""
    settings.ANONYMOUS_READING = True


@pytest.fixture
def seeded(shared_world):
    """The world, with an investor of this test's own: tests rename it."""
    return replace(shared_world, tien_phat=copy(shared_world.tien_phat))


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def subscribed(seeded, receiver, time):
    """A webhook of every scope, and its secret."""
    return subscribe(receiver, time)
