import pytest

from tests.admin.office import Office


@pytest.fixture
def office(db: None) -> Office:
    return Office()
