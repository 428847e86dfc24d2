"""The feed and the histories of the later kinds: who else is told, why, and that following them is enough."""

from datetime import date

import pytest

from registry.actions.publish import publish, publish_seed, withdraw
from registry.api.urls import RESOURCES
from registry.ledger.context import recorded
from tests.api.records import Records, made
from tests.world import clerk, leader

LATER = ("projects", "zones", "sectors", "indicators", "incentives", "assignments")


@pytest.fixture
def records(seeded, at) -> Records:
    return made(at)


@pytest.fixture
def news(partner, records):
    """What the feed tells that it did not tell when it was last asked: (resource, id) → news."""
    seen = partner.read("changes/?limit=1000")["last_seq"]

    def told() -> dict[tuple[str, str], str]:
        nonlocal seen
        entries = partner.results(f"changes/?after={seen}")
        seen = entries[-1]["seq"] if entries else seen
        return {(entry["resource"], entry["id"]): entry["news"] for entry in entries}

    return told


def put_out(changed, at, *moment, **options):
    return publish(
        changed,
        proposed_by=clerk().username,
        approved_by=leader().username,
        at=at(*moment),
        today=date(*moment[:3]),
        **options,
    )


def test_each_later_kind_is_told_and_every_link_leads_to_the_record(records, partner):
    told = partner.results("changes/?limit=50")
    mine = [entry for entry in told if entry["publication"] == records.publication.seq]
    assert set(LATER) < {entry["resource"] for entry in mine if entry["news"] == "published"}
    for entry in mine:
        body = partner.read(entry["url"])
        assert (body.get("code") or body["id"]) == entry["id"]
        assert (entry["first_day"] is None) == (entry["last_day"] is None)


def test_a_figure_of_a_project_is_news_of_its_investor_too_and_of_nobody_else(records, partner, at, news):
    with recorded(actor="lan"):
        records.first.capital_events.filter(position=2).update(amount=950_000_000)
    put_out([records.first], at, 2026, 2, 3, note="Đính chính số vốn.")
    assert news() == {
        ("projects", "nha-may-mot"): "published",
        ("investors", "cong-ty-dong-a"): "affected",
    }
    amounts = [row["amount"] for row in partner.read("investors/cong-ty-dong-a/")["capital"]]
    assert 950_000_000 in amounts
    assert 900_000_000 not in amounts
    of_project, of_investor = (
        partner.read(f"{address}/history/")["results"][0]
        for address in ("projects/nha-may-mot", "investors/cong-ty-dong-a")
    )
    assert of_project["differs"] == of_investor["differs"] == ["capital"]
    assert (of_project["first_day"], of_investor["first_day"]) == ("2025-12-31", "2025-12-31")
    assert of_project["note"] == of_investor["note"] == "Đính chính số vốn."
    assert of_project["cause"] == []
    assert of_investor["cause"] == [{"resource": "projects", "id": "nha-may-mot"}]
    then = partner.read("investors/cong-ty-dong-a/?known_seq=2")
    assert 900_000_000 in [row["amount"] for row in then["capital"]]


def test_a_figure_of_an_investor_is_news_of_the_investor_alone(records, at, news):
    with recorded(actor="lan"):
        records.group.capital_events.update(amount=10**10)
    put_out([records.group], at, 2026, 2, 3)
    assert news() == {("investors", "tap-doan-a"): "published"}


def test_a_new_name_is_news_of_every_record_that_shows_it(records, at, news):
    with recorded(actor="lan"):
        records.park.name = "Khu công nghiệp Đông Mới"
        records.park.save()
        records.electronics.name = "Điện tử, bán dẫn"
        records.electronics.save()
    put_out([records.park, records.electronics], at, 2026, 2, 3)
    assert news() == {
        ("zones", "khu-cong-nghiep-dong"): "published",
        ("sectors", "dien-tu"): "published",
        ("projects", "nha-may-mot"): "affected",
        ("decisions", records.paper.code): "affected",
        ("indicators", "lao-dong"): "affected",
        ("indicators", "ty-trong-dien-tu"): "affected",
        ("incentives", "mien-thue-nhap-khau"): "affected",
        ("assignments", "ra-soat-cum"): "affected",
    }


def test_a_value_is_news_of_all_it_is_about(records, at, news):
    with recorded(actor="lan"):
        records.workers.values.filter(position=1).update(value=7100)
        records.workers.values.filter(position=2).update(value=810)
        records.workers.values.filter(position=3).update(value=91)
        records.workers.values.filter(position=4).update(value=11)
    put_out([records.workers], at, 2026, 2, 3)
    assert news() == {
        ("indicators", "lao-dong"): "published",
        ("clusters", "tien-cuong-ii"): "affected",
        ("zones", "khu-cong-nghiep-dong"): "affected",
        ("investors", "cong-ty-dong-a"): "affected",
        ("projects", "nha-may-mot"): "affected",
    }


def test_a_figure_as_of_a_day_to_come_is_told_now_and_again_on_its_day(records, partner, at, news):
    with recorded(actor="lan"):
        records.first.capital_events.create(
            position=4, measure="registered", amount=2_000_000_000, as_of_latest=date(2026, 3, 1)
        )
    put_out([records.first], at, 2026, 2, 3)
    both = {("projects", "nha-may-mot"), ("investors", "cong-ty-dong-a")}
    assert set(news()) == both
    asked = "investors/?capital_usd_min=2000000000&group=nhanh-a"
    at(2026, 2, 28)
    assert partner.results(asked) == []
    assert [row["code"] for row in partner.results(f"{asked}&valid_on=2026-03-01")] == ["cong-ty-dong-a"]
    assert news() == {}
    at(2026, 3, 1)
    assert news() == dict.fromkeys(both, "took_effect")
    assert [row["code"] for row in partner.results(asked)] == ["cong-ty-dong-a"]


@pytest.mark.parametrize(
    ("name", "change", "differs"),
    [
        ("first", {"products": "Màn hình"}, ["products"]),
        ("park", {"area_ha": 120}, ["area_ha"]),
        ("electronics", {"vsic_code": "261"}, ["vsic_code"]),
        ("share", {"definition": "Trên tổng giá trị."}, ["definition"]),
        ("exemption", {"valid_to": date(2027, 1, 1)}, ["valid_to", "in_force"]),
        ("task", {"due_latest": date(2026, 12, 31)}, ["due"]),
        ("lone", {"capital_from": "JP"}, ["capital_from"]),
    ],
)
def test_the_history_names_what_differs_in_each_kind(records, partner, at, name, change, differs):
    record = getattr(records, name)
    resource = next(r.name for r in RESOURCES if r.kind == record.kind)
    with recorded(actor="lan"):
        for field, value in change.items():
            setattr(record, field, value)
        record.save()
    put_out([record], at, 2026, 2, 3)
    last, first = partner.read(f"{resource}/{record.code}/history/")["results"]
    assert [last["news"], first["news"]] == ["published", "published"]
    assert [field for field in last["differs"] if field != "unsourced"] == differs
    assert first["differs"] == []


class Mirror:
    """Fetches everything once; from then on only what the feed names."""

    def __init__(self, partner):
        self.partner, self.copy = partner, everything(partner)
        self.seen = partner.read("changes/?limit=1000")["last_seq"]

    def follow(self):
        for entry in self.partner.results(f"changes/?after={self.seen}&limit=3"):
            self.seen = entry["seq"]
            key = entry["resource"], entry["id"]
            response = self.partner.get(entry["url"])
            if response.status_code == 200:
                self.copy[key] = told(response.json())
            else:
                assert response.status_code == 410
                self.copy.pop(key, None)


def told(body):
    """What rests on a document is read from the records themselves and is no news of the document."""
    return {key: value for key, value in body.items() if key not in {"rests_on_it", "next", "previous"}}


def everything(partner):
    found = {}
    for resource in RESOURCES:
        for row in partner.results(f"{resource.name}/?page_size=50"):
            code = row.get("code") or row["id"]
            found[resource.name, code] = told(partner.read(f"{resource.name}/{code}/"))
    return found


def test_whoever_follows_the_feed_has_what_a_fresh_download_has(records, partner, at):
    lan, hung = clerk().username, leader().username
    mirror = Mirror(partner)

    def step(what):
        mirror.follow()
        assert mirror.copy == everything(partner), what

    with recorded(actor=lan):
        records.first.zone = records.port
        records.first.save()
        records.first.capital_events.create(
            position=4, measure="implemented", amount=10**9, as_of_latest=date(2026, 2, 20)
        )
        records.lone.group = records.group
        records.lone.save()
    step("drafts")
    publish_seed([records.first, records.lone], at=at(2026, 2, 3), today=date(2026, 2, 3))
    step("a project moved, an investor joined a group")
    with recorded(actor=lan):
        records.port.statuses.create(position=2, status="existing", as_of_latest=date(2026, 2, 25))
        records.port.linked_with.add(records.park)
        records.share.values.filter(position=1).delete()
        records.proposal.clusters.add(records.second.cluster)
    publish_seed([records.port, records.share, records.proposal], at=at(2026, 2, 4), today=date(2026, 2, 4))
    step("rows added and taken away")
    for day in (20, 25):
        at(2026, 2, day)
        step(f"{day}/02: a figure, then a status")
    withdraw(
        [records.task, records.workers],
        proposed_by=lan,
        approved_by=hung,
        at=at(2026, 2, 26),
        today=date(2026, 2, 26),
        reason="Nhầm",
    )
    step("withdrawn")
