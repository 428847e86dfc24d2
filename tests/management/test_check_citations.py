"""check_citations: every value as stated is looked for in its own paragraph."""

import pytest

from registry.ledger.context import recorded
from registry.models import Citation, Cluster, Investor, OperatingReport, SourceDocument
from tests.management.calling import manage

pytestmark = pytest.mark.django_db

FOUND = "Chủ đầu tư: Tiến Phát.\n\nVốn 900 triệu USD\n"


@pytest.fixture
def cited():
    with recorded(actor="nhap-lieu"):
        source = SourceDocument.objects.create(name="Bài báo", code="bai-bao")
        investor = Investor.objects.create(name="Tiến Phát")
        for field, locator, as_stated in (
            ("name", "đoạn 1", "Tiến Phát"),
            ("amount", "đoạn 2", "900 triệu USD"),
        ):
            Citation.objects.create(
                investor=investor, field=field, source=source, locator=locator, as_stated=as_stated
            )
    return investor


def cite(investor, source, locator, as_stated):
    with recorded(actor="nhap-lieu"):
        Citation.objects.create(
            investor=investor,
            field="amount",
            row_position=1,
            source=SourceDocument.objects.get_or_create(code=source, defaults={"name": source})[0],
            locator=locator,
            as_stated=as_stated,
        )


def write(folder, text, name="bai-bao.txt"):
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_values_are_found_whatever_the_spaces_and_the_unicode_form(cited, tmp_path):
    decomposed = "\ufeffChủ đầu tư: Tie\u0302\u0301n\u00a0 Phát.\r\n\r\n\u00a0\r\nVốn 900  triệu\r\nUSD\r\n"
    ended = manage("check_citations", write(tmp_path, decomposed))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "bai-bao.txt: bai-bao, 2 đoạn; tìm 2 giá trị, không thấy 0.\n"
        "Đã tìm 2 giá trị trong 1 tài liệu; không thấy 0. "
        "Ngoài ra 0 giá trị dẫn nguồn tham chiếu, không thuộc đoạn của tài liệu nào.\n"
    )


def test_a_value_in_another_paragraph_is_missing_and_the_nearest_that_has_it_is_named(cited, tmp_path):
    cite(cited, "bai-bao", "đoạn 2", "1 tỷ USD")
    ended = manage("check_citations", write(tmp_path, "Tiến Phát, 900 triệu USD\n\nKhông gì cả\n"))
    assert ended.code == 1
    assert (
        "KHÔNG THẤY investor:tien-phat, amount: “900 triệu USD” (bai-bao, đoạn 2); có ở đoạn 1.\n"
        in ended.out
    )
    assert (
        "KHÔNG THẤY investor:tien-phat, 1.amount: “1 tỷ USD” (bai-bao, đoạn 2); không đoạn nào có.\n"
        in ended.out
    )
    assert "tìm 3 giá trị, không thấy 2." in ended.out
    assert "2 giá trị không có trong đoạn đã nêu." in ended.err


def test_part_of_a_number_is_not_the_value(cited, tmp_path):
    ended = manage("check_citations", write(tmp_path, "Tiến Phát\n\nVốn 1.900 triệu USD\n"))
    assert ended.code == 1
    assert "không thấy 1." in ended.out


@pytest.mark.parametrize("locator", ["đoạn 3", "đoạn 0", "doan 1", "trang 1"])
def test_a_place_that_the_document_does_not_have_holds_nothing(cited, tmp_path, locator):
    cite(cited, "bai-bao", locator, "Tiến Phát")
    ended = manage("check_citations", write(tmp_path, FOUND))
    assert ended.code == 1
    assert f"“Tiến Phát” (bai-bao, {locator}); có ở đoạn 1." in ended.out


def test_what_a_report_of_operation_quotes_is_looked_for_too(cited, tmp_path):
    with recorded(actor="nhap-lieu"):
        OperatingReport.objects.create(
            cluster=Cluster.objects.create(name="An Thọ"),
            as_of_latest="2023-10-31",
            status="operating",
            source=SourceDocument.objects.get(code="bai-bao"),
            locator="đoạn 1",
            as_stated="đang hoạt động",
        )
    ended = manage("check_citations", write(tmp_path, FOUND))
    assert ended.code == 1
    assert "KHÔNG THẤY cluster:an-tho, operating_status: “đang hoạt động” (bai-bao, đoạn 1)" in ended.out


def test_a_file_of_another_name_is_known_by_the_values_it_holds(cited, tmp_path):
    ended = manage("check_citations", write(tmp_path, FOUND, "000_0a1b.TXT"))
    assert (ended.code, ended.err) == (0, "")
    assert "000_0a1b.TXT: bai-bao, 2 đoạn" in ended.out


def test_a_file_that_is_no_declared_document_is_refused_and_the_others_are_checked(cited, tmp_path):
    write(tmp_path, FOUND)
    # Half of the values is not enough.
    ended = manage("check_citations", write(tmp_path, "Tiến Phát\n\nViệc khác\n", "khac.txt"))
    assert ended.code == 2
    assert "Không rõ “khac.txt” là tài liệu nào." in ended.err
    assert "bai-bao.txt: bai-bao, 2 đoạn; tìm 2 giá trị, không thấy 0.\n" in ended.out
    assert "Đã tìm 2 giá trị trong 1 tài liệu; không thấy 0." in ended.out


def test_every_file_left_out_is_named_even_where_values_are_missing(cited, tmp_path):
    write(tmp_path, "Tiến Phát\n\nViệc khác\n", "khac.txt")
    (tmp_path / "la.txt").write_bytes(FOUND.encode("utf-16"))
    ended = manage("check_citations", write(tmp_path, "Tiến Phát\n\nKhông gì cả\n"))
    assert ended.code == 2
    assert "KHÔNG THẤY investor:tien-phat, amount" in ended.out
    assert "Không rõ “khac.txt” là tài liệu nào." in ended.err
    assert "“la.txt” không phải văn bản UTF-8." in ended.err


def test_two_files_of_one_document_are_refused(cited, tmp_path):
    write(tmp_path, FOUND)
    ended = manage("check_citations", write(tmp_path, FOUND, "ban-sao.txt"))
    assert ended.code == 2
    assert "“bai-bao.txt” và “ban-sao.txt” cùng là tài liệu bai-bao." in ended.err or (
        "“ban-sao.txt” và “bai-bao.txt” cùng là tài liệu bai-bao." in ended.err
    )


def test_a_document_without_a_file_is_missing(cited, tmp_path):
    cite(cited, "bai-khac", "đoạn 1", "1 tỷ USD")
    ended = manage("check_citations", write(tmp_path, FOUND))
    assert ended.code == 1
    assert "THIẾU TÀI LIỆU bai-khac: chưa tìm 1 giá trị." in ended.out
    assert "Thiếu 1 tài liệu: bai-khac." in ended.err


def test_values_from_lists_of_reference_are_counted_and_not_looked_for(cited, tmp_path):
    cite(cited, "danh-muc", "mã 11593", "An Phong")
    ended = manage("check_citations", write(tmp_path, FOUND))
    assert ended.code == 0
    assert "Ngoài ra 1 giá trị dẫn nguồn tham chiếu" in ended.out


def test_a_folder_that_is_not_there_or_holds_no_document_is_a_wrong_call(tmp_path):
    ended = manage("check_citations", str(tmp_path / "none"))
    assert (ended.code, ended.err) == (2, f"CommandError: Không có thư mục “{tmp_path / 'none'}”.\n")
    (tmp_path / "a.pdf").write_text("Tiến Phát")
    ended = manage("check_citations", str(tmp_path))
    assert (ended.code, ended.err) == (2, f"CommandError: Không có tệp .txt nào trong “{tmp_path}”.\n")
    assert manage("check_citations").code == 2


def test_a_file_that_cannot_be_read_is_named(cited, tmp_path):
    (tmp_path / "bai-bao.txt").write_bytes(FOUND.encode("utf-16"))
    ended = manage("check_citations", str(tmp_path))
    assert ended.code == 2
    assert "“bai-bao.txt” không phải văn bản UTF-8. Hãy lưu lại tệp với bảng mã UTF-8." in ended.err
    (tmp_path / "bai-bao.txt").unlink()
    (tmp_path / "bai-bao.txt").mkdir()
    ended = manage("check_citations", str(tmp_path))
    assert ended.code == 2
    assert "Không đọc được “bai-bao.txt”" in ended.err


def test_the_help_says_how_a_file_is_known_and_what_the_exit_codes_mean(capsys):
    assert manage("check_citations", "--help").code == 0
    said = capsys.readouterr().out
    assert "tệp mang tên là mã của tài liệu" in said
    assert "Mã thoát: 0 thấy tất cả; 1 có giá trị không thấy" in said
