"""The feed, the public history, and a mirror that follows nothing else."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import connection

from registry.actions.announce import announce_due
from registry.actions.publish import publish, publish_seed, withdraw
from registry.ledger.checkpoints import checkpoint, verifier_keys
from registry.ledger.context import recorded
from registry.ledger.verify_export import Checkpoint
from registry.models import Announcement, Cluster, Decision, Effect
from tests.world import AT, clerk, leader

RESOURCES = ("clusters", "decisions", "investors", "places", "authorities", "sources", "legal-instruments")


def test_the_feed_tells_everything_in_order_and_can_be_resumed_anywhere(seeded, partner):
    whole = partner.read("changes/?limit=1000")
    seqs = [entry["seq"] for entry in whole["results"]]
    assert seqs == list(range(1, len(seqs) + 1))
    assert (whole["last_seq"], whole["next"]) == (seqs[-1], None)
    assert partner.results("changes/?limit=7") == whole["results"]
    for after in (0, 1, 13, seqs[-1] - 1):
        assert partner.read(f"changes/?after={after}&limit=1000")["results"] == whole["results"][after:]
    assert partner.read(f"changes/?after={seqs[-1]}") == {"last_seq": seqs[-1], "next": None, "results": []}
    kinds = {entry["resource"] for entry in whole["results"]}
    assert kinds == set(RESOURCES)
    assert list(whole["results"][0]) == [
        "seq",
        "at",
        "publication",
        "news",
        "resource",
        "id",
        "first_day",
        "last_day",
        "url",
    ]
    for entry in whole["results"]:
        assert partner.get(entry["url"]).status_code == 200


class Mirror:
    """Fetches everything once, by the clocks that the feed binds to a number; from then on only what it names."""

    def __init__(self, partner):
        self.partner = partner
        begin = partner.read("changes/?after=latest")
        self.seen, self.snapshot = begin["last_seq"], urlencode(begin["snapshot"])
        self.copy = {}

    def download(self, between=lambda: None):
        """`between` happens after each page."""
        for resource in RESOURCES:
            address = f"{resource}/?page_size=3&{self.snapshot}"
            while address:
                page = self.partner.read(address)
                for row in page["results"]:
                    self.copy[resource, row.get("code") or row["id"]] = own(row)
                address = page["next"]
                between()

    def follow(self):
        for entry in self.partner.results(f"changes/?after={self.seen}&limit=3"):
            self.seen = entry["seq"]
            response = self.partner.get(entry["url"])
            if response.status_code == 200:
                self.copy[entry["resource"], entry["id"]] = own(response.json())
            else:
                assert response.status_code == 410
                self.copy.pop((entry["resource"], entry["id"]), None)


def fresh(partner):
    found = {}
    for resource in RESOURCES:
        for row in partner.results(f"{resource}/?page_size=50"):
            code = row.get("code") or row["id"]
            found[resource, code] = own(partner.get(f"{resource}/{code}/").json())
    return found


def own(body):
    """What a record says itself. A document's own address adds what the records say that rest on it."""
    return {field: value for field, value in body.items() if field not in ("rests_on_it", "next", "previous")}


def enlarge(cluster, issuer, *, issued, on, area):
    """A decision that enlarges the cluster from a day."""
    with recorded(actor="lan"):
        decision = Decision(
            issuer=issuer,
            issued_earliest=issued,
            issued_latest=issued,
            effective_earliest=on,
            effective_latest=on,
        )
        decision.save()
        Effect.objects.create(
            decision=decision, cluster=cluster, effect_code="expanded", as_stated="mở rộng", area_ha=area
        )
    return decision


def test_a_mirror_that_only_follows_the_feed_equals_a_fresh_download_at_every_step(seeded, partner, at):
    lan, hung = clerk().username, leader().username
    mirror = Mirror(partner)
    mirror.download()

    def step(*moment):
        mirror.follow()
        assert mirror.copy == fresh(partner), moment

    step("the beginning")
    issuer = seeded.decision(202).issuer
    decision = enlarge(seeded.dai_thang, issuer, issued=date(2026, 2, 2), on=date(2026, 3, 1), area=70)
    step("a draft")
    publish([decision], proposed_by=lan, approved_by=hung, at=at(2026, 2, 2, 5), today=date(2026, 2, 2))
    step("a future effect was published")
    with recorded(actor=lan):
        seeded.tien_phat.name = "Tiến Phát mới"
        seeded.tien_phat.save()
    publish(
        [seeded.tien_phat], proposed_by=lan, approved_by=hung, at=at(2026, 2, 10), today=date(2026, 2, 10)
    )
    step("a rename that other records show")
    at(2026, 2, 28)
    step("the day before")
    at(2026, 3, 1)
    step("the day has come")
    withdraw(
        [decision],
        proposed_by=lan,
        approved_by=hung,
        at=at(2026, 3, 2),
        today=date(2026, 3, 2),
        reason="Nhầm.",
    )
    step("withdrawn")
    at(2026, 3, 5)
    step("nothing")


def test_a_download_while_others_publish_and_days_pass_misses_nothing(seeded, partner, at):
    """Between any two pages something is renamed, and once the day of something published before comes."""
    decision = enlarge(
        seeded.dai_thang, seeded.decision(202).issuer, issued=date(2026, 2, 1), on=date(2026, 2, 20), area=70
    )
    publish_seed([decision], at=at(2026, 2, 2, 5), today=date(2026, 2, 2))
    mirror = Mirror(partner)
    investors = [seeded.tien_phat, seeded.tpa_land, seeded.mda]
    moments = iter(range(1, 60))

    def something_happens():
        hour = next(moments)
        now = at(2026, 2, 18 + hour // 4, 8 + hour % 4)
        with recorded(actor="lan"):
            investor = investors[hour % 3]
            investor.name = f"{investor.name} {hour}"
            investor.save()
        publish_seed([investor], at=now, today=now.date())

    mirror.download(between=something_happens)
    assert next(moments) > 8  # the day came while it went on
    assert mirror.copy != fresh(partner)
    mirror.follow()
    assert mirror.copy == fresh(partner)
    assert Announcement.objects.filter(news="took_effect").exists()


def test_where_to_begin_names_the_last_announcement_and_its_clocks(seeded, partner, at):
    at(2026, 2, 3)
    last = Announcement.objects.order_by("-seq").values_list("seq", flat=True)[0]
    begin = {
        "last_seq": last,
        "next": None,
        "snapshot": {"valid_on": "2026-02-03", "known_seq": 1},
        "results": [],
    }
    assert partner.read("changes/?after=latest") == begin
    assert partner.read(f"changes/?after={last}") == {"last_seq": last, "next": None, "results": []}


def test_a_number_that_was_never_given_is_refused_because_something_was_lost(seeded, partner):
    last = partner.read("changes/?after=latest")["last_seq"]
    response = partner.get(f"changes/?after={last + 1}")
    assert (response.status_code, response.json()["code"]) == (400, "change_in_future")
    assert str(last) in response.json()["detail"]


def test_a_feed_of_some_resources_is_the_whole_one_without_the_others(seeded, partner):
    whole = partner.read("changes/?limit=1000")
    for chosen in ({"clusters"}, {"decisions", "sources"}, {"zones"}):
        part = partner.read(f"changes/?limit=1000&resource={','.join(sorted(chosen))}")
        assert part["results"] == [entry for entry in whole["results"] if entry["resource"] in chosen]
        # Whoever has all of a part has passed over the rest too.
        assert part["last_seq"] == whole["last_seq"]
    clusters = partner.results("changes/?limit=2&resource=clusters")
    assert [entry["resource"] for entry in clusters] == ["clusters"] * 6
    refused = partner.get("changes/?resource=clusters,zone")
    assert (refused.status_code, refused.json()["code"]) == (400, "code_unknown")
    assert "zones" in refused.json()["detail"]


def test_a_future_effect_is_told_when_it_is_published_and_again_on_its_day(seeded, partner, at):
    lan, hung = clerk().username, leader().username
    start = partner.read("changes/?limit=1000")["last_seq"]
    decision = enlarge(
        seeded.dai_thang, seeded.decision(202).issuer, issued=date(2026, 2, 2), on=date(2026, 3, 1), area=70
    )
    publish([decision], proposed_by=lan, approved_by=hung, at=at(2026, 2, 2, 5), today=date(2026, 2, 2))
    told = partner.read(f"changes/?after={start}")["results"]
    cluster = next(entry for entry in told if entry["resource"] == "clusters")
    assert (cluster["news"], cluster["first_day"], cluster["last_day"]) == (
        "affected",
        "2026-03-01",
        "9999-12-30",
    )
    area = partner.read("clusters/dai-thang/")["area_ha"]
    assert area != 70
    assert partner.read("clusters/dai-thang/?valid_on=2026-03-01")["area_ha"] == 70
    seen = told[-1]["seq"]
    at(2026, 2, 28, 16, 59)  # a minute to midnight in Hà Nội
    assert partner.read(f"changes/?after={seen}")["results"] == []
    assert partner.read("clusters/dai-thang/")["area_ha"] == area
    at(2026, 2, 28, 17, 0)
    news = partner.read(f"changes/?after={seen}")["results"]
    assert {(entry["news"], entry["id"], entry["publication"]) for entry in news} == {
        ("took_effect", "dai-thang", None),
        ("took_effect", decision.code, None),
    }
    assert partner.read("clusters/dai-thang/")["area_ha"] == 70
    assert partner.read(f"changes/?after={seen}")["results"] == news


def test_the_history_of_a_record_tells_what_when_and_through_which_record(seeded, partner, at):
    lan, hung = clerk("ten-nguoi-nhap").username, leader("ten-nguoi-duyet").username
    decision = enlarge(
        seeded.dai_thang, seeded.decision(202).issuer, issued=date(2026, 2, 2), on=date(2026, 3, 1), area=70
    )
    publish(
        [decision],
        proposed_by=lan,
        approved_by=hung,
        at=at(2026, 2, 2, 5),
        today=date(2026, 2, 2),
        reason="Lý do nội bộ",
        note="Mở rộng từ tháng 3.",
    )
    at(2026, 3, 1)
    partner.get("clusters/")
    response = partner.get("clusters/dai-thang/history/")
    entries = response.json()["results"]
    assert [(entry["news"], entry["publication"]) for entry in entries] == [
        ("took_effect", None),
        ("affected", 2),
        ("published", 1),
    ]
    assert entries[1]["cause"] == [{"resource": "decisions", "id": decision.code}]
    assert entries[1]["note"] == "Mở rộng từ tháng 3."
    assert (entries[1]["first_day"], entries[1]["last_day"]) == ("2026-03-01", "9999-12-30")
    assert [entry["imported"] for entry in entries] == [False, False, True]
    # The names of office holders stay inside; the office and what differed are told.
    office = "Sở Công Thương thành phố Hải Phòng"
    assert [entry["office"] for entry in entries] == [None, office, None]
    assert [entry["differs"] for entry in entries] == [
        # The source of the former area supports nothing that is shown any more.
        ["area_ha", "area_decision", "timeline", "sources"],
        ["area_ha", "area_decision", "timeline", "sources"],
        [],
    ]
    for secret in (lan, hung, "nội bộ", "seed"):
        assert secret not in response.content.decode()
    assert [e["news"] for e in partner.results("clusters/dai-thang/history/?page_size=1")] == [
        "took_effect",
        "affected",
        "published",
    ]
    then = partner.read("clusters/dai-thang/history/?known_seq=1")["results"]
    assert then == entries[2:]
    assert partner.read("clusters/giang-bien/history/")["results"][0]["news"] == "published"


def test_a_day_is_announced_once_however_many_processes_ask(seeded, partner, at):
    decision = enlarge(
        seeded.dai_thang, seeded.decision(202).issuer, issued=date(2026, 2, 2), on=date(2026, 3, 1), area=70
    )
    publish_seed([decision], at=at(2026, 2, 2, 5), today=date(2026, 2, 2))
    now = at(2026, 3, 1)
    partner.get("clusters/")
    count = Announcement.objects.count()
    assert announce_due(at=now, today=date(2026, 3, 1)) == 0
    partner.get("clusters/")
    assert Announcement.objects.count() == count
    assert Announcement.objects.filter(news="took_effect").count() == 2


@pytest.mark.parametrize("address", ["schema/", "docs/"])
def test_what_rests_on_no_news_announces_none(seeded, partner, at, address):
    decision = enlarge(
        seeded.dai_thang, seeded.decision(202).issuer, issued=date(2026, 2, 2), on=date(2026, 3, 1), area=70
    )
    publish_seed([decision], at=at(2026, 2, 2, 5), today=date(2026, 2, 2))
    at(2026, 3, 1)
    partner.get(address)
    assert not Announcement.objects.filter(news="took_effect").exists()


def test_the_checkpoint_is_the_anchor_that_the_last_publication_noted(seeded, partner):
    publication = seeded.publication
    said = {
        "seq": publication.ledger_seq,
        "hash": publication.ledger_hash,
        "publication": 1,
        "at": AT.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "keys": list(verifier_keys()),
        "checkpoints": [],
    }
    assert partner.read("ledger/checkpoint/") == said
    nothing = said | {"seq": 0, "hash": None, "publication": 0, "at": None}
    assert partner.read("ledger/checkpoint/?known_seq=0") == nothing


def test_all_signed_checkpoints_are_public_and_those_of_a_publication_stay_the_same(seeded, partner):
    signed = []
    for name in ("A", "B", "C"):
        Cluster.objects.update(name=name)
        made = checkpoint(connection, AT)
        signed.append({"number": made.number, "seq": made.seq, "at": made.at, "note": made.note})
    newest_first = signed[::-1]
    assert partner.read("ledger/checkpoint/")["checkpoints"] == newest_first
    assert partner.read("ledger/checkpoint/?limit=2")["checkpoints"] == newest_first[:2]
    assert partner.read("ledger/checkpoint/?limit=2&before=2")["checkpoints"] == newest_first[2:]
    # Asked as of a publication, what was signed later is not there.
    assert partner.read("ledger/checkpoint/?known_seq=1")["checkpoints"] == []
    assert Checkpoint.read(newest_first[0]["note"]).signed_by(partner.read("ledger/checkpoint/")["keys"])


@pytest.mark.parametrize("asked", [",", "clusters,", ",clusters", "clusters, ,decisions"])
def test_an_empty_name_among_resources_is_refused(seeded, partner, asked):
    refused = partner.get(f"changes/?{urlencode({'resource': asked})}")
    assert (refused.status_code, refused.json()["code"]) == (400, "parameter_empty")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_where_to_begin_is_no_file(seeded, partner, kind):
    refused = partner.get(f"changes/?after=latest&format={kind}")
    assert (refused.status_code, refused.json()["code"]) == (400, "parameter_conflict")
    assert partner.get("changes/?after=latest&format=json").status_code == 200
