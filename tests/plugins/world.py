"""The world of tests/world.py, for any test that asks for it.

`seeded` loads it for one test. `shared_world` loads it once for all the tests of a module, several times faster: for
modules in which no test has the mark `django_db` or asks for `db`, whose end closes the connection. `whole_seed`, all
that the repository seeds, takes seconds: the tests that ask for it come last and find it loaded. What takes longest
comes first.
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


class WholeSeed:
    """All that the repository seeds, from the first test that asks for it to the next one that does not."""

    def __init__(self) -> None:
        self.world: object = None
        self.loaded = ExitStack()

    def load(self, blocker) -> object:
        from tests.world import WHOLE, load

        if self.world is None:
            self.loaded.enter_context(blocker.unblock())
            self.loaded.enter_context(undone())
            self.world = load(WHOLE)
        return self.world

    def put_away(self) -> None:
        self.world = None
        self.loaded.close()


WHOLE_SEED = WholeSeed()


def wants_the_whole_seed(item: pytest.Item) -> bool:
    return "_loaded_whole_seed" in getattr(item, "fixturenames", ())


#: A process takes over tests from the end of what the other has left. Were it these, both would make what the leak
#: matrix prepares, for most of a minute; or one would wait at the end for a single long test of the other. They leave
#: nothing in the database, so that they can come first.
LONGEST = {"test_leak_matrix.py", "test_rebuild.py", "test_bench.py"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # After pytest-django has sorted them.
    items.sort(key=lambda item: (item.path.name not in LONGEST, wants_the_whole_seed(item)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    # Not only at the end: a process may take over tests of the other one.
    if not wants_the_whole_seed(item):
        WHOLE_SEED.put_away()


@pytest.fixture(scope="session")
def _whole_seed_put_away(django_db_setup: None) -> Iterator[None]:
    yield
    WHOLE_SEED.put_away()


@pytest.fixture(scope="module")
def _loaded_whole_seed(_whole_seed_put_away: None, django_db_blocker) -> object:
    return WHOLE_SEED.load(django_db_blocker)


@pytest.fixture
def shared_world(_loaded_world: object) -> Iterator[object]:
    """The small world; what a test writes is gone after it."""
    with undone():
        yield _loaded_world


@pytest.fixture
def whole_seed(_loaded_whole_seed: object, db: None) -> object:
    """All that the repository seeds; what a test writes is gone after it."""
    return _loaded_whole_seed
