"""`seeded`: the world of tests/world.py, for any test that asks for it."""

import pytest


@pytest.fixture
def seeded(db):
    # Models can be imported only when Django is set up, which is after plugins are loaded.
    from tests.world import load

    return load()
