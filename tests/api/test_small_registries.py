"""Registries without the seed: empty ones, and ones made for an order or a price."""

import pytest

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import Authority, Investor
from registry.rules.text import sort_key
from tests.api.conftest import found_clusters, queries
from tests.world import TODAY

RESOURCES = ("clusters", "decisions", "investors", "places", "authorities", "sources", "legal-instruments")


def test_an_empty_registry_answers_with_empty_lists(partner):
    for resource in RESOURCES:
        body = partner.read(f"{resource}/")
        assert (body["results"], body["known_seq"], body["known_at"], body["next"]) == ([], 0, None, None)
    assert partner.refused("clusters/giang-bien/", 404)["code"] == "record_unknown"
    assert partner.refused("clusters/?known_seq=1", 400)["code"] == "known_in_future"
    assert partner.read("changes/") == {"last_seq": 0, "next": None, "results": []}
    assert partner.read("ledger/checkpoint/") == {"seq": 0, "hash": None, "publication": 0, "at": None}


def test_names_follow_the_vietnamese_alphabet(db, partner, at):
    names = [
        "Đồ Sơn",
        "An Lão",
        "Ân Thi",
        "Ăn Voi",
        "Dũng Tiến",
        "Cụm 10",
        "Cụm 9",
        "Êa",
        "Eo",
        "Ước",
        "Uông",
    ]
    found_clusters(names, at=at(2026, 2, 1))
    expected = [
        "An Lão",
        "Ăn Voi",
        "Ân Thi",
        "Cụm 9",
        "Cụm 10",
        "Dũng Tiến",
        "Đồ Sơn",
        "Eo",
        "Êa",
        "Uông",
        "Ước",
    ]
    assert [c["name"] for c in partner.results("clusters/?page_size=2")] == expected
    assert [c["name"] for c in partner.results("clusters/?page_size=2&ordering=-name")] == expected[::-1]
    assert expected == sorted(names, key=sort_key)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "&count=true",
        "&search=cum+1",
        "&legal_stage=unknown&place=x",
        "&known_at=2026-02-01",
        "&ordering=-area_ha",
    ],
)
def test_a_page_takes_at_most_four_queries_the_same_for_2_and_for_100(db, partner, at, query):
    found_clusters(["Cụm 1", "Cụm 2"], at=at(2026, 2, 1))
    partner.get("clusters/")  # what came into effect is told once a day
    two = len(queries(partner, f"clusters/?page_size=100{query}"))
    found_clusters([f"Cụm {n}" for n in range(3, 101)], at=at(2026, 2, 1, 4))
    assert len(queries(partner, f"clusters/?page_size=100{query}")) == two <= 4


@pytest.mark.parametrize("kind", [Authority, Investor])
def test_records_of_one_name_are_told_apart_by_their_age(db, partner, at, kind):
    extra = {"level": "other"} if kind is Authority else {}
    with recorded(actor="seed"):
        made = [kind(name="Cùng tên", **extra) for _ in range(7)]
        for row in made:
            row.save()
    publish_seed(made, at=at(2026, 2, 1), today=TODAY)
    resource = "authorities" if kind is Authority else "investors"
    found = [row["code"] for row in partner.results(f"{resource}/?page_size=2")]
    assert found == [row.code for row in made]
    assert [row["code"] for row in partner.results(f"{resource}/?page_size=2&ordering=-name")] == found[::-1]
