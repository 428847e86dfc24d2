"""A whole list as one file: the same records as its pages, in cells of the right kind, and never a formula."""

import csv
import io
import json
from datetime import date, datetime
from functools import partial

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from registry.actions.publish import publish_seed
from registry.api import changes, exports, land, searches, workbooks
from registry.api.column_names import NAMES
from registry.api.exports import FILES
from registry.api.tables import table_of
from registry.api.urls import RESOURCES
from registry.ledger.context import recorded
from registry.models import Investor
from tests.api.conftest import found_clusters
from tests.api.test_refusals import problem_of

LISTS = [f"{resource.name}/" for resource in RESOURCES]


def content(response) -> bytes:
    assert response.status_code == 200, b"".join(response)
    return b"".join(response.streaming_content)


def file(partner, address: str) -> bytes:
    return content(partner.get(address))


def lines(partner, address: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in file(partner, address).splitlines()]


def rows(partner, address: str) -> list[dict[str, str]]:
    text = file(partner, address).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def sheets(partner, address: str) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(file(partner, address)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def records(sheet: list[list[object]]) -> list[dict[str, object]]:
    """The rows of a sheet by the machine's names, which stand in its second row."""
    return [dict(zip(sheet[1], row, strict=True)) for row in sheet[2:]]


@pytest.mark.parametrize("address", LISTS)
def test_every_list_is_a_file_of_the_same_records_in_the_same_order(seeded, partner, address):
    bodies = partner.results(address)
    assert lines(partner, f"{address}?format=jsonl") == bodies
    key = "id" if bodies and "id" in bodies[0] else "code"
    assert [row[key] for row in rows(partner, f"{address}?format=csv")] == [body[key] for body in bodies]
    main = next(iter(sheets(partner, f"{address}?format=xlsx").values()))
    assert [row[key] for row in records(main)] == [body[key] for body in bodies]


def test_filters_order_and_both_clocks_hold_for_files(seeded, partner):
    for query in (
        "legal_stage=established&ordering=-area_ha&valid_on=2022-04-01",
        "search=giang",
        "known_seq=0",
        "valid_on=2020-01-01&ordering=-name",
    ):
        bodies = partner.results(f"clusters/?{query}")
        assert lines(partner, f"clusters/?{query}&format=jsonl") == bodies
        found = rows(partner, f"clusters/?{query}&format=csv")
        assert [row["code"] for row in found] == [body["code"] for body in bodies]


def test_json_is_the_page_that_there_is_without_a_format(seeded, partner):
    page, asked = partner.read("clusters/?page_size=2"), partner.read("clusters/?page_size=2&format=json")
    assert page["results"] == asked["results"]
    assert "format=json" in asked["next"]


def test_a_file_has_its_media_type_name_tag_and_clocks(seeded, partner):
    for asked, media_type in FILES.items():
        response = partner.get(f"clusters/?format={asked}&valid_on=2022-04-01")
        assert response["Content-Type"] == media_type
        assert response["Content-Disposition"] == f'attachment; filename="clusters-2022-04-01-1.{asked}"'
        assert (response["Registry-Valid-On"], response["Registry-Known-Seq"]) == ("2022-04-01", "1")
        etag = response["ETag"]
        same = partner.get(
            f"clusters/?format={asked}&valid_on=2022-04-01", headers={"Accept-Encoding": "gzip"}
        )
        assert same.get("Content-Encoding") == (None if asked == "xlsx" else "gzip")
        again = partner.get(f"clusters/?format={asked}&valid_on=2022-04-01", headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        head = partner.client.head(f"/api/v1/clusters/?format={asked}&valid_on=2022-04-01")
        assert (head.status_code, head["ETag"]) == (200, etag)


def test_the_same_list_is_the_same_bytes(seeded, partner):
    for asked in FILES:
        assert file(partner, f"clusters/?format={asked}") == file(partner, f"clusters/?format={asked}")


def test_the_address_says_what_is_asked_for_whatever_accept_says(seeded, partner):
    for accept in ("application/json", "text/html,application/xhtml+xml", "image/png"):
        response = partner.get("clusters/?format=csv", headers={"Accept": accept})
        assert (response.status_code, response["Content-Type"]) == (200, FILES["csv"])


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("format=xls", "code_unknown", "xlsx"),
        ("format=CSV", "code_unknown", "csv"),
        ("format=", "parameter_empty", "format"),
        ("format=csv&page_size=10", "parameter_conflict", "page_size"),
        ("format=xlsx&count=true", "parameter_conflict", "count"),
        ("format=jsonl&cursor=x", "parameter_conflict", "cursor"),
        ("format=csv&legalstage=x", "parameter_unknown", "legal_stage"),
        ("format=xlsx&legal_stage=x", "code_unknown", "established"),
        ("format=csv&known_seq=99", "known_in_future", "known_seq"),
    ],
)
def test_a_file_that_cannot_be_had_is_a_problem(seeded, partner, query, code, says):
    body = problem_of(partner.get(f"clusters/?{query}"))
    assert body["code"] == code
    assert says in body["detail"]


def test_a_workbook_has_typed_cells(seeded, partner):
    book = sheets(partner, "clusters/?format=xlsx&valid_on=2022-04-01")
    row = next(row for row in records(book["Cụm công nghiệp"]) if row["code"] == "tien-cuong-ii")
    assert row["area_ha"] == 47.8
    assert isinstance(row["area_ha"], float)
    assert row["legal_stage_decision.number"] == "607/QĐ-UBND"
    assert row["legal_stage_label.vi"] == "Đã thành lập"
    assert row["area_high_ha"] == ""
    timeline = [entry for entry in records(book["Diễn biến"]) if entry["code"] == "tien-cuong-ii"]
    assert row["timeline"] == len(timeline)
    body = partner.read("clusters/tien-cuong-ii/?valid_on=2022-04-01")
    assert [entry["on"] for entry in timeline] == [date.fromisoformat(e["on"]) for e in body["timeline"]]
    assert [entry["position"] for entry in timeline] == list(range(1, len(timeline) + 1))
    assert [entry["decision.number"] for entry in timeline] == [
        e["decision"]["number"] for e in body["timeline"]
    ]
    decisions = records(next(iter(sheets(partner, "decisions/?format=xlsx").values())))
    found = next(row for row in decisions if row["number"] == "607/QĐ-UBND")
    assert found["issued_on"] == date(2022, 2, 23)
    assert found["in_force"] is True


def test_codes_keep_their_leading_zeros(seeded, partner, at):
    code = "0100047516"
    with recorded(actor="seed"):
        investor = Investor(name="Tập đoàn có mã", enterprise_code=code)
        investor.save()
    publish_seed([investor], at=at(2026, 2, 3), today=date(2026, 2, 3))
    main = next(iter(sheets(partner, f"investors/?format=xlsx&enterprise_code={code}").values()))
    assert [row["enterprise_code"] for row in records(main)] == [code]
    assert [r["enterprise_code"] for r in rows(partner, f"investors/?format=csv&enterprise_code={code}")] == [
        code
    ]


def test_a_workbook_says_in_vietnamese_what_it_holds_and_where_it_is_from(seeded, partner):
    book = sheets(partner, "clusters/?format=xlsx&valid_on=2022-04-01&search=giang")
    main = book["Cụm công nghiệp"]
    assert dict(zip(main[1], main[0], strict=True))["developer.code"] == "Chủ đầu tư hạ tầng – Mã"
    facts = {name: value for _, name, value in book["Về tập tin này"]}
    assert facts["publisher"] == settings.PUBLISHING_OFFICE
    assert facts["valid_on"] == date(2022, 4, 1)
    assert facts["known_seq"] == "1"
    assert isinstance(facts["known_at"], datetime)
    assert facts["url"].endswith("/api/v1/clusters/?format=xlsx&valid_on=2022-04-01&search=giang")


def test_every_row_of_a_csv_says_by_which_clocks_it_is_true(seeded, partner):
    body = partner.read("clusters/?valid_on=2022-04-01")
    for row in rows(partner, "clusters/?format=csv&valid_on=2022-04-01"):
        assert row["registry_valid_on"] == "2022-04-01"
        assert row["registry_known_seq"] == "1"
        assert row["registry_known_at"] == body["known_at"]


def test_a_csv_holds_lists_of_objects_as_json(seeded, partner):
    for row, body in zip(rows(partner, "clusters/?format=csv"), partner.results("clusters/"), strict=True):
        assert (json.loads(row["timeline"]) if row["timeline"] else []) == body["timeline"]
        assert row["sectors"] == "; ".join(body["sectors"])
        assert row["area_ha"] == ("" if body["area_ha"] is None else json.dumps(body["area_ha"]))


def test_an_empty_list_is_a_file_with_its_names_only(seeded, partner):
    assert file(partner, "clusters/?known_seq=0&format=jsonl") == b""
    assert file(partner, "clusters/?known_seq=0&format=csv").decode().startswith("\ufeffcode,name,")
    assert len(next(iter(sheets(partner, "clusters/?known_seq=0&format=xlsx").values()))) == 2


def test_every_column_has_a_vietnamese_name_and_no_two_of_a_table_share_one():
    others = (changes.Change, searches.SearchResult, land.AvailableLand)
    for shape in (*(resource.serializer for resource in RESOURCES), *others):
        table = table_of(shape)
        for columns in (table.columns, *(part.columns for part in table.parts)):
            assert [c.name for c in columns if not set(c.path) <= set(NAMES)] == []
            assert len({c.vi for c in columns}) == len(columns), shape
        assert [part.name for part in table.parts if not set(part.path) <= set(NAMES)] == []


def test_the_change_feed_is_a_file_up_to_the_last_announcement(seeded, partner):
    whole = partner.results("changes/")
    assert lines(partner, "changes/?format=jsonl") == whole
    after = whole[3]["seq"]
    assert lines(partner, f"changes/?format=jsonl&after={after}&resource=clusters") == [
        change for change in whole[4:] if change["resource"] == "clusters"
    ]
    found = rows(partner, "changes/?format=csv")
    assert [int(row["seq"]) for row in found] == [change["seq"] for change in whole]
    assert {row["registry_last_seq"] for row in found} == {str(whole[-1]["seq"])}
    sheet = sheets(partner, "changes/?format=xlsx")["Thông báo"]
    assert [row["seq"] for row in records(sheet)] == [change["seq"] for change in whole]
    assert {row["last_day"] for row in records(sheet)} <= {date(9999, 12, 30)}
    assert problem_of(partner.get("changes/?format=csv&limit=5"))["code"] == "parameter_conflict"


def test_a_search_and_the_land_available_are_files_too(seeded, partner, monkeypatch):
    monkeypatch.setattr(searches, "PORTION", 3)
    for address, name in (("search/?q=cong", "search"), ("land/available/?", "land-available")):
        bodies = partner.results(address)
        response = partner.get(f"{address}&format=jsonl")
        assert response["Content-Disposition"] == f'attachment; filename="{name}-2026-02-02-1.jsonl"'
        assert [json.loads(line) for line in content(response).splitlines()] == bodies
        assert [row["code"] for row in rows(partner, f"{address}&format=csv")] == [b["code"] for b in bodies]
        book = sheets(partner, f"{address}&format=xlsx")
        assert [row["code"] for row in records(next(iter(book.values())))] == [b["code"] for b in bodies]
    assert len(partner.results("search/?q=cong")) > 3
    assert problem_of(partner.get("search/?q=cong&format=csv&page_size=2"))["code"] == "parameter_conflict"


def test_a_file_of_some_members_has_their_columns_only(seeded, partner):
    query = "clusters/?fields=code,timeline&valid_on=2022-04-01"
    assert lines(partner, f"{query}&format=jsonl") == partner.results(query)
    told = ["registry_valid_on", "registry_known_seq", "registry_known_at"]
    assert list(rows(partner, f"{query}&format=csv")[0]) == ["code", "timeline", *told]
    book = sheets(partner, f"{query}&format=xlsx")
    assert list(book) == ["Cụm công nghiệp", "Diễn biến", "Về tập tin này"]
    assert book["Cụm công nghiệp"][1] == ["code", "timeline"]


def test_a_file_is_read_in_portions_that_neither_repeat_nor_drop(seeded, partner, monkeypatch):
    monkeypatch.setattr(exports, "PORTION", 3)
    monkeypatch.setattr(changes, "PORTION", 3)
    for address in ("clusters/?ordering=-area_ha&", "decisions/?", "changes/?"):
        assert lines(partner, f"{address}format=jsonl") == partner.results(address)


def test_who_publishes_meanwhile_changes_nothing_in_the_file(seeded, partner, at, monkeypatch):
    monkeypatch.setattr(exports, "PORTION", 3)
    before = partner.results("clusters/")
    response = partner.get("clusters/?format=jsonl")
    parts = iter(response.streaming_content)
    found_clusters(["Aa mới", "Zz mới"], at(2026, 2, 3))
    assert [json.loads(line) for line in b"".join(parts).splitlines()] == before
    assert len(partner.results("clusters/")) == len(before) + 2


def test_a_file_opens_no_transaction_and_a_workbook_of_too_many_is_refused(seeded, partner, monkeypatch):
    sql = queries_of(lambda: [file(partner, f"clusters/?format={asked}") for asked in FILES])
    assert [q for q in sql if q.split()[0] not in ("SELECT", "INSERT", "UPDATE")] == []
    monkeypatch.setattr(workbooks, "MOST_ROWS", 5)
    body = problem_of(partner.get("clusters/?format=xlsx"))
    assert body["code"] == "export_too_large"
    assert lines(partner, "clusters/?format=jsonl")


def queries_of(act) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries]


def test_the_history_of_a_record_is_a_file_too(seeded, partner, at, monkeypatch):
    monkeypatch.setattr("registry.api.histories.PORTION", 2)
    investor = Investor.objects.get(code="tien-phat")
    for n in (1, 2, 3):
        with recorded(actor="lan"):
            investor.name = f"Tiến Phát {n}"
            investor.save()
        publish_seed([investor], at=at(2026, 2, 2 + n), today=date(2026, 2, 2 + n))
    address = "investors/tien-phat/history/"
    told = partner.results(address)
    assert len(told) == 4
    assert lines(partner, f"{address}?format=jsonl") == told
    assert [row["seq"] for row in rows(partner, f"{address}?format=csv")] == [str(row["seq"]) for row in told]
    first, *_ = sheets(partner, f"{address}?format=xlsx").values()
    assert [row["seq"] for row in records(first)] == [row["seq"] for row in told]
    before = lines(partner, f"{address}?format=jsonl&known_seq=1")
    assert before == told[-1:]
    assert problem_of(partner.get(f"{address}?format=csv&page_size=2"))["code"] == "parameter_conflict"
    assert "tien-phat-history" in partner.get(f"{address}?format=csv")["Content-Disposition"]


@pytest.mark.parametrize("asked", list(FILES))
def test_whoever_asks_for_the_head_of_a_file_makes_none(seeded, partner, asked):
    """One question more of the database than without a file would be one for its records. A workbook's rows are
    counted, for it is refused when there are too many; they are read once, and not again for each sheet."""
    head = queries_of(lambda: partner.client.head(f"/api/v1/clusters/?format={asked}"))
    assert len([sql for sql in head if "body" in sql]) == (asked == "xlsx")
    made = queries_of(lambda: file(partner, f"clusters/?format={asked}"))
    assert len([sql for sql in made if "body" in sql]) > (asked == "xlsx")


WORKBOOKS = [
    "clusters/?format=xlsx",
    "search/?q=cong&format=xlsx",
    "changes/?format=xlsx",
    "decisions/?format=xlsx&fields=number,sources",
    "clusters/giang-bien/history/?format=xlsx",
]


@pytest.mark.parametrize("address", WORKBOOKS)
def test_a_workbook_of_too_many_rows_is_refused_however_it_is_asked_for(
    seeded, partner, monkeypatch, address
):
    monkeypatch.setattr(workbooks, "MOST_ROWS", workbooks.NAME_ROWS)
    refused = partner.get(address)
    assert problem_of(refused)["code"] == "export_too_large"
    head = partner.client.head(f"/api/v1/{address}")
    assert (head.status_code, head.content, head["Content-Type"]) == (400, b"", refused["Content-Type"])
    assert head["Content-Length"] == refused["Content-Length"]
    assert not head.has_header("ETag")
    assert not refused.has_header("ETag")
    for method in ("get", "head"):
        anything = getattr(partner.client, method)(f"/api/v1/{address}", headers={"If-None-Match": "*"})
        assert anything.status_code == 400


@pytest.mark.parametrize("address", WORKBOOKS)
def test_who_sends_back_the_tag_of_a_workbook_waits_for_no_count(seeded, partner, address):
    tag = partner.client.head(f"/api/v1/{address}")["ETag"]
    assert partner.get(address)["ETag"] == tag
    for method in ("get", "head"):
        ask = getattr(partner.client, method)
        told = queries_of(partial(ask, f"/api/v1/{address}", headers={"If-None-Match": tag}))
        assert not [sql for sql in told if "body" in sql]
        assert ask(f"/api/v1/{address}", headers={"If-None-Match": tag}).status_code == 304
    assert partner.get(address, headers={"If-None-Match": "*"}).status_code == 304
