"""check_citations: every value as stated is looked for in its own paragraph."""

import pytest

from registry.ledger.context import recorded
from registry.models import Citation, Investor, SourceDocument
from tests.management.calling import manage

pytestmark = pytest.mark.django_db


@pytest.fixture
def cited():
    with recorded(actor="nhap-lieu"):
        source = SourceDocument.objects.create(name="Bài báo", code="bai-bao")
        investor = Investor.objects.create(name="Tiến Phát")
        for locator, as_stated in (("đoạn 1", "Tiến Phát"), ("đoạn 2", "900 triệu USD")):
            Citation.objects.create(
                investor=investor, field="name", source=source, locator=locator, as_stated=as_stated
            )
    return investor


def write(folder, text):
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return str(folder)


def test_values_are_found_whatever_the_spaces_and_the_unicode_form(cited, tmp_path):
    decomposed = "Chủ đầu tư: Tie\u0302\u0301n\u00a0 Phát.\n\n\nVốn 900  triệu\nUSD\n"
    ended = manage("check_citations", write(tmp_path, decomposed))
    assert (ended.code, ended.err) == (0, "")
    assert "a.txt: bai-bao, 2 đoạn" in ended.out
    assert "Đã tìm 2 giá trị; không thấy 0." in ended.out


def test_a_value_in_another_paragraph_is_not_found(cited, tmp_path):
    ended = manage("check_citations", write(tmp_path, "Tiến Phát, 900 triệu USD\n\nKhông gì cả\n"))
    assert ended.code == 1
    assert "KHÔNG THẤY investor:tien-phat, name: “900 triệu USD” (bai-bao, đoạn 2)" in ended.out


def test_a_folder_without_documents_is_a_wrong_call(db, tmp_path):
    assert manage("check_citations", str(tmp_path)).code == 2
