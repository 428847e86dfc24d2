"""“Lịch sử” of every kind of record leads to what the ledger tells of it, and nowhere where it tells of nothing."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model

from registry.actions.redact import plan, redact
from registry.actions.restore import go_on_above
from registry.actions.webhooks import subscribe
from registry.admin.reviewed import ReviewedAdmin
from registry.ledger.context import recorded
from registry.models import Effect, LedgerEntry, Partner, SecurityEvent, Webhook, WebhookDelivery
from tests.admin.office import person, signed_in
from tests.keys import new_key, partner_named

AT = datetime(2026, 6, 1, 3, tzinfo=UTC)
#: Of these the ledger holds no entry: one tells itself what happened, the other what was sent.
NOWHERE = {SecurityEvent, WebhookDelivery}


@pytest.fixture
def reader(seeded, settings):
    """A leader, where there is at least one row of everything that the admin shows."""
    settings.WEBHOOK_PRIVATE_TARGETS = True
    new_key("Ngân hàng A", at=AT)
    webhook = Webhook(partner=partner_named("Ngân hàng A"), url="https://nhan.example/tin", scopes="clusters")
    subscribe(webhook, at=AT, by="lan")
    WebhookDelivery.objects.create(webhook=webhook, cause="test", message="m", at=AT, took_ms=1, status=200)
    go_on_above(at=AT, known_until=AT)
    with recorded(actor="lan"):
        Group.objects.get(name="Duyệt").permissions.add(Permission.objects.first())
        found = person("binh", "Duyệt", is_superuser=True)
        person("chi", "Duyệt", is_superuser=True)
    with recorded(actor="lan", reason="theo lời bà Trần Thị Bưởi"):
        seeded.mda.name = "Tên mới"
        seeded.mda.save()
    redact(plan(["Trần Thị Bưởi"]), ground="Công văn 12/SCT", asked_by="binh", approved_by="chi", at=AT)
    return signed_in(found)


def row_of(model: type[Model]) -> Model:
    """One that was made or changed here; migrations made the groups."""
    rows = model._default_manager
    return rows.get(name="Duyệt") if model is Group else rows.first()


def page(row: Model, name: str) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{name}/"


def test_the_history_of_everything_that_the_admin_shows_tells_who_did_what(reader) -> None:
    walked = 0
    for model, pages in site._registry.items():
        row = row_of(model)
        if row is None:  # of a kind that the small world has none of: its page is that of the others
            assert isinstance(pages, ReviewedAdmin), model
            continue
        walked += 1
        form = reader.get(page(row, "change"))
        linked = b'class="historylink"' in form.content
        history = reader.get(page(row, "history"), follow=True)
        if model in NOWHERE:
            assert (history.status_code, linked) == (404, False), model
            continue
        assert (history.status_code, linked) == (200, True), model
        acts = history.context["told"].acts if "told" in history.context else history.context["acts"]
        assert acts, model
    assert walked > 15


def test_the_history_of_a_webhook_is_what_the_log_says_of_it_alone(reader) -> None:
    webhook = Webhook.objects.get()
    history = reader.get(page(webhook, "history"), follow=True)
    assert history.redirect_chain == [(f"/admin/log/?record=webhook%3A{webhook.pk}", 302)]
    told = [entry.seq for entry in history.context["page"].entries]
    own = LedgerEntry.objects.filter(subject=f"webhook:{webhook.pk}").order_by("-seq")
    assert told == list(own.values_list("seq", flat=True)) != []
    effect = Effect.objects.first()
    of_paper = reader.get(page(effect, "history"))
    assert of_paper["Location"] == f"/admin/log/?record=decision%3A{effect.decision_id}"


def test_who_may_not_read_the_log_has_no_way_there_and_nobody_has_one_of_what_never_was(reader) -> None:
    other = User.objects.create_user("tro-ly", is_staff=True)
    other.user_permissions.add(Permission.objects.get(codename="view_partner"))
    client, partner = signed_in(other), Partner.objects.get()
    form = client.get(page(partner, "change"))
    assert (form.status_code, b"historylink" in form.content) == (200, False)
    assert client.get(page(partner, "history"), follow=True).status_code == 403
    assert client.get(page(Webhook.objects.get(), "history")).status_code == 403
    for number in ("999", "0", "x", "9" * 30):
        assert reader.get(f"/admin/registry/partner/{number}/history/").status_code == 404
