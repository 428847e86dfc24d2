"""What can only be a slip is refused by name, and is no empty answer; what a list shows can order it."""

from datetime import date
from typing import Any

import pytest

from registry.actions.publish import publish_seed
from registry.api.urls import RESOURCES
from registry.ledger.context import recorded
from registry.models import Investor, SourceDocument
from tests.api.conftest import Partner
from tests.world import World

API = "/api/v1"


def refused(partner: Partner, address: str) -> tuple[str, str]:
    """The code and the Vietnamese sentence of a refusal."""
    answer = partner.read(API + address, 400)
    return answer["code"], answer["detail"]


def found(partner: Partner, address: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = partner.read(API + address)["results"]
    return rows


@pytest.mark.parametrize(
    ("address", "low", "high"),
    [
        ("/clusters/?area_ha_min=50&area_ha_max=49.9", "area_ha_min", "area_ha_max"),
        ("/decisions/?issued_on_from=2023-01-02&issued_on_to=2023-01-01", "issued_on_from", "issued_on_to"),
        ("/investors/?capital_usd_min=2&capital_usd_max=1", "capital_usd_min", "capital_usd_max"),
        ("/places/?valid_from_from=2025-07-02&valid_from_to=2025-07-01", "valid_from_from", "valid_from_to"),
        (
            "/zones/?changed_since=2026-01-02&changed_before=2026-01-01T10:00:00Z",
            "changed_since",
            "changed_before",
        ),
        ("/zones/?changed_since=2026-01-02&changed_before=2026-01-02", "changed_since", "changed_before"),
    ],
)
def test_bounds_that_cross_are_refused(
    partner: Partner, seeded: World, at: Any, address: str, low: str, high: str
) -> None:
    code, told = refused(partner, address)
    assert code == "parameter_conflict"
    assert f"“{low}” lớn hơn “{high}”" in told


def test_bounds_that_meet_find_what_lies_on_them(partner: Partner, seeded: World, at: Any) -> None:
    assert [row["code"] for row in found(partner, "/clusters/?area_ha_min=47.8&area_ha_max=47.8")] == [
        "tien-cuong-ii"
    ]


@pytest.mark.parametrize(
    ("address", "name", "where"),
    [
        ("/clusters/?developer=khong-co", "developer", "investors"),
        ("/clusters/?sector=khong-co", "sector", "sectors"),
        ("/clusters/?source=vneconomy-2023-10,khong-co", "source", "sources"),
        ("/decisions/?cluster=khong-co", "cluster", "clusters"),
        ("/decisions/?issuer=khong-co", "issuer", "authorities"),
        ("/projects/?investor=khong-co", "investor", "investors"),
        ("/projects/?zone=khong-co", "zone", "zones"),
        ("/investors/?group=khong-co", "group", "investors"),
        ("/indicators/?project=khong-co", "project", "projects"),
        ("/incentives/?legal_instrument=khong-co", "legal_instrument", "legal-instruments"),
        ("/assignments/?lead=khong-co", "lead", "authorities"),
        ("/zones/?linked_with=khong-co", "linked_with", "zones"),
        ("/authorities/?successor=khong-co", "successor", "authorities"),
        ("/places/?within=khong-co", "within", "places"),
        ("/places/?predecessor=khong-co", "predecessor", "places"),
        ("/land/available/?developer=khong-co", "developer", "investors"),
    ],
)
def test_a_code_of_no_record_is_refused_with_where_to_find_one(
    partner: Partner, seeded: World, at: Any, address: str, name: str, where: str
) -> None:
    code, told = refused(partner, address)
    assert code == ("place_unknown" if where == "places" else "record_not_found")
    assert f"Tham số “{name}”" in told
    assert "“khong-co”" in told
    assert f"/api/v1/{where}/?search=" in told


def test_a_draft_is_no_record_and_what_was_published_later_is_one(
    partner: Partner, seeded: World, at: Any
) -> None:
    with recorded(actor="lan"):
        Investor.objects.create(name="Công ty nháp", code="cong-ty-nhap")
    assert refused(partner, "/clusters/?developer=cong-ty-nhap") == (
        refused(partner, "/clusters/?developer=cong-ty-khac")[0],
        refused(partner, "/clusters/?developer=cong-ty-khac")[1].replace("cong-ty-khac", "cong-ty-nhap"),
    )
    assert found(partner, "/clusters/?developer=tien-phat&known_seq=0") == []


@pytest.mark.parametrize("address", ["/clusters/?search=...", "/clusters/?search=%E2%80%94", "/search/?q=!?"])
def test_a_search_for_punctuation_says_what_to_do(
    partner: Partner, seeded: World, at: Any, address: str
) -> None:
    code, told = refused(partner, address)
    assert code == "parameter_malformed"
    assert "Hãy ghi ít nhất một từ." in told


@pytest.mark.parametrize(
    ("resource", "ordering"), [(resource.name, name) for resource in RESOURCES for name in resource.orderings]
)
def test_every_order_walks_through_all_of_the_list_and_back(
    partner: Partner, seeded: World, at: Any, resource: str, ordering: str
) -> None:
    for sign in ("", "-"):
        rows = found(partner, f"/{resource}/?ordering={sign}{ordering}")
        walked: list[dict[str, Any]] = []
        address: str | None = f"{API}/{resource}/?ordering={sign}{ordering}&page_size=2"
        while address:
            answer = partner.read(address)
            walked += answer["results"]
            address = answer["next"]
        assert walked == rows, ordering


def test_documents_are_ordered_and_found_by_publisher_day_and_number(
    partner: Partner, seeded: World, at: Any
) -> None:
    with recorded(actor="lan"):
        rows = [
            SourceDocument.objects.create(
                name=f"Bài {publisher}",
                publisher=publisher,
                reference=reference,
                published_latest=day,
                published_earliest=day,
            )
            for publisher, reference, day in (
                ("Đầu Tư", "Số 12", date(2024, 1, 1)),
                ("Dân Trí", "7", date(2025, 1, 1)),
                ("An ninh", "", date(2023, 1, 1)),
            )
        ]
    publish_seed(rows, at=at(2026, 2, 2), today=date(2026, 2, 2))
    ours = {row.code for row in rows}

    def titles(query: str) -> list[str]:
        return [row["publisher"] for row in found(partner, f"/sources/?{query}") if row["id"] in ours]

    assert titles("ordering=publisher") == ["An ninh", "Dân Trí", "Đầu Tư"]
    assert titles("ordering=-published_on") == ["Dân Trí", "Đầu Tư", "An ninh"]
    assert titles("ordering=reference") == ["An ninh", "Dân Trí", "Đầu Tư"]
    assert titles("publisher=dau tu") == ["Đầu Tư"]
    assert titles("reference=số 12") == ["Đầu Tư"]
    assert titles("reference_unknown=true") == ["An ninh"]
    assert titles("publisher=dau") == []
