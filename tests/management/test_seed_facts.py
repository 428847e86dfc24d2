"""seed_facts: every value with its source, as a page."""

import pytest

from registry.ledger.context import recorded
from registry.models import Citation, Investor, SourceDocument
from tests.management.calling import manage

pytestmark = pytest.mark.django_db


@pytest.fixture
def investor():
    with recorded(actor="nhap-lieu"):
        return Investor.objects.create(name="Tiến | Phát", enterprise_code="0100047516")


def cite(investor, field, as_stated, locator="đoạn 1"):
    with recorded(actor="nhap-lieu"):
        source = SourceDocument.objects.get_or_create(code="bai-bao", defaults={"name": "Bài báo"})[0]
        Citation.objects.create(
            investor=investor, field=field, source=source, locator=locator, as_stated=as_stated
        )


def test_an_empty_registry_has_no_values():
    ended = manage("seed_facts")
    assert (ended.code, ended.err) == (0, "")
    assert "| values | 0 |" in ended.out


def test_a_value_that_nothing_states_is_listed_before_all_others(investor):
    cite(investor, "name", "Tiến | Phát")
    cite(investor, "kind", "Công ty TNHH")
    out = manage("seed_facts").out
    assert "| values without a source | 1 |" in out
    lost = out.index("| investor:tien-phat | enterprise_code | 0100047516 |\n")
    stated = out.index(
        "| investor:tien-phat | name | Tiến \\| Phát | bai-bao | đoạn 1 | Tiến \\| Phát | agrees |\n"
    )
    assert out.index("## Without a source") < lost < stated


def test_what_another_document_says_instead_stands_beside_and_is_no_source(investor):
    cite(investor, "name", "Tiến | Phát")
    cite(investor, "kind", "Công ty TNHH")
    cite(investor, "name", "Tiến Đạt", "trang 2")
    cite(investor, "enterprise_code", "0100233488")
    out = manage("seed_facts").out
    assert "| Tiến \\| Phát | bai-bao | trang 2 | Tiến Đạt | disagrees |\n" in out
    assert "| 0100047516 | bai-bao | đoạn 1 | 0100233488 | disagrees |\n" in out
    assert "| values without a source | 1 |" in out
    assert "| traces that read: disagrees | 2 |" in out


def test_a_classification_is_a_value_as_any_other(investor):
    assert "| investor:tien-phat | kind | Doanh nghiệp |\n" in manage("seed_facts").out
    cite(investor, "kind", "Tập đoàn Tiến Phát")
    out = manage("seed_facts").out
    assert "| investor:tien-phat | kind | Doanh nghiệp |\n" in out
    assert "| kind | Doanh nghiệp | bai-bao | đoạn 1 | Tập đoàn Tiến Phát | disagrees |\n" in out


def test_structure_is_named_each_column_with_why(investor):
    out = manage("seed_facts").out
    structure = out[out.index("## Structure") :]
    assert "| position | the number of the row under its record |\n" in structure
    assert "| code | the code we gave the record |\n" in structure
