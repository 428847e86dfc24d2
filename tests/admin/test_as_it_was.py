"""A record as it was, beside today's; and what of it is brought back."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import clock
from registry.actions.publish import publish
from registry.actions.redact import plan, redact
from registry.actions.review import discard, submit
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Citation,
    Cluster,
    ClusterAlias,
    Decision,
    Effect,
    Investor,
    LedgerEntry,
    LegalInstrument,
)
from registry.queries.as_it_was import moment_of
from registry.queries.history import history
from registry.queries.reviews import last_change, review_of
from registry.rules.hanoi import day_of
from tests.admin.browsing import fields_of, fill, said, send, text_of
from tests.admin.office import AT, TODAY, Office, person, signed_in, url


def head() -> int:
    return LedgerEntry.objects.latest("seq").seq


def then(subject: object, seq: int, **more: str) -> str:
    return (
        url(subject, "as-it-was") + "?" + "&".join([f"entry={seq}", *(f"{k}={v}" for k, v in more.items())])
    )


def back(subject: object, seq: int, **more: str) -> str:
    return then(subject, seq, **more).replace("as-it-was", "restore")


def marked(response: object) -> dict[tuple[str, str], tuple[str, str, str]]:
    """What differs, by row and fact: then, now and in which way."""
    parts = response.context["parts"]  # type: ignore[attr-defined]
    return {
        (part.title, line.label): (line.then, line.now, line.said)
        for part in parts
        for line in part.lines
        if line.said or part.said in ("nay không còn", "khi đó chưa có")
    }


def change(row: object, reason: str = "sửa", **values: object) -> None:
    with recorded(actor="van-thu", reason=reason):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()  # type: ignore[attr-defined]


def test_the_whole_record_stands_beside_todays_with_what_differs_marked(office: Office) -> None:
    seq = head()
    change(office.effect, area_ha="48.1")
    change(office.decision, abstract="Thành lập cụm")

    page = office.clerk_client.get(then(office.decision, seq))

    effect = "Tác động 1 · Giang Biên · Thành lập"
    assert marked(page) == {
        ("", "Trích yếu"): ("", "Thành lập cụm", "khác"),
        (effect, "Diện tích"): ("47,8 ha", "48,1 ha", "khác"),
    }
    labels = {line.label: line.then for part in page.context["parts"] for line in part.lines}
    assert labels["Số, ký hiệu"] == "1013/QĐ-UBND"
    assert labels["Chủ đầu tư hạ tầng"] == "Công ty A"
    assert "≠ khác" in text_of(page)


def test_other_records_are_called_as_they_were_called_then_also_when_they_are_gone(office: Office) -> None:
    seq = head()
    change(office.developer, name="Công ty A đổi tên")
    office.effect.developer = None
    office.effect.save()
    renamed = head()
    discard(office.developer, by="van-thu")
    change(office.cluster, name="Giang Biên mới")

    page = office.clerk_client.get(then(office.decision, seq))
    found = marked(page)

    assert found["Tác động 1 · Giang Biên mới · Thành lập", "Chủ đầu tư hạ tầng"] == ("Công ty A", "", "khác")
    assert found["Tác động 1 · Giang Biên mới · Thành lập", "Cụm công nghiệp"] == (
        "Giang Biên", "Giang Biên mới", "nay gọi khác",
    )  # fmt: skip
    later = office.clerk_client.get(then(office.decision, renamed))
    assert ("Tác động 1 · Giang Biên mới · Thành lập", "Chủ đầu tư hạ tầng") not in marked(later)


def test_rows_and_lists_that_came_and_went_are_told(office: Office) -> None:
    with recorded(actor="van-thu"):
        place = AdministrativeUnit.objects.create(code="xa", name="Giang Biên", unit_kind="commune")
        alias = ClusterAlias.objects.create(cluster=office.cluster, name="Cụm cũ")
        office.cluster.places.add(place)
    seq = head()
    with recorded(actor="van-thu"):
        office.cluster.places.clear()
        alias.delete()
        ClusterAlias.objects.create(cluster=office.cluster, name="Cụm mới")

    found = marked(office.clerk_client.get(then(office.cluster, seq)))

    assert found == {
        ("", "Địa điểm"): ("Xã Giang Biên", "", "khác"),
        ("Tên khác · Cụm cũ", "Tên khác"): ("Cụm cũ", "", ""),
        ("Tên khác · Cụm mới", "Tên khác"): ("", "Cụm mới", ""),
    }


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("hôm qua", "moment_unreadable"), ("31/02/2026", "moment_unreadable"), ("01/01/2999", "moment_in_future"),
        ("01/01/1999", "before_the_ledger"),
    ],
)  # fmt: skip
def test_a_moment_that_cannot_be_shown_is_refused_in_words_and_kept(
    office: Office, typed: str, code: str
) -> None:
    page = office.clerk_client.get(url(office.decision, "as-it-was"), {"at": typed})

    assert page.status_code == 200
    assert page.context["problem"].code == code
    assert f'value="{typed}"' in page.content.decode()


@pytest.mark.parametrize("entry", ["0", "x", "99999999", "9" * 40])
def test_an_entry_that_there_is_not_is_said_so(office: Office, entry: str) -> None:
    page = office.clerk_client.get(url(office.decision, "as-it-was"), {"entry": entry})
    assert page.context["problem"].code == "entry_unknown"


def test_a_moment_chosen_by_hand_is_one_of_ha_noi_and_means_its_end(office: Office) -> None:
    now = LedgerEntry.objects.latest("seq").at
    change(office.decision, abstract="sau")
    today = office.clerk_client.get(url(office.decision, "as-it-was"), {"at": _hanoi_day(now)})
    assert today.context["asked"].entry.seq == head()
    empty = office.clerk_client.get(url(office.decision, "as-it-was"))
    assert "Ghi một lúc đã qua" in text_of(empty)


def _hanoi_day(at: str) -> str:
    return f"{day_of(moment_of(LedgerEntry(at=at))):%d/%m/%Y}"


def test_what_readers_were_told_of_a_cluster_then_stands_beside_today_with_the_reason(office: Office) -> None:
    everything = [office.ubnd, office.cluster, office.developer, office.decision]
    publish(everything, proposed_by="van-thu", approved_by="lanh-dao", at=clock.now(), today=TODAY)
    seq = head()
    change(office.effect, area_ha="48.1")
    publish([office.decision], proposed_by="van-thu", approved_by="lanh-dao", at=clock.now(), today=TODAY)

    before = office.clerk_client.get(then(office.cluster, 1))
    answer = office.clerk_client.get(then(office.cluster, seq)).context["answer"]

    assert not before.context["answer"].told
    assert "Lúc đó chưa có lần công bố nào" in text_of(before)
    values = {value.label: value for value in answer.values}
    assert (values["Diện tích"].then, values["Diện tích"].now) == ("47,8 ha", "48,1 ha")
    assert values["Giai đoạn pháp lý"].decision == "1013/QĐ-UBND"
    assert values["Giai đoạn pháp lý"].papers == ("Thành lập theo 1013/QĐ-UBND từ 31/03/2022",)
    assert not values["Giai đoạn pháp lý"].differs


def test_what_papers_said_of_a_cluster_then_stands_there_too_published_or_not(office: Office) -> None:
    with recorded(actor="van-thu"):
        gone = Effect.objects.create(
            decision=office.decision, position=2, cluster=office.cluster, effect_code="expanded"
        )
    seq = head()
    change(office.effect, area_ha="48.1")
    change(office.developer, name="Công ty A đổi tên")
    with recorded(actor="van-thu"):
        gone.delete()
        Effect.objects.create(
            decision=office.decision, position=3, cluster=office.cluster, effect_code="adjusted"
        )

    page = office.clerk_client.get(then(office.cluster, seq))
    entered = page.context["entered"]
    assert "nhưng điều quyết định nói về nó hoặc điều người đọc được biết thì có khác" in text_of(page)

    assert [(one.then and one.then.label, one.then and one.then.says, one.now and one.now.says, one.said)
            for one in entered] == [
        ("Thành lập", "47,8 ha, Công ty A", "48,1 ha, Công ty A đổi tên", "khác"),
        (None, None, "", "khi đó chưa có"),
        ("Mở rộng", "", None, "nay không còn"),
    ]  # fmt: skip


def test_each_act_of_a_history_leads_to_the_record_as_it_was(office: Office) -> None:
    change(office.decision, "đầu", abstract="một")
    change(office.decision, "sau", abstract="hai")
    page = office.clerk_client.get(url(office.decision, "history"))
    seqs = [act.last_seq for act in history(office.decision).acts]
    assert len(seqs) == 3
    for seq in seqs:
        assert f'href="../as-it-was/?entry={seq}"' in page.content.decode()
        assert office.clerk_client.get(then(office.decision, seq)).status_code == 200


def test_who_may_not_read_the_record_does_not_read_its_past(office: Office) -> None:
    nobody = signed_in(person("khach", "Nhập liệu"))
    User.objects.get(username="khach").groups.clear()
    assert nobody.get(then(office.decision, head())).status_code == 403
    assert nobody.get(back(office.decision, head())).status_code == 403
    assert office.clerk_client.get("/admin/registry/decision/99999/as-it-was/").status_code == 404


# Brought back


def test_one_field_is_restored_as_a_new_change_with_its_reason_and_nothing_else_moves(office: Office) -> None:
    seq = head()
    change(office.effect, area_ha="48.1", as_stated="sửa lời")

    key = f"registry_effect:{office.effect.pk}:area_ha"
    page = office.clerk_client.get(back(office.decision, seq, what=key))
    assert fields_of(page)["what"] == [key]
    answer = send(office.clerk_client, back(office.decision, seq), fields_of(page), reason="theo bản giấy")

    assert answer["Location"] == url(office.decision)
    assert "hãy xem lại rồi trình duyệt" in said(answer)[0]
    row = Effect.objects.get()
    assert (str(row.area_ha), row.as_stated) == ("47.8000", "sửa lời")
    last = LedgerEntry.objects.latest("seq")
    assert (last.op, last.actor, last.reason) == ("update", "van-thu", "theo bản giấy")
    assert review_of(office.decision).state == "draft"


def test_the_whole_record_with_its_rows_and_lists_comes_back(office: Office) -> None:
    with recorded(actor="van-thu"):
        basis = LegalInstrument.objects.create(
            code="nd-68", number="68/2017/NĐ-CP", instrument_kind="decree", title="Nghị định"
        )
        office.decision.legal_basis.add(basis)
        cited = Citation.objects.create(
            decision=office.decision,
            field="area_ha",
            row_position=1,
            source=office.source,
            locator="1",
            as_stated="47,8",
        )
        second = Effect.objects.create(
            decision=office.decision, position=2, cluster=office.cluster, effect_code="expanded"
        )
    seq, cited_pk, first_pk = head(), cited.pk, office.effect.pk
    with recorded(actor="van-thu"):
        office.decision.legal_basis.clear()
        cited.delete()
        office.effect.delete()
        second.position = 1
        second.save()
        Effect.objects.create(
            decision=office.decision, position=2, cluster=office.cluster, effect_code="adjusted"
        )

    assert fill(office.clerk_client, back(office.decision, seq), reason="nhầm").status_code == 302

    assert list(office.decision.legal_basis.all()) == [basis]
    assert list(Citation.objects.values_list("pk", "row_position")) == [(cited_pk, 1)]
    rows = Effect.objects.order_by("position").values_list("pk", "effect_code", "developer")
    assert list(rows) == [
        (first_pk, "established", office.developer.pk),
        (second.pk, "expanded", None),
    ]


def test_two_rows_that_changed_their_numbers_change_them_back(office: Office) -> None:
    with recorded(actor="van-thu"):
        second = Effect.objects.create(
            decision=office.decision, position=2, cluster=office.cluster, effect_code="expanded"
        )
    seq = head()
    for row, number in ((office.effect, 9), (second, 1), (office.effect, 2)):
        change(row, position=number)

    assert fill(office.clerk_client, back(office.decision, seq), reason="nhầm").status_code == 302

    assert dict(Effect.objects.values_list("pk", "position")) == {office.effect.pk: 1, second.pk: 2}


def test_two_names_that_were_exchanged_are_exchanged_back(office: Office) -> None:
    with recorded(actor="van-thu"):
        one, two = (ClusterAlias.objects.create(cluster=office.cluster, name=name) for name in ("Một", "Hai"))
    seq = head()
    for row, name in ((one, "Ba"), (two, "Một"), (one, "Hai")):
        change(row, name=name)

    assert fill(office.clerk_client, back(office.cluster, seq), reason="nhầm").status_code == 302

    assert dict(ClusterAlias.objects.values_list("pk", "name")) == {one.pk: "Một", two.pk: "Hai"}


def test_two_effects_that_named_one_another_come_back_together(office: Office) -> None:
    with recorded(actor="van-thu"):
        other = Effect.objects.create(
            decision=office.decision, position=2, cluster=office.cluster, effect_code="adjusted",
            target=office.effect, target_relation="amends",
        )  # fmt: skip
        office.effect.target, office.effect.target_relation = other, "amends"
        office.effect.save()
    seq = head()
    with recorded(actor="van-thu"):
        Effect.objects.update(target=None, target_relation=None)
        for row in Effect.objects.all():
            row.delete()

    assert fill(office.clerk_client, back(office.decision, seq), reason="nhầm").status_code == 302

    assert dict(Effect.objects.values_list("pk", "target")) == {
        office.effect.pk: other.pk,
        other.pk: office.effect.pk,
    }


def test_a_discarded_draft_comes_back_with_its_number_code_and_rows(office: Office) -> None:
    seq, pk, code, effect_pk = head(), office.decision.pk, office.decision.code, office.effect.pk
    address = back(office.decision, seq)
    discard(office.decision, by="van-thu", reason="nhầm")
    assert not Decision.objects.exists()
    assert "nay đã bị xóa" in text_of(office.clerk_client.get(address.replace("restore", "as-it-was")))

    assert fill(office.clerk_client, address, reason="xóa nhầm").status_code == 302

    row = Decision.objects.get()
    assert (row.pk, row.code, row.number_label, row.sort_key) == (
        pk,
        code,
        "1013/QĐ-UBND",
        office.decision.sort_key,
    )
    assert Effect.objects.get().pk == effect_pk


# Refused, and nothing is changed


def refused(office: Office, address: str, **typed: object) -> tuple[set[str], str]:
    """The codes of what is said, and the words; nothing was written."""
    before = head()
    page = fill(office.clerk_client, address, reason="thử", **typed)
    assert page.status_code == 200
    assert head() == before
    assert fields_of(page)["reason"] == ["thử"]
    problem = page.context["problem"]
    return {problem.code, *(reason.code for reason in page.context["reasons"])}, text_of(page)


def test_what_names_a_record_that_is_gone_is_refused_by_its_name(office: Office) -> None:
    seq = head()
    change(office.effect, developer=None)
    discard(office.developer, by="van-thu")

    codes, words = refused(office, back(office.decision, seq))

    assert codes == {"restore_refused", "reference_gone"}
    assert "Khi đó ghi “Công ty A (đã xóa)”, nay bản ghi ấy không còn" in words


def test_a_number_that_another_paper_has_by_now_is_refused(office: Office) -> None:
    seq = head()
    change(office.decision, number=1014)
    with recorded(actor="van-thu"):
        Decision.objects.create(
            number=1013, symbol="QĐ-UBND", issuer=office.ubnd, issued_earliest=date(2022, 3, 31),
            issued_latest=date(2022, 3, 31),
        )  # fmt: skip

    codes, words = refused(office, back(office.decision, seq))

    assert codes == {"restore_refused", "decision_number_taken"}
    assert "Hãy mở bản ghi đó hoặc kiểm tra lại số và ngày" in words


def test_a_code_that_another_record_has_by_now_is_refused(office: Office) -> None:
    with recorded(actor="van-thu"):
        draft = Investor.objects.create(name="Công ty B")
    seq, code = head(), draft.code
    address = back(draft, seq)
    discard(draft, by="van-thu")
    with recorded(actor="van-thu"):
        Investor.objects.create(name="Công ty C", code=code)

    codes, words = refused(office, address)

    assert codes == {"restore_refused", "code_taken"}
    assert f"Mã “{code}” nay là của “Công ty C”" in words


def test_a_value_that_the_rules_of_today_refuse_is_refused_where_it_stands(office: Office) -> None:
    with recorded(actor="van-thu"):
        Decision.objects.filter(pk=office.decision.pk).update(symbol="QĐ-TTg")
    seq = head()
    with recorded(actor="van-thu"):
        Decision.objects.filter(pk=office.decision.pk).update(symbol="QĐ-UBND")

    codes, words = refused(office, back(office.decision, seq))

    assert codes == {"restore_refused", "issuer_disagrees"}
    assert "Cơ quan ban hành:" in words


def test_a_citation_does_not_come_back_without_its_row(office: Office) -> None:
    with recorded(actor="van-thu"):
        cited = Citation.objects.create(
            decision=office.decision,
            field="area_ha",
            row_position=1,
            source=office.source,
            locator="1",
            as_stated="47,8",
        )
    seq, key = head(), f"registry_citation:{cited.pk}"
    with recorded(actor="van-thu"):
        cited.delete()
        office.effect.delete()

    codes, _ = refused(office, back(office.decision, seq), what=[key])
    assert codes == {"restore_refused", "citation_row_missing"}


def test_what_the_law_erased_is_said_so_and_never_restored(office: Office) -> None:
    change(office.decision, signer="Trần Thị Bưởi", abstract="một")
    seq = head()
    change(office.decision, signer="", abstract="hai")
    for name in ("an", "binh"):
        person(name, "Nhập liệu").user_permissions.add(Permission.objects.get(codename="redact"))
    redact(plan(["Trần Thị Bưởi"]), ground="Điều 14", asked_by="an", approved_by="binh", at=AT)

    page = office.clerk_client.get(then(office.decision, seq))

    assert marked(page)["", "Người ký"] == (
        "[đã xóa theo luật 1]", "", "nội dung khi đó đã được bỏ khỏi sổ cái",
    )  # fmt: skip
    assert fill(office.clerk_client, back(office.decision, seq), reason="nhầm").status_code == 302
    office.decision.refresh_from_db()
    assert (office.decision.abstract, office.decision.signer) == ("một", "")


def test_a_row_that_others_use_by_now_is_not_taken_away(office: Office) -> None:
    seq = head()
    with recorded(actor="van-thu"):
        added = Effect.objects.create(
            decision=office.decision, position=2, cluster=office.cluster, effect_code="expanded"
        )
        other = Decision.objects.create(issuer=office.ubnd, abstract="sau")
        Effect.objects.create(
            decision=other, position=1, cluster=office.cluster, effect_code="adjusted", target=added,
            target_relation="amends",
        )  # fmt: skip

    codes, words = refused(office, back(office.decision, seq))

    assert codes == {"restore_refused", "still_referenced"}
    assert "nay còn được dùng ở" in words


def test_what_another_submitted_is_not_changed_under_the_approver(office: Office) -> None:
    seq = head()
    change(office.decision, abstract="trình")
    submit(office.decision, by="nguoi-khac", at=AT)

    page = office.clerk_client.get(back(office.decision, seq))

    assert page.context["problem"].code == "submitted_by_another"
    assert "Khôi phục" not in [name for name in text_of(page).split("  ")]
    posted = office.clerk_client.post(
        back(office.decision, seq), {"entry": seq, "reason": "x", "seen": head()}
    )
    assert posted.context["problem"].code == "submitted_by_another"
    assert Decision.objects.get().abstract == "trình"


def test_what_a_colleague_saved_meanwhile_is_shown_first(office: Office) -> None:
    seq = head()
    change(office.decision, abstract="một")
    page = fields_of(office.clerk_client.get(back(office.decision, seq)))
    change(office.decision, abstract="hai")

    answer = send(office.clerk_client, back(office.decision, seq), page, reason="nhầm")

    assert answer.context["problem"].code == "changed_meanwhile"
    assert "hai" in text_of(answer)
    assert Decision.objects.get().abstract == "hai"
    assert send(office.clerk_client, back(office.decision, seq), fields_of(answer)).status_code == 302
    assert Decision.objects.get().abstract == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [({"reason": "  "}, None), ({"reason": " \u200b"}, "reason_missing"), ({"what": []}, "nothing_chosen")],
)
def test_a_reason_and_a_choice_are_asked_for(
    office: Office, typed: dict[str, object], code: str | None
) -> None:
    seq = head()
    change(office.decision, abstract="một")
    answer = fill(office.clerk_client, back(office.decision, seq), **{"reason": "vì", **typed})
    assert answer.status_code == 200
    if code is None:
        assert "Hãy ghi lý do khôi phục" in text_of(answer)
    else:
        assert answer.context["problem"].code == code
    assert Decision.objects.get().abstract == "một"


def test_before_it_was_entered_there_is_nothing_to_restore(office: Office) -> None:
    page = office.clerk_client.get(back(office.decision, 1))
    assert page.context["problem"].code == "not_there_then"
    assert "chưa có bản ghi này" in text_of(office.clerk_client.get(then(office.decision, 1)))


def test_the_newest_state_is_not_restored(office: Office) -> None:
    page = office.clerk_client.get(back(office.decision, head()))
    assert "không khác gì lúc đó" in text_of(page)
    assert not page.context["possible"]


def test_who_reads_only_is_offered_no_restoring(office: Office) -> None:
    seq = head()
    change(office.decision, abstract="một")
    page = office.leader_client.get(then(office.decision, seq))
    offered = "Khôi phục về lúc này" in text_of(page)
    assert offered == (office.leader_client.get(back(office.decision, seq)).status_code == 200)
    assert last_change(office.decision) == head()


def test_a_page_of_the_past_asks_as_often_for_two_rows_as_for_a_hundred(office: Office) -> None:
    assert asked(office, range(2)) == asked(office, range(2, 100))
    assert Cluster.objects.count() == 1


def asked(office: Office, numbers: range) -> list[int]:
    """How many questions both pages ask once the decision has those rows too, and all of them changed since."""
    with recorded(actor="van-thu"):
        for number in numbers:
            maker = Investor.objects.create(code=f"i-{number}", name=f"Công ty {number}")
            place = AdministrativeUnit.objects.create(
                code=f"x-{number}", name=str(number), unit_kind="commune"
            )
            effect = Effect.objects.create(
                decision=office.decision, position=number + 2, cluster=office.cluster, effect_code="adjusted",
                developer=maker, target=office.effect, target_relation="amends",
            )  # fmt: skip
            effect.places.add(place, through_defaults={"decision": office.decision})
    seq = head()
    with recorded(actor="van-thu"):
        Effect.objects.filter(decision=office.decision).update(area_ha=10 + numbers.stop)
    counts = []
    for address in (
        then(office.decision, seq),
        back(office.decision, seq),
        then(office.cluster, seq),
        url(office.decision, "as-it-was"),
    ):
        office.clerk_client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert office.clerk_client.get(address).status_code == 200
        counts.append(len(queries))
    return counts


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"entry": "abc"}, "entry_unknown"),
        ({"entry": "999999999"}, "entry_unknown"),
        ({"at": "xx"}, "moment_unreadable"),
        ({"at": "01/01/1999"}, "before_the_ledger"),
        ({"at": "01/01/2999"}, "moment_in_future"),
        ({}, "moment_missing"),
    ],
)
def test_what_cannot_be_restored_to_is_refused_where_another_moment_can_be_asked_for(
    office: Office, asked: dict[str, str], code: str
) -> None:
    address = back(office.decision, head()).partition("?")[0]
    typed = next(iter(asked.values()), "")

    for page in (
        office.clerk_client.get(address, asked),
        office.clerk_client.post(address, {**asked, "reason": "gõ nhầm"}),
    ):
        shown = page.content.decode()
        assert f'data-code="{code}"' in shown
        assert f'action="{then(office.decision, head()).partition("?")[0]}"' in shown
        assert f'name="at" value="{typed}"' in shown
    assert "gõ nhầm" in text_of(page)
