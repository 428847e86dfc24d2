"""Whoever holds a copy of what was erased learns of it, wherever readers were shown the words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import models

from registry import clock
from registry.actions.publish import publish, withdraw
from registry.actions.redact import plan, redact
from registry.api.histories import COLUMNS
from registry.ledger.context import recorded
from registry.models import Announcement, Cluster, Decision, Publication
from tests.api.conftest import Partner
from tests.keys import new_key
from tests.publication.office import Office

pytestmark = pytest.mark.django_db

NAME = "Nguyễn Văn Cừ"
AT = datetime(2026, 6, 1, 3, tzinfo=UTC)


class Copying(Partner):
    """Keeps what it read, and asks whether that still holds."""

    def holds(self, address: str, kept: Any) -> bool:
        return self.get(address, headers={"If-None-Match": kept["ETag"]}).status_code == 304


@pytest.fixture
def decision(db: None, monkeypatch: pytest.MonkeyPatch) -> Decision:
    """A published decision about a cluster; two who may erase; the clock a little before they do."""
    office = Office()
    office.new_cluster(0, 0, 0)
    office.new_decision(0, 5, 0)
    office._act(list(office.drafts))
    for name in ("an", "binh"):
        person = User.objects.create_user(name, is_staff=True)
        person.user_permissions.add(Permission.objects.get(codename="redact"))
    monkeypatch.setattr(clock, "now", lambda: AT - timedelta(minutes=1))
    found: Decision = office.row(office.of_kind("decision")[0])
    return found


@pytest.fixture
def mirror(decision: Decision) -> Copying:
    return Copying(new_key("Ngân hàng", at=AT - timedelta(days=99))[1])


def changed(decision: Decision, **act: Any) -> Publication:
    with recorded(actor="clerk"):
        decision.abstract = f"{decision.abstract} (sửa)"
        decision.save()
    return publish([decision], **approved(days=3), **act)


def renamed_cluster(name: str, **act: Any) -> Publication:
    cluster = Cluster.objects.earliest("pk")
    with recorded(actor="clerk"):
        cluster.name = name
        cluster.save()
    return publish([cluster], **approved(days=3), **act)


def approved(*, days: int) -> dict[str, Any]:
    at = AT - timedelta(days=days)
    return {"proposed_by": "lan", "approved_by": "leader", "at": at, "today": at.date()}


def erase(words: str = NAME) -> list[tuple[str, str, str]]:
    """The kind, the code and the news of all that was announced."""
    last = Announcement.objects.latest("seq").seq
    redact(plan([words]), ground="Điều 14", asked_by="an", approved_by="binh", at=AT)
    news = Announcement.objects.filter(seq__gt=last).order_by("kind", "code")
    return list(news.values_list("kind", "code", "news"))


def test_a_public_note_is_told_to_whoever_was_told_of_anything_by_that_publication(
    decision: Decision, mirror: Copying
) -> None:
    """Also to who keeps only the decision: its cluster got another name, and the history of both quotes the note."""
    said = renamed_cluster("Cụm mới", note=f"Theo đơn của {NAME}")
    told = {(row.kind, row.code) for row in Announcement.objects.filter(publication=said)}
    assert {kind for kind, _ in told} == {"decision", "cluster"}
    addresses = [f"{kind}s/{code}/history/" for kind, code in sorted(told)]
    addresses += [f"{address}?format={file}" for address in addresses for file in ("csv", "jsonl")]
    kept = {address: mirror.get(address) for address in addresses}
    texts = [b"".join(kept[address]) for address in addresses]
    assert all(NAME in text.decode() for text in texts)
    assert all(mirror.holds(address, kept[address]) for address in addresses)
    assert erase() == [(*subject, "redacted") for subject in sorted(told)]
    for address in addresses:
        again = mirror.get(address)
        assert again.status_code == 200
        assert NAME not in b"".join(again).decode()
        assert not mirror.holds(address, kept[address])
    feed = mirror.read(f"changes/?after={said.announcements.latest('seq').seq}")["results"]
    assert {(row["news"], row["first_day"], row["last_day"]) for row in feed} == {("redacted", None, None)}


def test_what_is_said_in_place_of_a_withdrawn_record_is_told_too(decision: Decision, mirror: Copying) -> None:
    withdraw([decision], **approved(days=3), reason="Nhầm", note=f"Theo đơn của {NAME}")
    gone = mirror.read(f"decisions/{decision.code}/", status=410)
    assert gone["note"] == f"Theo đơn của {NAME}"
    assert ("decision", decision.code, "redacted") in erase()
    assert NAME not in mirror.get(f"decisions/{decision.code}/").content.decode()


def test_the_name_of_an_office_is_told_too(decision: Decision, mirror: Copying, settings) -> None:
    settings.PUBLISHING_OFFICE = f"Văn phòng {NAME}"
    changed(decision)
    address = f"decisions/{decision.code}/history/"
    kept = mirror.get(address)
    assert kept.json()["results"][0]["office"] == f"Văn phòng {NAME}"
    assert ("decision", decision.code, "redacted") in erase()
    assert NAME not in mirror.get(address).content.decode()
    assert not mirror.holds(address, kept)


def test_a_reason_that_no_reader_is_shown_is_no_news(decision: Decision) -> None:
    changed(decision, reason=f"Theo đơn của {NAME}")
    assert erase() == []


def test_a_neighbour_that_bears_the_words_is_told_beside_the_record(decision: Decision) -> None:
    renamed_cluster(f"Cụm {NAME}")
    assert [(kind, news) for kind, _, news in erase()] == [("cluster", "redacted"), ("decision", "redacted")]


def test_all_that_histories_show_of_a_publication_is_looked_through() -> None:
    shown = {name.removeprefix("publication__") for name in COLUMNS if name.startswith("publication__")}
    texts = (models.CharField, models.TextField)
    assert {name for name in shown if isinstance(Publication._meta.get_field(name), texts)} == set(
        Publication.SHOWN
    )
