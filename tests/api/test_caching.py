"""ETags: the same bytes, the same tag; other bytes, another one."""

import gzip
import json
from contextlib import suppress

import pytest
from django.db import transaction

from registry.actions.publish import publish
from registry.ledger.context import recorded
from tests.world import AT, clerk, leader

ADDRESSES = (
    "clusters/",
    "clusters/giang-bien/",
    "clusters/giang-bien/history/",
    "decisions/?page_size=2",
    "changes/",
    "ledger/checkpoint/",
    "schema/",
    "docs/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_that_the_reader_has_is_not_sent_again(seeded, partner, address):
    first = partner.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    assert {name.strip() for name in first["Vary"].split(",")} >= {"Authorization", "Accept"}
    etag = first["ETag"]
    assert etag.startswith('"')
    for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = partner.get(address, headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert not {"Content-Type", "Content-Length"} & set(again.headers)
        assert again["Cache-Control"] == "private, no-cache"
        assert again.get("Registry-Known-Seq") == first.get("Registry-Known-Seq")
    for sent in ('"other"', "nonsense", etag.strip('"')):
        assert partner.get(address, headers={"If-None-Match": sent}).content == first.content


@pytest.mark.parametrize("address", ADDRESSES)
def test_compressed_bytes_have_a_tag_of_their_own_and_either_tag_is_known(seeded, partner, address):
    plain = partner.get(address)
    zipped = partner.get(address, headers={"Accept-Encoding": "br;q=1, gzip;q=0.5"})
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert not plain.has_header("Content-Encoding")
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in zipped["Vary"]
    assert zipped["ETag"] == plain["ETag"][:-1] + '-gzip"'
    for known in (plain["ETag"], zipped["ETag"], f"W/{plain['ETag']}"):
        for coding, tag in (("gzip", zipped["ETag"]), ("identity", plain["ETag"])):
            again = partner.get(address, headers={"If-None-Match": known, "Accept-Encoding": coding})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
            assert not again.has_header("Content-Encoding")


@pytest.mark.parametrize(
    ("header", "zipped"),
    [
        ("gzip", True),
        ("x-gzip", True),
        ("GZIP;Q=0.001", True),
        ("*", True),
        ("br, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("identity", False),
        ("br", False),
        ("", False),
        ("gzip;q=x", False),
    ],
)
def test_only_who_asks_for_gzip_gets_it(seeded, partner, header, zipped):
    response = partner.get("clusters/", headers={"Accept-Encoding": header})
    assert (response.get("Content-Encoding") == "gzip") is zipped


def test_a_records_tag_changes_with_its_answer_only(seeded, partner):
    def tag(day):
        return partner.get(f"clusters/tien-cuong-ii/?valid_on={day}")["ETag"]

    assert tag("2022-02-23") == tag("2025-06-30")
    assert tag("2022-02-22") != tag("2022-02-23")
    assert tag("2025-06-30") != tag("2025-07-01"), "its district is no more"


def test_a_lists_tag_changes_with_the_day_the_query_and_every_publication(seeded, partner, at):
    addresses = [
        "clusters/",
        "clusters/?page_size=3",
        "clusters/?search=giang",
        "clusters/?valid_on=2022-02-23",
    ]
    before = [partner.get(address)["ETag"] for address in addresses]
    assert len(set(before)) == len(before)
    at(2026, 2, 3)
    tomorrow = [partner.get(address)["ETag"] for address in addresses]
    assert [a == b for a, b in zip(before, tomorrow, strict=True)] == [False, False, False, True]
    lan, hung = clerk().username, leader().username
    with recorded(actor=lan):
        seeded.mda.name = "Tên mới"
        seeded.mda.save()
    publish([seeded.mda], proposed_by=lan, approved_by=hung, at=at(2026, 2, 3, 5), today=AT.date())
    after = [partner.get(address)["ETag"] for address in addresses]
    assert not set(after) & set(tomorrow)


def test_an_answer_holds_the_stored_bytes(seeded, partner):
    from registry.models import ClusterEdition

    stored = ClusterEdition.objects.known_at(1).valid_on(AT.date()).order_by("sort_key", "subject_id")
    bodies = [bytes(row.body) for row in stored]
    assert partner.get("clusters/?valid_on=2026-01-05").content.endswith(
        b'"results":[' + b",".join(bodies) + b"]}"
    )
    code = json.loads(bodies[0])["code"]
    assert partner.get(f"clusters/{code}/?valid_on=2026-01-05").content == bodies[0]


class Restored(Exception):
    """Ends a transaction: what was published in it is lost, as after a restore from a backup."""


@pytest.mark.parametrize(
    "address",
    [
        "clusters/",
        "clusters/?search=giang",
        "clusters/?format=csv",
        "search/?q=ten+moi",
        "changes/?after=0",
        "changes/?after=0&format=csv",
        "investors/mda-e-c/history/",
        "explain/clusters/giang-bien/",
    ],
)
def test_what_is_published_again_after_a_restore_has_another_tag(seeded, partner, at, address):
    """The lost publication's numbers are given to another one: whoever kept the old answer must not hear 304."""
    lan, hung = clerk().username, leader().username
    tags = []
    for minute, name in enumerate(("Tên mới một", "Tên mới hai")):
        with suppress(Restored), transaction.atomic():
            with recorded(actor=lan):
                seeded.mda.name = name
                seeded.mda.save()
            publish(
                [seeded.mda],
                proposed_by=lan,
                approved_by=hung,
                at=at(2026, 2, 3, 5, minute),
                today=AT.date(),
            )
            known = {"If-None-Match": ", ".join(tags)} if tags else {}
            response = partner.get(address, headers=known)
            assert response.status_code == 200
            tags.append(response["ETag"])
            raise Restored
    assert len(set(tags)) == 2


@pytest.mark.parametrize(
    "address",
    [
        "clusters/?page_size=1",
        "search/?q=giang&page_size=1",
        "clusters/giang-bien/history/",
        "sources/vneconomy-2023-10/?page_size=1",
        "explain/clusters/giang-bien/",
        "clusters/?format=csv",
    ],
)
def test_what_another_release_puts_together_has_another_tag(seeded, partner, monkeypatch, address):
    before = partner.get(address)["ETag"]
    monkeypatch.setattr("registry.api.answers.RELEASE", "9.9.9")
    assert partner.get(address, headers={"If-None-Match": before}).status_code == 200


def test_who_has_a_page_is_not_left_with_cursors_of_another_secret(seeded, partner, settings):
    first = partner.get("clusters/?page_size=1")
    settings.SECRET_KEY = "another " * 10
    again = partner.get("clusters/?page_size=1", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert partner.get(first.json()["next"]).json()["code"] == "cursor_invalid"
    assert partner.get(again.json()["next"]).status_code == 200


def test_a_stored_answer_keeps_its_tag_in_the_next_release(seeded, partner, monkeypatch):
    before = partner.get("clusters/giang-bien/")["ETag"]
    monkeypatch.setattr("registry.api.answers.RELEASE", "9.9.9")
    assert partner.get("clusters/giang-bien/")["ETag"] == before
