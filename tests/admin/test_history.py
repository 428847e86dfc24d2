from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions.publish import publish, withdraw
from registry.actions.review import discard, return_for_changes, submit
from registry.ledger.context import recorded
from registry.models import AdministrativeUnit, Citation, Cluster, ClusterAlias, Decision, Effect, LedgerEntry
from registry.queries.history import Act, changes_since, history, last_words
from registry.queries.reviews import last_change
from tests.admin.office import AT, TODAY, Office, url
from tests.ledger.rows import run, unguarded


def lines(acts: tuple[Act, ...]) -> list[str]:
    found = []
    for act in acts:
        found += [f"{act.who}: {said}" for said in act.said]
        for section in act.sections:
            head = f"{act.who}: {section.state_label} {section.title}".rstrip()
            found += [f"{head} | {c.label}: {c.before} → {c.after}" for c in section.changes] or [head]
    return found


def test_a_changed_area_is_told_with_who_why_and_both_values(office: Office) -> None:
    with recorded(actor="van-thu", reason="gõ nhầm"):
        office.effect.area_ha = "48.1"
        office.effect.save()

    act = history(office.decision).acts[0]

    assert (act.who, act.reason) == ("Nguyễn An", "gõ nhầm")
    assert lines((act,)) == [
        "Nguyễn An: sửa Tác động 1 · Giang Biên · Thành lập | Diện tích: 47,8 ha → 48,1 ha"
    ]


def test_three_columns_of_a_stated_date_are_told_as_one(office: Office) -> None:
    with recorded(actor="van-thu"):
        office.decision.issued_earliest = date(2022, 1, 1)
        office.decision.issued_latest = date(2022, 12, 31)
        office.decision.issued_stated_as = "năm 2022"
        office.decision.save()

    assert lines(history(office.decision).acts[:1]) == ["Nguyễn An: sửa | Ngày ký: 31/03/2022 → năm 2022"]


def test_the_papers_words_stand_beside_bounds_that_they_do_not_say(office: Office) -> None:
    with recorded(actor="van-thu"):
        office.decision.issued_earliest = date(2023, 1, 1)
        office.decision.issued_latest = date(2023, 6, 30)
        office.decision.issued_stated_as = "năm 2023"
        office.decision.save()

    assert lines(history(office.decision).acts[:1]) == [
        "Nguyễn An: sửa | Ngày ký: 31/03/2022 → từ 01/01/2023 đến 30/06/2023 (ghi “năm 2023”)"
    ]


def test_rows_of_a_record_come_and_go_in_its_history(office: Office) -> None:
    with recorded(actor="van-thu", reason="thêm trích nguồn"):
        citation = Citation.objects.create(
            decision=office.decision,
            field="area_ha",
            source=office.source,
            locator="đoạn 9",
            as_stated="47,8 ha",
        )
    with recorded(actor="van-thu", reason="bỏ trích nguồn"):
        citation.delete()

    removed, added = history(office.decision).acts[:2]

    assert [section.state for section in added.sections] == ["added"]
    assert "Bài báo A" in added.sections[0].title
    assert [section.state for section in removed.sections] == ["removed"]


def test_the_history_of_a_cluster_tells_its_places_and_the_effects_of_decisions_also_those_gone(
    office: Office,
) -> None:
    with recorded(actor="van-thu", reason="địa điểm"):
        place = AdministrativeUnit.objects.create(
            code="xa-giang-bien", name="Giang Biên", unit_kind="commune"
        )
        office.cluster.places.add(place)
    with recorded(actor="van-thu", reason="bỏ tác động"):
        office.effect.delete()

    told = lines(history(office.cluster).acts)

    assert any(line.startswith("Nguyễn An: bỏ 1013/QĐ-UBND ngày 31/03/2022 › Tác động 1") for line in told)
    assert "Nguyễn An: thêm Địa điểm · Xã Giang Biên" in told
    assert any(line.startswith("Nguyễn An: thêm 1013/QĐ-UBND") for line in told)


def test_the_history_of_one_cluster_knows_nothing_of_a_cluster_whose_number_begins_alike(
    office: Office,
) -> None:
    with recorded(actor="van-thu"):
        other = Cluster.objects.create(pk=office.cluster.pk * 10, code="khac", name="Khác")
        Effect.objects.create(decision=office.decision, position=2, cluster=other, effect_code="established")

    told = " ".join(lines(history(office.cluster).acts))

    assert "Khác" not in told


def test_submission_return_publication_and_withdrawal_stand_between_the_edits(office: Office) -> None:
    submit(office.cluster, by="van-thu", at=AT, note="nhờ duyệt")
    return_for_changes(office.cluster, by="lanh-dao", at=AT, comment="thiếu nguồn")
    submit(office.cluster, by="van-thu", at=AT, note="đã bổ sung")
    publish(
        [office.cluster], proposed_by="van-thu", approved_by="lanh-dao", at=AT, today=TODAY, note="Lần đầu"
    )
    withdraw(
        [office.cluster],
        proposed_by="van-thu",
        approved_by="lanh-dao",
        at=AT,
        today=TODAY,
        reason="trùng bản ghi",
    )

    acts = history(office.cluster).acts

    assert lines(acts)[:5] == [
        "Trần Bình: Rút công bố (lần công bố số 2) theo đề nghị của Nguyễn An.",
        "Trần Bình: Công bố (lần số 1) theo đề nghị của Nguyễn An.",
        "Nguyễn An: Trình đề nghị công bố.",
        "Trần Bình: Trả lại đề nghị công bố của Nguyễn An.",
        "Nguyễn An: Trình đề nghị công bố.",
    ]
    assert [act.reason for act in acts[:5]] == ["trùng bản ghi", "", "đã bổ sung", "thiếu nguồn", "nhờ duyệt"]
    assert acts[1].notes == ("Ghi chú công khai: Lần đầu",)


def test_a_reference_that_was_deleted_keeps_its_name(office: Office) -> None:
    with recorded(actor="van-thu"):
        office.effect.developer = None
        office.effect.save()
    discard(office.developer, by="van-thu")

    assert "Chủ đầu tư hạ tầng: Công ty A (đã xóa) → " in " ".join(lines(history(office.decision).acts[:1]))


def test_pages_follow_one_another_without_a_gap(office: Office) -> None:
    for number in range(7):
        with recorded(actor="van-thu", reason=f"lần {number}"):
            office.cluster.name = f"Giang Biên {number}"
            office.cluster.save()

    seen, before = [], None
    while True:
        page = history(office.cluster, before=before, size=3)
        seen += [act.reason for act in page.acts]
        if page.older is None:
            break
        before = page.older

    assert seen == [f"lần {n}" for n in range(6, -1, -1)] + ["Nhập từ văn bản"]


@pytest.mark.parametrize("edits", [2, 40])
def test_a_page_of_history_asks_as_often_for_two_entries_as_for_forty(office: Office, edits: int) -> None:
    for number in range(edits):
        with recorded(actor="van-thu", reason=str(number)):
            Citation.objects.create(
                cluster=office.cluster, field="name", source=office.source, locator="1", as_stated=str(number)
            )

    with CaptureQueriesContext(connection) as queries:
        history(office.cluster)

    assert len(queries) == 11


def test_a_stale_tab_is_told_what_happened_since_and_nothing_before(office: Office) -> None:
    seen = last_change(office.decision)
    with recorded(actor="van-thu", reason="sửa trích yếu"):
        office.decision.abstract = "Thành lập cụm"
        office.decision.save()

    assert lines(changes_since(office.decision, seen)) == ["Nguyễn An: sửa | Trích yếu:  → Thành lập cụm"]


def test_a_deleted_draft_still_says_who_deleted_it(office: Office) -> None:
    pk = office.source.pk
    discard(office.source, by="van-thu", reason="nhập trùng")

    act = last_words(type(office.source), pk)

    assert act is not None
    assert (act.who, act.reason) == ("Nguyễn An", "nhập trùng")


def test_rows_of_one_go_make_one_act_and_another_request_makes_another(office: Office) -> None:
    for request in ("thứ nhất", "thứ hai"):
        with recorded(actor="van-thu", request=request):
            for number in (1, 2):
                ClusterAlias.objects.create(cluster=office.cluster, name=f"{request} {number}")

    second, first = history(office.cluster).acts[:2]

    assert [section.title for section in first.sections] == ["Tên khác · thứ nhất 1", "Tên khác · thứ nhất 2"]
    assert [section.title for section in second.sections] == ["Tên khác · thứ hai 1", "Tên khác · thứ hai 2"]


def test_other_records_are_called_what_they_were_called_then(office: Office) -> None:
    with recorded(actor="van-thu", reason="bỏ chủ đầu tư"):
        office.effect.developer = None
        office.effect.save()
    with recorded(actor="van-thu"):
        office.developer.name = "Công ty A Mới"
        office.developer.save()

    (told,) = lines(history(office.decision).acts[:1])

    assert told.endswith("Chủ đầu tư hạ tầng: Công ty A (nay là Công ty A Mới) → ")


def test_a_record_that_is_gone_is_called_what_it_was_called_then_not_at_its_end(office: Office) -> None:
    with recorded(actor="van-thu", reason="bỏ chủ đầu tư"):
        office.effect.developer = None
        office.effect.save()
    with recorded(actor="van-thu"):
        office.developer.name = "Công ty A Mới"
        office.developer.save()
    discard(office.developer, by="van-thu")

    (told,) = lines(history(office.decision).acts[:1])

    assert told.endswith("Chủ đầu tư hạ tầng: Công ty A (đã xóa) → ")


def test_a_long_text_is_told_by_word(office: Office) -> None:
    long = "Thành lập cụm công nghiệp Giang Biên tại xã Giang Biên và xã Vĩnh Phong, huyện Vĩnh Bảo, diện tích 50 ha"
    for text in (long, long.replace("xã Vĩnh", "thị trấn Vĩnh")):
        with recorded(actor="van-thu"):
            office.decision.abstract = text
            office.decision.save()

    page = office.clerk_client.get(f"/admin/registry/decision/{office.decision.pk}/history/").content.decode()

    assert '<del><span class="visually-hidden">bỏ: </span>xã</del>' in page
    assert '<ins><span class="visually-hidden">thêm: </span>thị trấn</ins>' in page


def test_an_act_that_a_page_cuts_says_that_it_goes_on(office: Office) -> None:
    with recorded(actor="van-thu", request="mot-lan"):
        for number in range(5):
            ClusterAlias.objects.create(cluster=office.cluster, name=f"Tên {number}")

    assert [act.continued for act in history(office.cluster, size=3).acts] == [True]
    assert [act.continued for act in history(office.cluster, size=5).acts] == [False]


def test_each_sentence_leads_to_its_entry(office: Office) -> None:
    submit(office.cluster, by="van-thu", at=AT, note="nhờ duyệt")
    page = office.clerk_client.get(f"/admin/registry/cluster/{office.cluster.pk}/history/").content.decode()

    told = history(office.cluster).acts
    seqs = [said.seq for act in told for said in act.said] + [row.seq for act in told for row in act.sections]
    assert len(seqs) > 1
    for seq in seqs:
        assert f'href="/admin/entries/{seq}/"' in page
        assert office.clerk_client.get(f"/admin/entries/{seq}/").status_code == 200
    assert "nhật ký chung" not in page


@pytest.mark.parametrize(
    "tampered",
    [
        "UPDATE registry_ledgerpayload SET after = replace(after, 'ccn khác', 'ccn giả') WHERE seq = %s",
        "UPDATE registry_ledgerpayload SET after = '{' WHERE seq = %s",
        "UPDATE registry_ledgerpayload SET after = '[]' WHERE seq = %s",
        "UPDATE registry_ledgerentry SET actor = 'ai-do' WHERE seq = %s",
        "UPDATE registry_ledgerentry SET hash = prev WHERE seq = %s",
        "DELETE FROM registry_ledgerpayload WHERE seq = %s",
        "SELECT %s",
    ],
)
def test_no_page_tells_words_that_are_not_what_their_hashes_say(office: Office, tampered: str) -> None:
    with recorded(actor="lan"):
        office.cluster.name = "ccn khác"
        office.cluster.save()
    entry = LedgerEntry.objects.filter(subject=office.cluster.key).latest("seq")
    with unguarded():
        run(tampered, [entry.seq])
        # What came later holds: the record is today what nobody forged.
        run("UPDATE registry_cluster SET name = 'ccn nay' WHERE id = %s", [office.cluster.pk])
    found = not tampered.startswith("SELECT")
    pages = {page: url(office.cluster, page) for page in ("history", "history-print", "change")}
    pages |= {"past": f"{url(office.cluster, 'as-it-was')}?entry={entry.seq}", "log": "/admin/log/"}
    for page, address in pages.items():
        answer = (office.leader_client if page == "log" else office.clerk_client).get(address)
        said = answer.content.decode()
        assert answer.status_code == 200, page
        assert "ccn giả" not in said, page
        if page != "change":
            assert ("KHÔNG khớp với dấu" in said, "ledger_altered" in said) == (found, found), page
            assert ("ccn khác" in said) != found, page
    printed = office.clerk_client.get(pages["history-print"]).content.decode()
    assert (
        "KHÔNG dùng làm bằng chứng" in printed,
        f"mục {entry.seq} KHÔNG khớp" in printed,
    ) == (found, found)
    assert office.clerk_client.get(f"/admin/entries/{entry.seq}/").status_code == 200


def test_an_effect_that_somebody_forged_is_no_part_of_what_was_then(office: Office) -> None:
    entry = LedgerEntry.objects.filter(table_name=Effect._meta.db_table).latest("seq")
    effect = Effect.objects.get(pk=entry.row_id)
    address = f"{url(effect.cluster, 'as-it-was')}?entry={LedgerEntry.objects.latest('seq').seq}"
    assert "ledger_altered" not in office.clerk_client.get(address).content.decode()
    papers = LedgerEntry.objects.filter(subject=effect.decision.key, table_name=Decision._meta.db_table)
    for forged in (papers.latest("seq"), entry):
        with unguarded():
            run(
                "UPDATE registry_ledgerpayload SET after = replace(after, '1', '2') WHERE seq = %s",
                [forged.seq],
            )
        said = office.clerk_client.get(address).content.decode()
        assert (
            f'href="/admin/entries/{forged.seq}/"' in said.partition("ledger_altered")[2].partition("</p>")[0]
        )
