"""The world of tests/world.py, for any test that asks for it.

`seeded` loads it for one test. `shared_world` loads it once for all the tests of a module, several times faster: for
modules in which no test has the mark `django_db` or asks for `db`, whose end closes the connection. `whole_seed`, all
that the repository seeds, takes seconds: it is loaded once for a module, whose later tests all find it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest


@pytest.fixture
def seeded(db):
    # Models can be imported only when Django is set up, which is after plugins are loaded.
    from tests.world import load

    return load()


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone after it."""
    from django.db import connections, transaction

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        yield
        for alias in connections:
            transaction.set_rollback(True, using=alias)


@pytest.fixture(scope="module")
def _loaded_world(django_db_setup: None, django_db_blocker) -> Iterator[object]:
    from tests.world import load

    with django_db_blocker.unblock(), undone():
        yield load()


@pytest.fixture(scope="module")
def _loaded_whole_seed(django_db_setup: None, django_db_blocker) -> Iterator[object]:
    from tests.world import WHOLE, load

    with django_db_blocker.unblock(), undone():
        yield load(WHOLE)


@pytest.fixture
def shared_world(_loaded_world: object) -> Iterator[object]:
    """The small world; what a test writes is gone after it."""
    with undone():
        yield _loaded_world


@pytest.fixture
def whole_seed(_loaded_whole_seed: object, db: None) -> object:
    """All that the repository seeds; what a test writes is gone after it."""
    return _loaded_whole_seed
