import pytest

from registry.queries.references import readers_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_who_would_lose_a_name_is_known_before_it_is_withdrawn(seeded: World) -> None:
    developer = seeded.decision(607).effects.get().developer
    assert developer is not None
    assert [reader.code for reader in readers_of(developer)] == ["tien-cuong-ii", "qd-jthdsjfd"]
    assert readers_of(seeded.tien_cuong_ii)[0].kind == "decision"
