from collections.abc import Iterator

import pytest

from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def _receivers_on_this_machine_are_allowed(settings) -> None:
    settings.WEBHOOK_PRIVATE_TARGETS = True
