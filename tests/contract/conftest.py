"""Two servers for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.served import Served, filled, served


@pytest.fixture(scope="module")
def registry(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("registry")
    with django_db_blocker.unblock():
        keys = filled(folder)
    with served(folder) as closed, served(folder, ANONYMOUS_READING="1") as everybody:
        yield Served(closed, everybody, keys)
