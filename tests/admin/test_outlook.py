"""What a leader is shown before approving a decision: what looks odd, and what readers will see."""

from datetime import date
from typing import Any

from registry.ledger.context import recorded
from registry.models import Decision, DecisionRelation, Effect, LedgerEntry, Publication, Zone
from registry.queries.consequences import consequences
from registry.queries.second_looks import about_decision
from tests.admin.browsing import fill, text_of
from tests.admin.office import Office, url


def paper(office: Office, number: int, day: date, **effect: object) -> Decision:
    with recorded(actor="van-thu"):
        decision = Decision.objects.create(
            number=number, symbol="QĐ-UBND", issuer=office.ubnd, issued_earliest=day, issued_latest=day
        )
        Effect.objects.create(decision=decision, position=1, cluster=office.cluster, **effect)
    return decision


def publish(office: Office) -> None:
    assert fill(office.clerk_client, url(office.decision, "submit")).status_code == 302
    assert fill(office.leader_client, url(office.decision, "approve")).status_code == 302


def test_the_page_of_approval_says_what_the_clusters_become_and_what_looks_odd(office: Office) -> None:
    publish(office)
    later = paper(office, 9, date(2026, 12, 1), effect_code="expanded", area_ha="132")
    assert fill(office.clerk_client, url(later, "submit")).status_code == 302
    entries = LedgerEntry.objects.count()

    told = text_of(office.leader_client.get(url(later, "approve")))

    assert "Giang Biên, từ 01/12/2026: diện tích 47,8 ha → 132 ha" in told
    assert "Nên xem lại Giang Biên:" in told
    assert (LedgerEntry.objects.count(), Publication.objects.count()) == (entries, 1)


def test_the_first_paper_of_a_cluster_tells_all_that_it_sets(office: Office) -> None:
    assert consequences(office.decision, [office.cluster, office.developer, office.ubnd]) == [
        "Giang Biên: tên chưa rõ → Giang Biên",
        "Giang Biên, từ 31/03/2022: giai đoạn chưa rõ → đã thành lập; diện tích chưa rõ → 47,8 ha; "
        "chủ đầu tư chưa rõ → Công ty A",
    ]


def test_a_decision_that_ends_another_tells_what_its_clusters_lose(office: Office) -> None:
    publish(office)
    with recorded(actor="van-thu"):
        ender = Decision.objects.create(
            number=10, symbol="QĐ-UBND", issuer=office.ubnd,
            issued_earliest=date(2026, 12, 1), issued_latest=date(2026, 12, 1),
        )  # fmt: skip
        DecisionRelation.objects.create(decision=ender, target=office.decision, relation="revokes")

    (lost,) = consequences(ender)

    assert lost.startswith("Giang Biên, từ 01/12/2026: giai đoạn đã thành lập → ")
    assert "diện tích 47,8 ha → chưa rõ" in lost


def test_what_changes_no_answer_has_no_consequences(office: Office) -> None:
    publish(office)
    with recorded(actor="van-thu"):
        office.decision.received_on = date(2026, 3, 1)
        office.decision.save()
    assert consequences(office.decision) == []


def test_a_paper_of_the_same_number_whose_year_is_unknown_is_pointed_out(office: Office) -> None:
    with recorded(actor="van-thu"):
        numbered = {"number": 58, "symbol": "QĐ-UBND", "issuer": office.ubnd}
        first, second = Decision.objects.create(**numbered), Decision.objects.create(**numbered)
        day = date(2022, 1, 5)
        dated = Decision.objects.create(**numbered, issued_earliest=day, issued_latest=day)
        another_day = date(2023, 1, 5)
        Decision.objects.create(**numbered, issued_earliest=another_day, issued_latest=another_day)

    assert len(about_decision(first)) == 3
    assert "58/QĐ-UBND" in about_decision(first)[0]
    # Two papers of known years are two papers.
    assert len(about_decision(dated)) == 2
    with recorded(actor="van-thu"):
        second.delete()
    assert len(about_decision(dated)) == 1


def test_a_decision_on_a_zone_has_consequences_for_no_cluster(office: Office) -> None:
    publish(office)
    with recorded(actor="van-thu"):
        zone = Zone.objects.create(name="Khu kinh tế ven biển", zone_kind="economic_zone")
        paper = Decision.objects.create(issuer=office.ubnd, verification="to_be_verified")
        Effect.objects.create(decision=paper, zone=zone, effect_code="established", area_ha=20000)
    assert consequences(paper, [zone]) == []
    with recorded(actor="van-thu"):
        Effect.objects.create(
            decision=paper,
            cluster=office.cluster,
            position=2,
            as_stated="có nói tới cụm",
            verification="to_be_verified",
        )
    assert consequences(paper, [zone]) == []


# Where values come from


def looks(office: Office, subject: Any) -> list[str]:
    """What the page of approval says under “Nên xem lại”."""
    return office.leader_client.get(url(subject, "approve")).context["sight"].second_looks


def cite(row: Any, office: Office, field: str, as_stated: str, position: int | None = None) -> None:
    with recorded(actor="van-thu"):
        row.citations.create(
            source=office.source, field=field, as_stated=as_stated, locator="đoạn 6", row_position=position
        )


def test_who_approves_is_told_which_values_nothing_states(office):
    with recorded(actor="van-thu"):
        office.developer.registered_in = "VN"
        office.developer.save()
    assert looks(office, office.developer) == ["3 giá trị chưa có nguồn: Tên; Loại; Nước đăng ký."]
    cite(office.developer, office, "name", "Công ty A")
    cite(office.developer, office, "kind", "công ty")
    assert looks(office, office.developer) == ["1 giá trị chưa có nguồn: Nước đăng ký."]
    cite(office.developer, office, "registered_in", "Việt Nam")
    assert looks(office, office.developer) == []


def test_who_approves_is_told_once_of_two_figures_that_disagree_and_of_other_words(office):
    with recorded(actor="van-thu"):
        for position, amount in ((1, 900_000_000), (2, 1_000_000_000)):
            office.developer.capital_events.create(
                position=position, measure="group_total", amount=amount, currency="USD"
            )
    cite(office.developer, office, "name", "Công ty B")
    cite(office.developer, office, "kind", "công ty")
    for position in (1, 2):
        cite(office.developer, office, "kind", "tổng vốn", position)
        cite(office.developer, office, "measure", "tập đoàn", position)
    cite(office.developer, office, "amount", "900 triệu USD", 1)
    cite(office.developer, office, "amount", "1 tỷ USD", 2)
    assert looks(office, office.developer) == [
        "Tên: Bài báo A, đoạn 6 ghi khác: “Công ty B”.",
        "Số tiền (dòng 1): 900.000.000 USD, trong khi số liệu khác về cùng việc này là 1.000.000.000 USD (dòng 2). "
        "Người đọc sẽ thấy cả hai.",
    ]


def test_of_many_values_without_a_source_the_first_are_named(office):
    with recorded(actor="van-thu"):
        for position in range(1, 12):
            office.developer.capital_events.create(
                position=position,
                capital_kind="increase",
                measure="registered",
                amount=position,
                currency="USD",
            )
    (sentence,) = looks(office, office.developer)
    assert sentence.startswith("35 giá trị chưa có nguồn: Tên; Loại; Loại (dòng 1); Loại vốn (dòng 1);")
    assert sentence.endswith("Số tiền (dòng 2)….")


def test_the_values_of_a_checked_paper_need_no_second_look_for_their_source(office):
    assert fill(office.clerk_client, url(office.decision, "submit")).status_code == 302
    assert looks(office, office.decision) == []
    with recorded(actor="van-thu"):
        office.decision.verification = "to_be_verified"
        office.decision.save()
    assert fill(office.clerk_client, url(office.decision, "submit")).status_code == 302
    (sentence,) = looks(office, office.decision)
    assert "chưa có nguồn: Số, ký hiệu; " in sentence


def test_who_submits_is_told_first_what_who_approves_will_be_told(office):
    cite(office.decision, office, "area_ha", "50 ha", 1)
    asked = office.clerk_client.get(url(office.decision, "submit")).context["sight"].second_looks
    assert "Diện tích (dòng 1): Bài báo A, đoạn 6 ghi khác: “50 ha”." in asked
    assert fill(office.clerk_client, url(office.decision, "submit")).status_code == 302
    assert looks(office, office.decision) == asked


def test_who_saves_and_submits_is_told_once(office):
    later = paper(office, 9, date(2026, 12, 1), effect_code="expanded", area_ha="132")
    response = fill(office.clerk_client, url(later), abstract="Về việc mở rộng", _submit_for_review="1")
    told = text_of(office.clerk_client.get(response.url))
    assert told.count("Nên xem lại") == told.count("Giang Biên: ") == 1
