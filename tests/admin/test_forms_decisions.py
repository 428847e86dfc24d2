"""Entering a decision from its paper."""

from datetime import date
from decimal import Decimal as D

import pytest

from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Authority,
    Citation,
    Decision,
    Effect,
    EffectPlace,
    LedgerEntry,
)
from tests.admin.browsing import fields_of, fill, said, send, text_of
from tests.admin.office import Office, url

ADD = "/admin/registry/decision/add/"


@pytest.fixture
def paper(office: Office) -> dict[str, object]:
    """The fields of decision 607 as a clerk types them."""
    return {
        "paper_number": "607/qd-ubnd",
        "issuer": office.ubnd.pk,
        "issued_stated": "23/02/2022",
        "effects__0__cluster": office.cluster.pk,
        "effects__0__effect_code": "established",
        "effects__0__area": "47,8",
        "effects__0__developer": office.developer.pk,
    }


def refusals(response, field: str) -> list[str]:
    return response.context["adminform"].form.errors.get(field, [])


@pytest.mark.parametrize(
    "typed",
    ["607/qd-ubnd", " 607 / QĐ – UBND", "607/Q\u00d0-UBND", "607/Q\u0110-UBND\u00a0", "số 607/QĐ-UBND"],
)
def test_a_number_typed_in_any_spelling_is_stored_in_one(office, paper, typed):
    response = fill(office.clerk_client, ADD, **paper | {"paper_number": typed})
    assert response.status_code == 302, response.context["errors"]
    decision = Decision.objects.get(number=607)
    assert decision.number_label == "607/QĐ-UBND"
    assert (decision.symbol, decision.number_year, decision.number_family) == ("QĐ-UBND", 2022, "individual")


def test_a_paper_is_entered_with_its_effect_places_and_source_in_one_go(office, paper):
    place = AdministrativeUnit.objects.create(name="Tiên Cường", unit_kind="commune")
    page = office.clerk_client.get(ADD)
    typed = paper | {
        "effects__0__place_list": [place.pk],
        "effects__0__sectors": "cơ khí\nđiện tử",
        "citations__TOTAL_FORMS": "1",
        "citations__0__field": "area_ha",
        "citations__0__row_position": "1",
        "citations__0__source": office.source.pk,
        "citations__0__locator": "đoạn 6",
        "citations__0__as_stated": "47,8 ha",
    }
    assert page.status_code == 200
    response = fill(office.clerk_client, ADD, **typed)
    assert response.status_code == 302, response.context["errors"]
    decision = Decision.objects.get(number=607)
    effect = decision.effects.get()
    assert (effect.position, effect.area_ha, effect.area_qualifier) == (1, D("47.8"), "exact")
    assert effect.sector_lines == ["cơ khí", "điện tử"]
    row = EffectPlace.objects.get()
    assert (row.effect, row.decision, row.place) == (effect, decision, place)
    assert Citation.objects.get().decision == decision
    entries = LedgerEntry.objects.filter(subject=decision.key)
    assert {entry.actor for entry in entries} == {"van-thu"}
    assert {e.table_name for e in entries} == {
        "registry_decision", "registry_effect", "registry_effectplace", "registry_citation",
    }  # fmt: skip


def test_a_place_taken_out_of_an_effect_goes_and_the_others_stay(office):
    one, two = (AdministrativeUnit.objects.create(name=name, unit_kind="commune") for name in ("Một", "Hai"))
    office.effect.places.set([one, two], through_defaults={"decision": office.decision})
    kept = EffectPlace.objects.get(place=two)
    assert fill(office.clerk_client, url(office.decision), effects__0__place_list=[two.pk]).status_code == 302
    assert list(EffectPlace.objects.all()) == [kept]


@pytest.mark.parametrize(
    ("typed", "value", "qualifier", "high"),
    [
        ("47,8", "47.8", "exact", None),
        ("khoảng 58,8 ha", "58.8", "about", None),
        ("478.000 m2", "47.8", "exact", None),
        ("từ 9,6 đến 10", "9.6", "range", D(10)),
    ],
)
def test_an_area_is_read_with_how_exactly_it_is_stated(office, paper, typed, value, qualifier, high):
    assert fill(office.clerk_client, ADD, **paper | {"effects__0__area": typed}).status_code == 302
    effect = Effect.objects.get(decision__number=607)
    assert (effect.area_ha, effect.area_qualifier, effect.area_high_ha) == (D(value), qualifier, high)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("47.8", "Có phải là 47,8?"), ("0", "lớn hơn 0"), ("99999999999", "chữ số"), ("abc", "Không đọc được")],
)
def test_an_area_that_could_be_misread_is_refused_with_the_right_spelling(office, paper, typed, meant):
    response = fill(office.clerk_client, ADD, **paper | {"effects__0__area": typed})
    assert response.status_code == 200
    assert meant in text_of(response)
    assert not Decision.objects.filter(number=607).exists()


@pytest.mark.parametrize(
    ("stated", "earliest", "latest"),
    [
        ("23/2/2022", date(2022, 2, 23), date(2022, 2, 23)),
        ("02/2022", date(2022, 2, 1), date(2022, 2, 28)),
        ("năm 2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("đến tháng 6/2023", None, date(2023, 6, 30)),
        ("", None, None),
    ],
)
def test_a_date_is_typed_as_the_paper_states_it(office, paper, stated, earliest, latest):
    assert fill(office.clerk_client, ADD, **paper | {"issued_stated": stated}).status_code == 302
    decision = Decision.objects.get(number=607)
    assert (decision.issued_earliest, decision.issued_latest) == (earliest, latest)
    assert decision.issued_stated_as == stated


def test_a_bound_that_staff_know_better_wins_over_the_words(office, paper):
    typed = paper | {"issued_stated": "năm 2023", "issued_latest": "30/06/2023"}
    assert fill(office.clerk_client, ADD, **typed).status_code == 302
    decision = Decision.objects.get(number=607)
    assert (decision.issued_earliest, decision.issued_latest) == (date(2023, 1, 1), date(2023, 6, 30))
    assert decision.issued_stated_as == "năm 2023"
    page = office.clerk_client.get(url(decision))
    assert 'value="30/06/2023"' in page.content.decode()


def test_a_date_that_no_words_can_say_stays_as_it_is_when_something_else_is_saved(office):
    office.decision.issued_earliest, office.decision.issued_stated_as = None, "31/3/2022"
    office.decision.save()
    assert fill(office.clerk_client, url(office.decision), abstract="Về việc thành lập").status_code == 302
    office.decision.refresh_from_db()
    assert office.decision.issued_earliest is None
    assert office.decision.abstract == "Về việc thành lập"


def test_saving_what_was_not_touched_changes_nothing(office):
    before = LedgerEntry.objects.count()
    for subject in (office.decision, office.cluster, office.ubnd, office.developer, office.source):
        assert fill(office.clerk_client, url(subject)).status_code == 302
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"issued_stated": "31/2/2022"}, "Không đọc được ngày"),
        ({"issued_stated": "2022", "issued_latest": "tháng 6"}, "phải là một ngày"),
        (
            {"issued_stated": "2022", "issued_earliest": "01/07/2022", "issued_latest": "30/06/2022"},
            "trước hoặc trùng",
        ),
    ],
)
def test_a_date_that_cannot_be_is_refused_and_nothing_typed_is_lost(office, paper, typed, refusal):
    response = fill(office.clerk_client, ADD, **paper | typed)
    assert refusal in refusals(response, "issued")[0]
    page = response.content.decode()
    assert all(f'value="{text}"' in page for text in ("607/qd-ubnd", "47,8", *typed.values()))


def test_a_number_of_another_form_is_refused_with_the_right_one(office, paper):
    response = fill(office.clerk_client, ADD, **paper | {"paper_number": "607-QĐ/UBND"})
    assert "607/QĐ-UBND" in refusals(response, "paper_number")[0]


def test_a_number_that_is_taken_names_the_record_that_has_it(office, paper):
    typed = paper | {"paper_number": "1013/QĐ-UBND", "issued_stated": "31/03/2022"}
    response = fill(office.clerk_client, ADD, **typed)
    refusal = refusals(response, "paper_number")
    assert "đã có" in refusal[0]
    assert f'href="{url(office.decision)}"' in refusal[0]
    assert 'value="1013/QĐ-UBND"' in response.content.decode()
    assert refusals(response, "__all__") == []


def test_the_same_number_of_another_year_or_issuer_is_another_paper(office, paper):
    assert (
        fill(
            office.clerk_client, ADD, **paper | {"paper_number": "1013/QĐ-UBND", "issued_stated": "2023"}
        ).status_code
        == 302
    )
    commune = Authority.objects.create(name="UBND xã", level="commune", number_symbol="UBND")
    typed = paper | {"paper_number": "1013/QĐ-UBND", "issued_stated": "31/03/2022", "issuer": commune.pk}
    assert fill(office.clerk_client, ADD, **typed).status_code == 302


def test_an_issuer_that_the_symbol_denies_is_refused_at_the_issuer(office, paper):
    response = fill(office.clerk_client, ADD, **paper | {"paper_number": "1516/QĐ-TTg"})
    assert "không phải của" in refusals(response, "issuer")[0]


def test_a_constraint_of_the_table_speaks_as_a_form_does(office, paper):
    typed = paper | {"effective_stated": "01/02/2022"}
    response = fill(office.clerk_client, ADD, **typed)
    assert "Ngày hiệu lực trước ngày ký" in refusals(response, "__all__")[0]
    assert fill(office.clerk_client, ADD, **typed | {"effective_reason": "Theo văn bản"}).status_code == 302


def test_effects_left_without_a_number_are_numbered_as_they_stand(office, paper):
    typed = paper | {"effects__TOTAL_FORMS": "3", "effects__0__position": "4"}
    for row, code in ((1, "developer_appointed"), (2, "expanded")):
        typed |= {f"effects__{row}__cluster": office.cluster.pk, f"effects__{row}__effect_code": code}
        typed |= {f"effects__{row}__verification": "verified"}
    assert fill(office.clerk_client, ADD, **typed).status_code == 302
    effects = Effect.objects.filter(decision__number=607).order_by("position")
    assert [(e.position, e.effect_code) for e in effects] == [
        (4, "established"), (5, "developer_appointed"), (6, "expanded"),
    ]  # fmt: skip


def test_two_effects_of_one_number_are_refused(office, paper):
    typed = paper | {"effects__TOTAL_FORMS": "2", "effects__0__position": "1", "effects__1__position": "1"}
    typed |= {"effects__1__cluster": office.cluster.pk, "effects__1__effect_code": "expanded"}
    typed |= {"effects__1__verification": "verified"}
    response = fill(office.clerk_client, ADD, **typed)
    assert response.status_code == 200
    assert not Decision.objects.filter(number=607).exists()


def test_an_effect_without_code_must_keep_the_words_of_the_paper(office, paper):
    typed = paper | {"effects__0__effect_code": ""}
    assert "hãy ghi lời của văn bản" in text_of(fill(office.clerk_client, ADD, **typed))
    assert fill(office.clerk_client, ADD, **typed | {"effects__0__as_stated": "thành lập"}).status_code == 302


def test_what_looks_odd_is_said_and_saved_all_the_same(office, paper):
    typed = paper | {
        "paper_number": "1500/QĐ-UBND",
        "effects__0__effect_code": "policy_approved",
        "effects__0__area": "100",
    }
    office.decision.issued_earliest = office.decision.issued_latest = date(2022, 1, 10)
    office.decision.save()
    response = fill(office.clerk_client, ADD, **typed)
    assert response.status_code == 302
    sentences = " ".join(said(response))
    assert "không đưa cụm lên bậc mới" in sentences
    assert "100 ha nằm ngoài giới hạn 10-75 ha" in sentences
    typed |= {"paper_number": "900/QĐ-UBND"}
    assert "Số 900 ký ngày 23/02/2022, nhưng số 1013" in " ".join(
        said(fill(office.clerk_client, ADD, **typed))
    )


@pytest.mark.parametrize("number", ["2", "10000", "99999999999"])
def test_a_citation_for_an_effect_that_is_not_there_is_refused_at_its_row(office, number):
    typed = {"field": "area_ha", "row_position": number, "source": office.source.pk, "locator": "đoạn 6"}
    row = {f"citations__0__{name}": value for name, value in typed.items()}
    row |= {"citations__TOTAL_FORMS": "1", "citations__0__as_stated": "47,8 ha"}
    page = fill(office.clerk_client, url(office.decision), **row)
    assert page.status_code == 200
    (refused,) = [f for s in page.context["inline_admin_formsets"] for f in s.formset.forms if f.errors]
    assert list(refused.errors) == ["row_position"]
    code = "citation_row_missing" if number == "2" else "max_value"
    assert [error.code for error in refused.errors["row_position"].as_data()] == [code]
    shown = fields_of(page)
    assert {name: shown[name.replace("__", "-")] for name in row} == {
        name: [str(value)] for name, value in row.items()
    }
    # As it stood, it goes through with the row that is there.
    answer = send(office.clerk_client, url(office.decision), shown, citations__0__row_position="1")
    assert answer.status_code == 302


def test_the_rows_to_cite_are_offered_in_words(office):
    page = office.clerk_client.get(url(office.decision)).content.decode()
    assert '<option value="1">1 – Thành lập · Giang Biên</option>' in page
    assert 'data-rows-of="effects"' in page


def test_an_ordinary_paper_is_saved_without_remarks(office, paper):
    typed = paper | {
        "paper_number": "202/QĐ-UBND",
        "issued_stated": "18/01/2022",
        "effects__0__effect_code": "policy_approved",
    }
    assert len(said(fill(office.clerk_client, ADD, **typed))) == 1


@pytest.mark.parametrize(
    "field", ["paper_number", "abstract", "issued_stated", "effects__0__area", "effects__0__as_stated"]
)
@pytest.mark.parametrize("text", ["a\0b", "dài" * 100_000])
def test_text_that_cannot_be_stored_is_refused_in_words(office, paper, field, text):
    if field in ("abstract", "effects__0__as_stated") and "\0" not in text:
        return  # an abstract and what a paper says may be long
    response = fill(office.clerk_client, ADD, **paper | {field: text})
    assert response.status_code == 200
    assert response.context["errors"]


@pytest.mark.parametrize("field", ["abstract", "effects__0__as_stated", "issued_stated"])
def test_a_letter_that_was_lost_in_copying_is_refused_where_it_stands(office, paper, field):
    typed = paper | {"issued_earliest": "01/02/2022", field: "Th\ufffdnh lập"}
    told = text_of(fill(office.clerk_client, ADD, **typed))
    assert told.count("Hãy xóa dấu đó và gõ lại chữ cho đúng.") == 1
    assert not Decision.objects.filter(number=607).exists()


def test_what_a_record_holds_of_lost_letters_is_no_reason_to_refuse_other_changes(office):
    with recorded(actor="van-thu"):
        office.decision.abstract = "Về việc th\ufffdnh lập"
        office.decision.issued_stated_as = "cuối th\ufffdng 3"
        office.decision.save()
    page = url(office.decision)
    assert fill(office.clerk_client, page, received_on="05/04/2022").status_code == 302
    assert fill(office.clerk_client, page, abstract="th\ufffdnh lập c\ufffdm").status_code == 200
    assert fill(office.clerk_client, page, abstract="Về việc thành lập").status_code == 302


def test_a_reference_that_is_gone_is_refused(office, paper):
    for number in ("999999", "9" * 30, "abc", "²"):
        response = fill(office.clerk_client, ADD, **paper | {"effects__0__developer": number})
        assert response.status_code == 200
        assert response.context["errors"]
        response = fill(office.clerk_client, ADD, **paper | {"effects__0__place_list": [number]})
        assert response.status_code in (200, 409)
    assert not Decision.objects.filter(number=607).exists()


def test_fifty_megabytes_are_refused_before_anything_is_read(office):
    response = office.clerk_client.post(ADD, {"abstract": "x" * 50_000_000})
    assert response.status_code == 400
    assert "quá lớn" in text_of(response)


def test_a_leader_reads_the_same_form_and_cannot_write_in_it(office):
    response = office.leader_client.get(url(office.decision))
    text = text_of(response)
    assert all(shown in text for shown in ("1013/QĐ-UBND", "31/03/2022", "47,8", "Giang Biên", "Công ty A"))
    assert 'name="paper_number"' not in response.content.decode()
    assert office.leader_client.get(ADD).status_code == 403


def test_what_a_row_may_not_be_to_its_own_decision_is_refused_in_words(office):
    typed = {
        "relations__TOTAL_FORMS": "1",
        "relations__0__relation": "amends",
        "relations__0__target": office.decision.pk,
    }
    response = fill(office.clerk_client, url(office.decision), **typed)
    assert "không có quan hệ với chính nó" in text_of(response)
    typed = {"effects__0__target": office.effect.pk, "effects__0__target_relation": "amends"}
    assert "không liên quan tới chính nó" in text_of(fill(office.clerk_client, url(office.decision), **typed))


@pytest.mark.parametrize(("issued", "accepted"), [("", False), ("20/11/2026", False), ("31/12/2024", True)])
def test_a_number_that_carries_its_year_is_never_rewritten_by_the_date(office, paper, issued, accepted):
    response = fill(
        office.clerk_client, ADD, **paper | {"paper_number": "55/2024/QĐ-UBND", "issued_stated": issued}
    )
    assert (response.status_code == 302) is accepted
    if accepted:
        assert Decision.objects.get(number=55).number_label == "55/2024/QĐ-UBND"
    else:
        assert "mang năm 2024" in refusals(response, "issued")[0]


def test_a_long_quotation_is_never_cut_by_the_browser(office, paper):
    page = office.clerk_client.get(ADD).content.decode()
    for name in ("abstract", "effects-0-as_stated"):
        assert "maxlength" not in page.split(f'name="{name}"')[1].split(">")[0]
    quoted = "Điều 1. " + "a" * 4000
    assert fill(office.clerk_client, ADD, **paper | {"abstract": quoted}).status_code == 302
    assert Decision.objects.latest("pk").abstract == quoted


def test_a_paper_without_a_number_is_called_by_the_beginning_of_its_abstract(office):
    paper = Decision.objects.create(issuer=office.ubnd, abstract="Về việc thành lập cụm " * 200)
    assert len(str(paper)) < 240
    assert str(paper).endswith("…")
