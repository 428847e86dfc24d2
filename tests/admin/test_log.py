"""The log of the whole registry: who, when, why, what; found by any of it, by those who may."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.actions.log_index import forget, forget_all, index_entries, wrong_blocks
from registry.actions.publish import publish
from registry.actions.review import discard, submit
from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.ledger.tracked import declared
from registry.models import Citation, Cluster, ClusterAlias, Investor, LedgerEntry, LedgerTerm
from registry.queries.facts import read
from registry.queries.log import Asked, log_page
from registry.rules.log_terms import BLOCK
from registry.rules.text import search_words
from tests.admin.browsing import text_of
from tests.admin.office import AT, TODAY, Office, person

LOG = "/admin/log/"


def entry_url(seq: int) -> str:
    return f"/admin/entries/{seq}/"


def on(client: Client, **asked: object) -> list[int]:
    """The numbers of the entries that the page shows."""
    response = client.get(LOG, asked)
    assert response.status_code == 200
    return [entry.seq for entry in response.context["page"].entries]


def test_the_log_tells_of_every_record_by_name_with_who_and_why(office: Office) -> None:
    with recorded(actor="van-thu", reason="đo lại"):
        office.effect.area_ha = "48.1"
        office.effect.save()

    told = text_of(office.leader_client.get(LOG))

    assert (
        "Nguyễn An sửa Diện tích từ 47,8 thành 48,1 ha ở quyết định 1013/QĐ-UBND ngày 31/03/2022 › Tác động 1 · "
        "Giang Biên · Thành lập · lý do: đo lại · " in told
    )


def test_it_can_be_asked_for_person_kind_record_field_reason_request_and_time(office: Office) -> None:
    with recorded(actor="van-thu", reason="Đối chiếu bản giấy", request="yeu-cau-1"):
        office.cluster.name = "Giang Biên 2"
        office.cluster.save()
    wanted = head()[0]
    with recorded(actor="lanh-dao", reason="khác hẳn", request="yeu-cau-2"):
        office.developer.name = "Công ty B"
        office.developer.save()
    other, client = head()[0], office.leader_client

    for asked in (
        {"person": "van-thu"},
        {"person": "nguyen an"},
        {"kind": "cluster"},
        {"record": office.cluster.code},
        {"record": f"cluster:{office.cluster.pk}"},
        {"record": f"http://localhost/admin/registry/cluster/{office.cluster.pk}/change/"},
        {"field": "registry_cluster.name"},
        {"reason": "giấy đối"},
        {"reason": "doi chieu ban"},
        {"request": "yeu-cau-1"},
    ):
        found = on(client, **asked)
        assert wanted in found, asked
        assert other not in found, asked
    assert on(client, person="van-thu", kind="cluster", reason="giay", request="yeu-cau-1") == [wanted]
    assert on(client, person="lanh-dao", kind="cluster") == []


def test_moments_are_those_of_ha_noi_and_days_are_whole(office: Office) -> None:
    now = datetime.now(UTC) + timedelta(hours=7)
    today, tomorrow = (f"{now + timedelta(days=n):%d/%m/%Y}" for n in (0, 1))

    assert on(office.leader_client, since=today, until=today)[0] == head()[0]
    assert on(office.leader_client, since=tomorrow) == []
    assert on(office.leader_client, until="01/01/2020") == []
    assert on(office.leader_client, since="01/01/2020 00:00", until=f"23:59 {today}")[0] == head()[0]


def test_only_auditors_and_leaders_read_the_log(office: Office) -> None:
    assert office.leader_client.get(LOG).status_code == 200
    assert office.clerk_client.get(LOG).status_code == 403
    assert office.clerk_client.get(LOG, {"person": "van-thu"}).status_code == 403
    assert Client().get(LOG).status_code == 302
    assert "Nhật ký" in text_of(office.leader_client.get("/admin/"))
    assert "Nhật ký" not in text_of(office.clerk_client.get("/admin/"))


def test_an_entry_is_read_by_those_who_read_the_history_it_stands_in(office: Office) -> None:
    submit(office.cluster, by="van-thu", at=AT)
    submitted = head()[0]
    publish([office.cluster], proposed_by="van-thu", approved_by="lanh-dao", at=AT, today=TODAY)
    of_publication = LedgerEntry.objects.filter(table_name="registry_publication").latest("seq").seq
    person("moi", "Nhập liệu")
    of_account = LedgerEntry.objects.filter(subject__startswith="user:").latest("seq").seq
    of_cluster = LedgerEntry.objects.filter(subject=office.cluster.key).latest("seq").seq

    for seq in (of_cluster, submitted, of_publication):
        assert office.clerk_client.get(entry_url(seq)).status_code == 200, seq
    for seq in (of_account, head()[0] + 1000, 10**30):
        assert office.clerk_client.get(entry_url(seq)).status_code == 403, seq
    assert office.leader_client.get(entry_url(of_account)).status_code == 200
    assert office.leader_client.get(entry_url(head()[0] + 1000)).status_code == 404
    assert office.leader_client.get(entry_url(10**30)).status_code == 404
    assert Client().get(entry_url(of_cluster)).status_code == 302


def test_the_page_of_an_entry_has_it_in_words_and_as_it_is_stored(office: Office) -> None:
    with recorded(actor="van-thu", reason="đo lại", request="yeu-cau-1"):
        office.effect.area_ha = "48.1"
        office.effect.save()
    entry = LedgerEntry.objects.get(pk=head()[0])

    response = office.leader_client.get(entry_url(entry.seq))
    told, page = text_of(response), response.content.decode()

    assert "Diện tích ≠ đổi 47,8 ha 48,1 ha" in told.replace("\u2002", " ")
    for raw in (entry.hash, entry.prev, entry.before_digest, entry.after_digest, entry.at, "yeu-cau-1"):
        assert raw in told
    assert "khớp với phần đầu" in told
    assert "khớp với nội dung" in told
    for link in (
        f"/admin/registry/decision/{office.decision.pk}/history/",
        f"/admin/registry/decision/{office.decision.pk}/as-it-was/?entry={entry.seq}",
        f"{LOG}?record=decision%3A{office.decision.pk}",
        f"{LOG}?request=yeu-cau-1",
        entry_url(entry.seq - 1),
    ):
        assert f'href="{link}"' in page, link
        assert office.leader_client.get(link).status_code == 200


def test_an_entry_that_was_changed_afterwards_says_so(office: Office) -> None:
    from registry.ledger.arming import disarm

    disarm(connection)
    seq = head()[0]
    LedgerEntry.objects.filter(pk=seq).update(reason="không ai hỏi")

    assert "KHÔNG khớp với phần đầu" in text_of(office.leader_client.get(entry_url(seq)))


def test_entries_of_every_sort_have_a_page(office: Office) -> None:
    submit(office.cluster, by="van-thu", at=AT)
    publish([office.cluster], proposed_by="van-thu", approved_by="lanh-dao", at=AT, today=TODAY)
    discard(office.source, by="van-thu", reason="nhập trùng")
    sorts = LedgerEntry.objects.order_by().values_list("table_name", "op").annotate(seq=Max("seq"))
    assert len(sorts) > 15
    for table, op, seq in sorts:
        assert office.leader_client.get(entry_url(seq)).status_code == 200, (table, op)


def test_pages_follow_one_another_both_ways_and_their_addresses_stay(office: Office) -> None:
    for number in range(120):
        with recorded(actor="van-thu", request=f"lan-{number}"):
            ClusterAlias.objects.create(cluster=office.cluster, name=f"Tên {number}")
    client, asked = office.leader_client, {"field": "registry_clusteralias.name"}

    response, seen = client.get(LOG, asked), []
    first = response.content
    while True:
        seen.append([entry.seq for entry in response.context["page"].entries])
        if "older" not in response.context["links"]:
            break
        response = client.get(LOG + response.context["links"]["older"])
    assert [len(page) for page in seen] == [50, 50, 20]
    every = [seq for page in seen for seq in page]
    assert every == sorted(every, reverse=True)
    assert "Cũ hơn" not in text_of(response)

    back = client.get(LOG + response.context["links"]["newer"])
    assert [entry.seq for entry in back.context["page"].entries] == seen[1]
    oldest = client.get(LOG, {**asked, "after": 0})
    assert [entry.seq for entry in oldest.context["page"].entries] == every[-50:]

    middle = {**asked, "before": seen[0][-1]}
    before = on(client, **middle)
    with recorded(actor="van-thu"):
        ClusterAlias.objects.create(cluster=office.cluster, name="Tên sau cùng")
    assert on(client, **middle) == before
    assert client.get(LOG, asked).content != first


def test_what_nobody_can_have_asked_is_said_at_the_field(office: Office) -> None:
    for asked, said in (
        ({"since": "hôm qua"}, "Không đọc được thời điểm"),
        ({"since": "02/02/2026", "until": "01/02/2026"}, "“Đến hết” phải sau “Từ”."),
        ({"record": "khong-co"}, "Không có bản ghi nào mang mã “khong-co”"),
        ({"kind": "khong-co"}, "Không có lựa chọn này"),
        ({"field": "auth_user.password"}, "Không có lựa chọn này"),
    ):
        response = office.leader_client.get(LOG, asked)
        assert response.status_code == 200
        assert said in text_of(response), asked
        assert "page" not in response.context


@pytest.mark.parametrize(
    "typed", ["before=x", "before=-1", "after=9" * 1, f"before={10**30}", "before=%E2%9D%A4"]
)
def test_a_page_that_is_none_is_the_first_or_empty(office: Office, typed: str) -> None:
    assert office.leader_client.get(f"{LOG}?{typed}").status_code == 200


def test_nothing_found_says_which_condition_to_drop(office: Office) -> None:
    response = office.leader_client.get(LOG, {"person": "khong-ai", "reason": "đo lại"})

    told = text_of(response)
    assert "Không có mục nào khớp với điều kiện" in told
    assert "Bỏ “Người thực hiện”" in told
    assert 'href="?reason=%C4%91o+l%E1%BA%A1i"' in response.content.decode()


def test_a_page_asks_as_often_for_two_entries_as_for_fifty(office: Office) -> None:
    office.leader_client.get(LOG)
    asked = []
    for edits in (2, 60):
        with recorded(actor="van-thu", reason="nhiều", request=f"{edits}-dong"):
            for number in range(edits):
                Citation.objects.create(
                    cluster=office.cluster,
                    field="name",
                    source=office.source,
                    locator="1",
                    as_stated=str(number),
                )
        with CaptureQueriesContext(connection) as queries:
            office.leader_client.get(LOG, {"request": f"{edits}-dong", "reason": "nhieu"})
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 16


def test_secrets_are_nowhere_in_the_log(office: Office) -> None:
    office.clerk.set_password("mot-mat-khau-rat-dai")
    office.clerk.save()
    response = office.leader_client.get(LOG, {"kind": "user"})

    assert "pbkdf2" not in response.content.decode()
    assert "password" not in str(response.context["form"]["field"])


# The index


@pytest.fixture
def long(office: Office) -> Office:
    """More than two blocks of entries, of which the first two are indexed."""
    with recorded(actor="van-thu", reason="nhập hàng loạt", request="hang-loat"):
        ClusterAlias.objects.bulk_create(
            ClusterAlias(cluster=office.cluster, name=f"Tên {number}") for number in range(BLOCK)
        )
        Investor.objects.bulk_create(Investor(code=f"nha-{n}", name=f"Nhà {n}") for n in range(BLOCK // 2))
    with recorded(actor="lanh-dao", reason="Sửa 202 tên", request="sua-ten"):
        for alias in ClusterAlias.objects.all()[:200]:
            alias.name += "*"
            alias.save()
    with recorded(actor="system", reason="thêm cho đủ"):
        Cluster.objects.bulk_create(Cluster(code=f"cum-{n}", name=f"Cụm {n}") for n in range(BLOCK))
    return office


ASKED = [
    Asked(),
    Asked(terms=(("actor:lanh-dao",),)),
    Asked(terms=(("actor:lanh-dao", "actor:system"), ("kind:cluster",))),
    Asked(terms=(("field:registry_clusteralias.name",),)),
    Asked(terms=(("field:registry_clusteralias.name",), ("actor:lanh-dao",)), words="sua ten"),
    Asked(terms=(("field:registry_investor.name", "field:registry_cluster.code"),), words="hang loat"),
    Asked(terms=(("request:sua-ten",),)),
    Asked(words="202"),
    Asked(words="20"),
    Asked(words="NHẬP ha"),
    Asked(words="không có"),
    Asked(terms=(("kind:investor",), ("actor:lanh-dao",))),
    Asked(terms=(("actor:nobody",),)),
    Asked(since=datetime(2020, 1, 1, tzinfo=UTC), terms=(("actor:lanh-dao",),)),
    Asked(until=datetime(2020, 1, 1, tzinfo=UTC), terms=(("actor:lanh-dao",),)),
]


def fits(asked: Asked, entry: LedgerEntry) -> bool:
    """The meaning of a question, written down a second time, without an index."""
    at = datetime.fromisoformat(entry.at.removesuffix("Z")).replace(tzinfo=UTC)
    before, after = read(entry.payload.before), read(entry.payload.after)
    terms = {f"actor:{entry.actor}", f"kind:{entry.subject.split(':')[0]}", f"request:{entry.request}"}
    terms |= {
        f"field:{entry.table_name}.{column}"
        for column in {*before, *after}
        if (before.get(column) or "") != (after.get(column) or "")
    }
    have = search_words(entry.reason)
    return (
        (asked.since is None or asked.since <= at)
        and (asked.until is None or at <= asked.until)
        and all(terms & set(group) for group in asked.terms)
        and all(
            any(word == one if one.isdecimal() else word.startswith(one) for word in have)
            for one in search_words(asked.words)
        )
    )


def test_whatever_is_asked_the_index_finds_what_a_look_at_each_entry_finds(long: Office) -> None:
    entries = list(LedgerEntry.objects.select_related("payload").order_by("-seq"))
    wanted = [[entry.seq for entry in entries if fits(asked, entry)] for asked in ASKED]
    assert sum(not found for found in wanted) == 5

    for state in ("not indexed", "indexed", "half indexed"):
        if state == "indexed":
            assert index_entries() == len(entries) // BLOCK
        elif state == "half indexed":
            forget([BLOCK + 1])
        for asked, found in zip(ASKED, wanted, strict=True):
            page = log_page(asked)
            assert page.count == len(found), (state, asked)
            assert [entry.seq for entry in page.entries] == found[:50], (state, asked)
            if found:
                middle = found[len(found) // 2]
                below, above = [n for n in found if n < middle], [n for n in found if n > middle]
                assert [e.seq for e in log_page(asked, before=middle, size=7).entries] == below[:7]
                assert [e.seq for e in log_page(asked, after=middle, size=7).entries] == above[-7:]


def test_indexing_twice_writes_nothing_and_the_check_finds_what_is_wrong(long: Office) -> None:
    call_command("index_ledger", verbosity=0)
    rows = LedgerTerm.objects.count()
    assert index_entries() == 0
    assert LedgerTerm.objects.count() == rows
    assert wrong_blocks() == []
    call_command("index_ledger", "--check")

    LedgerTerm.objects.filter(term="actor:lanh-dao").update(entries=b"\x01\x00")
    with pytest.raises(CommandError, match="log_index_differs"):
        call_command("index_ledger", "--check")
    call_command("index_ledger", "--rebuild")
    assert wrong_blocks() == []
    forget_all()
    assert not LedgerTerm.objects.exists()


def test_a_question_to_an_indexed_ledger_costs_as_many_queries_as_blocks_are_many(long: Office) -> None:
    index_entries()
    asked = Asked(terms=(("actor:lanh-dao",), ("kind:cluster",)), words="sua ten")
    with CaptureQueriesContext(connection) as queries:
        log_page(asked)

    # The last number, the indexed blocks, four terms, the entries at the end, the page.
    assert len(queries) == 8


def test_every_fact_that_staff_know_can_be_asked_for_and_no_secret() -> None:
    from registry.queries.log_fields import log_fields

    fields = log_fields()
    assert fields["registry_effect.area_ha"].label == "Diện tích"
    assert set(fields["registry_effect.area_ha"].terms) == {
        f"field:registry_effect.{column}" for column in ("area_ha", "area_high_ha", "area_qualifier")
    }
    assert fields["registry_cluster_places"].label == "Địa điểm"
    asked = {term for one in fields.values() for term in one.terms}
    assert not asked & {f"field:{t.table}.{column}" for t in declared() for column in t.exclude}
    assert not [one for one in fields.values() if re.search("[a-z]_[a-z]", one.label)]
    assert len({(one.rows, one.label) for one in fields.values()}) == len(fields)


@pytest.mark.parametrize("typed", ["!!!", "—", "\u200b…"])
def test_a_reason_of_punctuation_is_refused_and_never_answered_with_everything(
    office: Office, typed: str
) -> None:
    response = office.leader_client.get(LOG, {"reason": typed})

    assert response.status_code == 200
    assert "page" not in response.context
    assert [error.code for error in response.context["form"].errors.as_data()["reason"]] == [
        "reason_without_words"
    ]
