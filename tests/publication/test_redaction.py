"""What the law says must go is nowhere afterwards, and the ledger still holds and tells that it was done."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import FileField
from django.db.utils import IntegrityError

from registry.actions import editions as edition_keeping
from registry.actions import publish as publishing
from registry.actions.api_keys import create_partner
from registry.actions.editions import rebuild_editions
from registry.actions.publish import adopt_composer, publish
from registry.actions.redact import Plan, plan, redact
from registry.actions.review import submit
from registry.ledger.context import recorded, redacting
from registry.ledger.entries import head
from registry.ledger.security_events import note
from registry.ledger.verify import verify
from registry.ledger.verify_export import HASHED, digest, entry_hash
from registry.models import (
    Announcement,
    Authority,
    Cluster,
    Decision,
    DecisionEdition,
    EditionTerm,
    LedgerEntry,
    LedgerPayload,
    Publication,
    RedactedEntry,
    Redaction,
    SecurityEvent,
    SourceDocument,
    SourceEdition,
    Statement,
    Submission,
    Webhook,
    WebhookDelivery,
)
from registry.queries.occurrences import occurrences
from registry.queries.reviews import review_of
from registry.rules.composition.subjects import COMPOSER
from registry.rules.problems import Problem
from registry.rules.text import search_text
from tests.ledger.rows import run, unguarded
from tests.ledger.test_verification import alone, exported, flip
from tests.publication.office import Office

pytestmark = pytest.mark.django_db

NAME = 'Trần Thị "Bưởi"'
MARK = "[đã xóa theo luật 1]"
GROUND = "Điều 14 Luật Bảo vệ dữ liệu cá nhân; công văn 12/SCT"
AT = datetime(2026, 6, 1, 3, tzinfo=UTC)


@pytest.fixture
def decision(db: None) -> Decision:
    """A published decision that names a person in a published field, in a note of ours, and in a reason."""
    office = Office()
    office.new_cluster(0, 0, 0)
    office.new_decision(0, 5, 0)
    office._act(list(office.drafts))
    found: Decision = office.row(office.of_kind("decision")[0])
    with recorded(actor="clerk", reason=f"theo đề nghị của {NAME}"):
        found.signer, found.note = NAME, f"gọi {NAME}\nsáng thứ hai"
        found.abstract = f"Giao đất cho bà {NAME} sử dụng"
        found.save()
    publish(
        [found],
        proposed_by="lan", approved_by="leader", at=AT - timedelta(days=9), today=AT.date(), reason=f"duyệt {NAME}",
    )  # fmt: skip
    for name in ("an", "binh"):
        person = User.objects.create_user(name, is_staff=True)
        person.user_permissions.add(Permission.objects.get(codename="redact"))
    return found


def erase(words: str = NAME, **how: Any) -> Redaction:
    given: dict[str, Any] = {"ground": GROUND, "asked_by": "an", "approved_by": "binh", "at": AT}
    found = how.pop("found", None) or plan([words])
    return redact(found, **given | how)


def every_text() -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as text."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    yield (
                        table,
                        bytes(value).decode("utf-8", "replace")
                        if isinstance(value, bytes | memoryview)
                        else str(value),
                    )


def holding(*words: str) -> set[str]:
    return {table for table, text in every_text() if any(word in text for word in words)}


def findings() -> list[str]:
    return [finding.code for finding in verify(connection).problems]


def test_the_words_are_nowhere_afterwards_and_everything_agrees(decision: Decision, tmp_path: Path) -> None:
    assert {
        "registry_ledgerentry",
        "registry_ledgerpayload",
        "registry_statement",
        "registry_decisionedition",
    } <= (holding("Bưởi"))
    assert EditionTerm.objects.filter(value__startswith="buoi ").exists()
    hashes = list(LedgerEntry.objects.order_by("seq").values_list("hash", flat=True))
    redaction = erase()
    assert holding("Bưởi", "buoi", "B\\u01b0") == set()
    decision.refresh_from_db()
    assert (decision.signer, decision.abstract) == (MARK, f"Giao đất cho bà {MARK} sử dụng")
    assert decision.note == f"gọi {MARK}\nsáng thứ hai"
    assert (
        MARK in bytes(DecisionEdition.objects.filter(code=decision.code).latest("known_from").body).decode()
    )
    # The chain is the same chain, longer.
    assert list(LedgerEntry.objects.order_by("seq").values_list("hash", flat=True))[: len(hashes)] == hashes
    assert findings() == []
    assert rebuild_editions(check=True) == []
    done = alone(tmp_path / "ledger.jsonl", exported())
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{redaction.entries.count()} mục đã xóa theo luật" in done.stdout
    seqs = sorted(redaction.entries.values_list("entry", flat=True))
    at = LedgerEntry.objects.get(table_name="registry_redaction").at
    told = (
        f"Xóa theo luật số 1, lúc {at}: an thực hiện, binh đồng ý; căn cứ: {GROUND}; "
        f"{len(seqs)} mục: {', '.join(map(str, seqs))}."
    )
    assert told in done.stdout.splitlines()
    assert verify(connection).erasures == [told]


def test_the_ledger_tells_that_when_by_whom_and_why(decision: Decision) -> None:
    erase()
    told = LedgerEntry.objects.get(table_name="registry_redaction")
    said = json.loads(told.payload.after or "")
    assert (told.actor, told.reason) == ("an", f"Xóa theo luật: {GROUND}")
    assert (said["asked_by"], said["approved_by"], said["ground"]) == ("an", "binh", GROUND)
    assert json.loads(said["places"])["registry_statement"] == 1


def test_partners_are_told_to_drop_their_copies(decision: Decision) -> None:
    before = Announcement.objects.latest("seq").seq
    erase()
    told = Announcement.objects.filter(seq__gt=before)
    assert [(row.news, row.kind, row.code, row.publication_id) for row in told] == [
        ("redacted", "decision", decision.code, None)
    ]
    assert told[0].first_day is not None


@pytest.mark.parametrize("column", ["before", "after", "salt"])
def test_tampering_with_a_redacted_payload_is_still_found(
    decision: Decision, column: str, tmp_path: Path
) -> None:
    erase()
    seq = RedactedEntry.objects.filter(before_digest__isnull=False).latest("entry").entry
    with unguarded():
        text = LedgerPayload.objects.values_list(column, flat=True).get(pk=seq)
        run(f"UPDATE registry_ledgerpayload SET {column} = %s WHERE seq = %s", [flip(text), seq])
    assert findings()[0] == "payload_altered"
    assert alone(tmp_path / "ledger.jsonl", exported()).returncode == 1


@pytest.mark.parametrize("column", ["actor", "reason", "request", "at", "db_user", "subject"])
def test_tampering_with_a_redacted_header_is_still_found(
    decision: Decision, column: str, tmp_path: Path
) -> None:
    erase()
    seq = LedgerEntry.objects.filter(reason__contains=MARK).latest("seq").seq
    with unguarded():
        run(
            f"UPDATE registry_ledgerentry SET {column} = %s WHERE seq = %s",
            ["2026-01-01T00:00:00.000000Z", seq],
        )
    assert "entry_altered" in findings()
    assert alone(tmp_path / "ledger.jsonl", exported()).returncode == 1


def test_emptying_another_entry_is_found(decision: Decision) -> None:
    erase()
    other = (
        LedgerEntry.objects.exclude(seq__in=RedactedEntry.objects.values("entry"))
        .filter(seq__gt=50)
        .earliest("seq")
    )
    with unguarded():
        run("UPDATE registry_ledgerpayload SET after = %s WHERE seq = %s", ['{"id": 1}', other.seq])
    assert "payload_altered" in findings()


def test_an_edit_that_calls_itself_a_redaction_is_found(decision: Decision) -> None:
    """Rows of a redaction can be written by hand, and the triggers let through what they name."""
    entry = LedgerEntry.objects.filter(table_name="registry_decision").latest("seq")
    text = entry.payload.after.replace("Giao đất", "Thu hồi")
    digests = {"before_digest": digest("s", entry.payload.before), "after_digest": digest("s", text)}
    header = entry_hash(*(getattr(entry, name) for name in HASHED))
    with recorded(), redacting():
        given = {"at": AT, "ground": GROUND, "asked_by": "an", "approved_by": "binh", "places": "{}"}
        made = Redaction.objects.create(number=1, **given)
        RedactedEntry.objects.create(redaction=made, entry=entry.seq, header=header, **digests)
        LedgerPayload.objects.filter(pk=entry.seq).update(after=text, salt="s")
        Decision.objects.filter(pk=decision.pk).update(
            abstract=decision.abstract.replace("Giao đất", "Thu hồi")
        )
    assert findings()[0] == "redaction_unmarked"


@pytest.mark.parametrize(
    ("said", "instead"),
    [(GROUND, " "), ('"approved_by": "binh"', '"approved_by": "an"'), ('"number": 1', '"number": 2')],
)
def test_a_redaction_without_ground_or_second_person_is_found(
    decision: Decision, said: str, instead: str, tmp_path: Path
) -> None:
    """As the ledger tells it: whoever takes the guards away can write such a row, and its entry."""
    redaction = erase()
    told = LedgerEntry.objects.get(table_name="registry_redaction").payload
    spaced = said if said in told.after else said.replace(": ", ":")  # each engine writes JSON in its way
    text = told.after.replace(spaced, instead)
    with unguarded():
        run("UPDATE registry_ledgerpayload SET after = %s WHERE seq = %s", [text, told.pk])
    assert findings().count("redaction_unknown") == redaction.entries.count()
    done = alone(tmp_path / "ledger.jsonl", exported())
    assert (done.returncode, "redaction_unknown · Mục " in done.stdout) == (1, True)
    assert "Xóa theo luật số" not in done.stdout


def test_putting_back_what_was_erased_is_found(decision: Decision) -> None:
    kept = {row.pk: (row.before, row.after, row.salt) for row in LedgerPayload.objects.all()}
    erase()
    seq = LedgerEntry.objects.filter(table_name="registry_statement").latest("seq").seq
    with unguarded():
        run(
            "UPDATE registry_ledgerpayload SET before = %s, after = %s, salt = %s WHERE seq = %s",
            [*kept[seq], seq],
        )
    assert "payload_altered" in findings()


def test_a_redaction_speaks_only_of_entries_above_it(decision: Decision) -> None:
    redaction = erase()
    seq = head()[0] + 2
    RedactedEntry.objects.create(redaction=redaction, entry=seq, after_digest="0" * 64, header="0" * 64)
    Cluster.objects.earliest("pk").save()
    with recorded(actor="x"):
        Cluster.objects.update(name="Khác")
    assert findings() == []


def test_the_guards_let_through_what_a_redaction_says_and_nothing_else(decision: Decision) -> None:
    erase()
    named = RedactedEntry.objects.filter(after_digest__isnull=False).earliest("pk")
    for table, key, column, pk in (
        ("registry_ledgerpayload", "seq", "after", named.entry),
        ("registry_ledgerpayload", "seq", "salt", named.entry),
        ("registry_ledgerentry", "seq", "reason", named.entry),
        ("registry_statement", "id", "content", Statement.objects.latest("pk").pk),
        ("registry_publication", "seq", "reason", Publication.objects.latest("seq").pk),
        ("registry_redaction", "number", "ground", 1),
    ):
        with pytest.raises(IntegrityError, match="ledger_append_only"), transaction.atomic(), redacting():
            run(f"UPDATE {table} SET {column} = 'x' WHERE {key} = %s", [pk])
    # An open door makes no ordinary write unseen.
    before = head()[0]
    with recorded(actor="x"), redacting():
        Cluster.objects.update(name="Khác")
    assert head()[0] > before


def test_every_place_is_emptied_also_those_outside_of_the_ledger(decision: Decision) -> None:
    webhook = a_webhook()
    WebhookDelivery.objects.create(
        webhook=webhook, cause="news", message="m", at=AT, took_ms=1, status=500, answer=f"lỗi: {NAME}"
    )
    session = SessionStore()
    session["typed"] = NAME
    session.save()
    Decision.objects.filter(pk=decision.pk).update(abstract=f"{NAME} lần nữa")
    submit(decision, by="lan", at=AT, note=f"xin duyệt cho {NAME}")
    decided = Submission.objects.latest("pk").digest
    erase()
    assert holding("Bưởi") == set()
    assert not SessionStore().exists(str(session.session_key))
    submission = Submission.objects.latest("pk")
    assert submission.note == f"xin duyệt cho {MARK}"
    # What waits for approval still waits, by the digest of what it now is.
    assert submission.digest != decided
    assert holding(decided) == set()
    assert review_of(decision).state == "submitted"
    assert findings() == []


def a_webhook() -> Webhook:
    partner = create_partner("Báo", contact="x", purpose="y")
    return Webhook.objects.create(
        partner=partner, url="https://a.example/", scopes="decisions", created_at=AT
    )


def test_what_former_code_made_is_emptied_too(decision: Decision, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be made again: the words are taken out of answers, and out of what those are found by, also cut."""
    source = SourceDocument.objects.earliest("pk")
    with recorded(actor="clerk"):
        source.publisher, source.reference = f"Báo của {NAME}", f"{'x' * 49} {NAME}"
        source.published_earliest = source.published_latest = AT.date()
        source.save()
    publish([source], proposed_by="lan", approved_by="leader", at=AT - timedelta(days=8), today=AT.date())
    for module in (edition_keeping, publishing):
        monkeypatch.setattr(module, "COMPOSER", COMPOSER + 1)
    adopted = adopt_composer(at=AT - timedelta(days=7), today=AT.date())
    assert adopted is not None
    of_former = EditionTerm.objects.filter(
        kind="source",
        edition_id__in=SourceEdition.objects.filter(code=source.code, known_from__lt=adopted.seq).values(
            "pk"
        ),
    )
    cut = search_text(NAME)[:10]
    said = {"publisher": f"bao cua {search_text(NAME)}", "reference": f"{'x' * 49} {cut}"}
    assert dict(of_former.filter(term__in=said).values_list("term", "value")) == said
    others = sorted(
        of_former.exclude(term__in=(*said, "word", "publisher_order")).values_list("term", "value")
    )
    assert others
    erase()
    assert holding("Bưởi", "buoi", "B\\u01b0", cut) == set()
    kept = of_former.exclude(term__in=("word", "publisher_order")).values_list("term", "value")
    assert sorted(kept) == others


def test_a_second_redaction_of_the_same_entries_counts(decision: Decision) -> None:
    erase()
    erase("sáng thứ hai")
    assert holding("sáng thứ hai", "Bưởi") == set()
    assert findings() == []
    decision.refresh_from_db()
    assert decision.note == f"gọi {MARK}\n[đã xóa theo luật 2]"


def test_only_one_record_when_that_is_asked(decision: Decision) -> None:
    other = Cluster.objects.earliest("pk")
    with recorded(actor="clerk"):
        other.name = f"Cụm của {NAME}"
        other.save()
    erase(found=plan([NAME], record=decision.key))
    assert Cluster.objects.get(pk=other.pk).name == f"Cụm của {NAME}"
    assert Decision.objects.get(pk=decision.pk).signer == MARK
    assert findings() == []
    assert rebuild_editions(check=True) == []


def refusal(call: Any) -> str:
    before = head(), Redaction.objects.count()
    with pytest.raises(Problem) as refused:
        call()
    assert before == (head(), Redaction.objects.count())
    assert "Bưởi" not in refused.value.message
    return refused.value.code


def test_two_people_who_may_a_ground_and_what_was_seen(decision: Decision) -> None:
    assert refusal(lambda: erase(approved_by="an")) == "redaction_by_one"
    assert refusal(lambda: erase(approved_by="leader")) == "redactor_not_allowed"
    assert refusal(lambda: erase(ground=" ")) == "ground_missing"
    assert refusal(lambda: erase(ground=f"Đơn của {NAME}")) == "redaction_names_words"
    assert refusal(lambda: plan(["ab"])) == "redaction_too_short"
    assert refusal(lambda: erase("không có ở đâu")) == "nothing_found"
    seen: Plan = plan([NAME])
    with recorded(actor="clerk"):
        Cluster.objects.update(name=f"Cụm {NAME}")
    assert refusal(lambda: erase(found=seen)) == "found_differs"


def test_names_that_programs_know_things_by_stay(decision: Decision) -> None:
    assert refusal(lambda: plan(["leader"])) == "redaction_of_a_name"
    assert refusal(lambda: plan([decision.code])) == "redaction_of_a_name"
    assert refusal(lambda: plan(["decision"])) == "redaction_of_a_name"


def test_what_nobody_can_change_stays_and_hinders_nothing(decision: Decision, tmp_path: Path) -> None:
    """Who was signed in under such a name: security events are never changed."""
    note("refused", actor=NAME, detail="GET /admin/")
    (event,) = SecurityEvent.objects.values_list("pk", flat=True)
    words, out = tmp_path / "words", StringIO()
    words.write_text(NAME, encoding="utf-8")
    call_command("redact", text_from=str(words), stdout=out)
    said = f"Không xóa được: 1 dòng của bảng registry_securityevent (số {event})"
    assert said in out.getvalue()
    assert plan([NAME]).beyond == {"registry_securityevent": (event,)}
    erase()
    assert holding("Bưởi") <= {"registry_securityevent"}  # on SQLite it lies in a file of its own
    assert SecurityEvent.objects.get(pk=event).actor == NAME
    assert plan([NAME]).empty


def test_a_row_that_drifted_is_settled_first(decision: Decision) -> None:
    with unguarded():
        run("UPDATE registry_decision SET note = 'lén' WHERE id = %s", [decision.pk])
    assert refusal(lambda: erase()) == "ledger_drifted"


def test_an_entry_of_a_record_that_is_gone_is_emptied_too(decision: Decision) -> None:
    with recorded(actor="clerk"):
        gone = Authority.objects.create(name=f"Phòng {NAME}", level="commune")
        gone.delete()
    found = {one.table: len(one.rows) for one in occurrences([NAME])}
    assert found["registry_ledgerpayload"] >= 2
    erase()
    assert holding("Bưởi") == set()
    assert findings() == []


def test_no_table_holds_files() -> None:
    """If one ever does, a redaction has to empty them too."""
    assert [
        f for model in apps.get_models() for f in model._meta.get_fields() if isinstance(f, FileField)
    ] == []
