"""The world of tests/world.py, for any test that asks for it.

`seeded` loads it for one test. `shared_world` loads it once for all the tests of a module, several times faster: for
modules in which no test has the mark `django_db` or asks for `db`, whose end closes the connection.
"""

from collections.abc import Iterator

import pytest


@pytest.fixture
def seeded(db):
    # Models can be imported only when Django is set up, which is after plugins are loaded.
    from tests.world import load

    return load()


@pytest.fixture
def whole_seed(db):
    """All that the repository seeds. Slow: for tests that need more than the small world."""
    from tests.world import WHOLE, load

    return load(WHOLE)


@pytest.fixture(scope="module")
def _loaded_world(django_db_setup: None, django_db_blocker) -> Iterator[object]:
    from django.db import transaction

    from tests.world import load

    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def shared_world(_loaded_world):
    """What a test writes is gone after it."""
    from django.db import transaction

    with transaction.atomic():
        yield _loaded_world
        transaction.set_rollback(True)
