"""What a process writes by itself, beside its requests. In a database of its own: the writer has its own connection."""

from time import monotonic, sleep

import pytest

from registry.api.metering import Meter
from registry.models import ApiKeyUse
from tests.api.conftest import NOW
from tests.keys import new_key


@pytest.mark.django_db(transaction=True)
def test_a_process_writes_by_itself_and_once_more_when_it_ends(at):
    key, _ = new_key("A", at=NOW)
    meter = Meter(every=0.05)
    meter.count(key.pk, NOW, refused=False)
    deadline = monotonic() + 20
    while not ApiKeyUse.objects.filter(key=key).exists():
        assert monotonic() < deadline
        sleep(0.05)
    meter.every = 3600
    meter.count(key.pk, NOW, refused=True)
    meter.end()
    assert ApiKeyUse.objects.values_list("requests", "refused").get(key=key) == (2, 1)
