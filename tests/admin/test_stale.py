import pytest
from django.http import HttpResponse

from registry.actions.review import discard
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Citation,
    Cluster,
    Decision,
    Effect,
    Investor,
    LedgerEntry,
    Sector,
)
from tests.admin.browsing import fields_of, fill, send, text_of
from tests.admin.office import Office, person, signed_in, url


@pytest.fixture
def other(office: Office):  # type: ignore[no-untyped-def]
    """A second clerk."""
    return signed_in(person("van-thu-2", "Nhập liệu", first_name="Chi", last_name="Lê"))


def saved(response: HttpResponse) -> bool:
    return response.status_code == 302


def test_a_form_that_nobody_overtook_is_saved_with_who_and_why(office: Office) -> None:
    response = fill(office.clerk_client, url(office.decision), abstract="Thành lập", change_reason="bổ sung")

    assert saved(response), text_of(response)
    entry = LedgerEntry.objects.filter(subject=office.decision.key).latest("seq")
    assert (entry.actor, entry.reason) == ("van-thu", "bổ sung")


def test_a_form_saved_unchanged_leaves_no_trace(office: Office) -> None:
    before = LedgerEntry.objects.count()

    assert saved(fill(office.clerk_client, url(office.decision)))
    assert LedgerEntry.objects.count() == before


def test_the_second_of_two_tabs_is_refused_and_says_who_changed_what(office: Office, other) -> None:  # type: ignore[no-untyped-def]
    mine = fields_of(office.clerk_client.get(url(office.decision)))
    assert saved(fill(other, url(office.decision), abstract="Người khác ghi", change_reason="theo bản giấy"))

    page = send(office.clerk_client, url(office.decision), mine, abstract="Tôi ghi")

    assert page.status_code == 200
    office.decision.refresh_from_db()
    assert office.decision.abstract == "Người khác ghi"
    told = text_of(page)
    assert told.count("người khác đã sửa bản ghi này") == told.count("Những ô cả hai cùng sửa") == 1
    assert '<a href="#stale-heading">' in page.content.decode()
    assert "Lê Chi" in told
    assert "lý do: theo bản giấy" in told
    assert "Ghi Trích yếu : Người khác ghi" in told
    assert "Người khác vừa lưu: Người khác ghi" in told
    assert fields_of(page)["abstract"] == ["Tôi ghi"]

    assert saved(send(office.clerk_client, url(office.decision), fields_of(page)))
    office.decision.refresh_from_db()
    assert office.decision.abstract == "Tôi ghi"


def test_fields_left_alone_take_what_was_saved_meanwhile(office: Office, other) -> None:  # type: ignore[no-untyped-def]
    mine = fields_of(office.clerk_client.get(url(office.decision)))
    assert saved(
        fill(
            other,
            url(office.decision),
            signer="Nguyễn Văn Ký",
            issued_stated="01/04/2022",
            effects__0__area="50,5",
        )
    )

    page = send(
        office.clerk_client, url(office.decision), mine, abstract="Tôi ghi", effects__0__note="ghi chú"
    )
    assert page.status_code == 200
    assert saved(send(office.clerk_client, url(office.decision), fields_of(page)))

    decision = Decision.objects.get()
    effect = decision.effects.get()
    assert (decision.signer, f"{decision.issued_latest}", decision.abstract) == (
        "Nguyễn Văn Ký", "2022-04-01", "Tôi ghi",
    )  # fmt: skip
    assert (f"{effect.area_ha.normalize()}", effect.note) == ("50.5", "ghi chú")


def test_a_field_of_a_row_that_both_changed_keeps_what_was_typed(office: Office, other) -> None:  # type: ignore[no-untyped-def]
    mine = fields_of(office.clerk_client.get(url(office.decision)))
    assert saved(fill(other, url(office.decision), effects__0__area="50,5"))

    page = send(office.clerk_client, url(office.decision), mine, effects__0__area="51")

    assert fields_of(page)["effects-0-area"] == ["51"]
    assert "Người khác vừa lưu: 50,5" in text_of(page)


def test_rows_added_meanwhile_by_others_stay_and_my_new_row_too(office: Office, other) -> None:  # type: ignore[no-untyped-def]
    new = {
        "citations-TOTAL_FORMS": "1", "citations-0-id": "", "citations-0-decision": office.decision.pk,
        "citations-0-field": "area_ha", "citations-0-source": office.source.pk, "citations-0-locator": "đoạn 9",
    }  # fmt: skip
    mine = fields_of(office.clerk_client.get(url(office.decision)))
    theirs = fields_of(other.get(url(office.decision)))
    assert saved(
        send(other, url(office.decision), {**theirs, **new, "citations-0-as_stated": "của người khác"})
    )

    page = send(
        office.clerk_client, url(office.decision), {**mine, **new, "citations-0-as_stated": "của tôi"}
    )
    assert page.status_code == 200
    assert saved(send(office.clerk_client, url(office.decision), fields_of(page)))

    assert set(Citation.objects.values_list("as_stated", flat=True)) == {"của người khác", "của tôi"}


def test_a_row_deleted_meanwhile_is_not_brought_back_by_a_form_that_left_it_alone(
    office: Office, other
) -> None:  # type: ignore[no-untyped-def]
    mine = fields_of(office.clerk_client.get(url(office.decision)))
    assert saved(fill(other, url(office.decision), effects__0__DELETE="on"))
    assert not Effect.objects.exists()

    page = send(office.clerk_client, url(office.decision), mine, abstract="Tôi ghi")
    assert saved(send(office.clerk_client, url(office.decision), fields_of(page)))

    assert not Effect.objects.exists()


def test_a_row_deleted_meanwhile_that_i_changed_comes_back_as_a_new_row(office: Office, other) -> None:  # type: ignore[no-untyped-def]
    mine = fields_of(office.clerk_client.get(url(office.decision)))
    assert saved(fill(other, url(office.decision), effects__0__DELETE="on"))

    page = send(office.clerk_client, url(office.decision), mine, effects__0__area="51")

    assert "Bỏ Tác động 1 · Giang Biên · Thành lập" in text_of(page)
    assert saved(send(office.clerk_client, url(office.decision), fields_of(page)))
    assert Effect.objects.get().area_ha == 51


def test_places_chosen_meanwhile_stay_when_i_left_them_alone(office: Office, other) -> None:  # type: ignore[no-untyped-def]
    place = AdministrativeUnit.objects.create(code="xa", name="Giang Biên", unit_kind="commune")
    cluster = fields_of(office.clerk_client.get(url(office.cluster)))
    decision = fields_of(office.clerk_client.get(url(office.decision)))
    assert saved(fill(other, url(office.cluster), places=[place.pk]))
    assert saved(fill(other, url(office.decision), effects__0__place_list=[place.pk]))

    for subject, mine, typed in (
        (office.cluster, cluster, {"name": "Giang Biên mới"}),
        (office.decision, decision, {"abstract": "Tôi ghi"}),
    ):
        page = send(office.clerk_client, url(subject), mine, **typed)
        assert saved(send(office.clerk_client, url(subject), fields_of(page)))

    assert list(office.cluster.places.all()) == [place]
    assert list(office.effect.places.all()) == [place]


def test_a_form_without_its_position_in_the_ledger_is_refused(office: Office) -> None:
    mine = fields_of(office.clerk_client.get(url(office.cluster)))
    del mine["seen"]

    for seen in ({}, {"seen": "x"}, {"seen": "9" * 30}, {"seen": "999999"}, {"seen": "-1"}):
        page = send(office.clerk_client, url(office.cluster), mine | seen, name="Tên mới")
        assert page.status_code == 200
        assert fields_of(page)["name"] == ["Tên mới"]
        assert not Cluster.objects.filter(name="Tên mới").exists()


def test_an_edit_of_another_record_makes_no_tab_stale(office: Office, other) -> None:  # type: ignore[no-untyped-def]
    mine = fields_of(office.clerk_client.get(url(office.cluster)))
    assert saved(fill(other, url(office.developer), name="Công ty B"))

    assert saved(send(office.clerk_client, url(office.cluster), mine, name="Tên mới"))


def test_what_was_typed_into_a_draft_deleted_meanwhile_can_be_saved_as_a_new_one(
    office: Office, other
) -> None:  # type: ignore[no-untyped-def]
    address = url(office.decision)
    mine = fields_of(office.clerk_client.get(address))
    discard(office.decision, by="van-thu-2", reason="nhập trùng")

    page = send(office.clerk_client, address, mine, abstract="Tôi ghi")

    assert page.status_code == 200
    assert "Lê Chi đã xóa bản nháp này" in text_of(page)
    assert 'action="/admin/registry/decision/add/"' in page.content.decode()
    assert saved(send(office.clerk_client, "/admin/registry/decision/add/", fields_of(page)))
    again = Decision.objects.get()
    assert (again.number_label, again.abstract, again.effects.get().cluster) == (
        "1013/QĐ-UBND", "Tôi ghi", office.cluster,
    )  # fmt: skip


def test_a_reason_that_the_ledger_cannot_hold_is_refused_and_nothing_typed_is_lost(office: Office) -> None:
    for reason in ("a\0b", "dài " * 200, "th\ufffdm"):
        page = fill(office.clerk_client, url(office.cluster), name="Tên mới", change_reason=reason)

        assert page.status_code == 200
        assert "Lý do sửa:" in text_of(page)
        assert fields_of(page)["name"] == ["Tên mới"]
    assert Cluster.objects.get().name == "Giang Biên"


def test_a_leader_sees_the_record_without_inputs_and_cannot_post(office: Office) -> None:
    page = office.leader_client.get(url(office.decision))

    assert page.status_code == 200
    assert 'name="abstract"' not in page.content.decode()
    assert office.leader_client.post(url(office.decision), {"seen": "1"}).status_code == 403


def test_nobody_deletes_a_record_outside_the_workflow(office: Office) -> None:
    assert office.clerk_client.post(url(office.developer, "delete"), {"post": "yes"}).status_code == 403
    page = office.clerk_client.get("/admin/registry/investor/")
    assert "delete_selected" not in page.content.decode()
    assert Investor.objects.exists()


def test_what_others_typed_is_shown_as_text_and_never_as_markup(office: Office, other) -> None:  # type: ignore[no-untyped-def]
    mine = fields_of(office.clerk_client.get(url(office.decision)))
    assert saved(fill(other, url(office.decision), abstract="<b>đậm</b>", effects__0__note="<i>nghiêng</i>"))

    page = send(
        office.clerk_client, url(office.decision), mine, abstract="Tôi ghi", effects__0__note="Tôi ghi"
    )

    shown = page.content.decode()
    assert "Người khác vừa lưu: &lt;b&gt;đậm&lt;/b&gt;" in shown
    assert "Người khác vừa lưu: &lt;i&gt;nghiêng&lt;/i&gt;" in shown
    assert "<b>đậm" not in shown
    assert "<i>nghiêng" not in shown


def test_a_ledger_of_more_than_a_thousand_entries_makes_no_form_stale(office: Office) -> None:
    """A number of four digits is written `1.000` on a page of ours, and nothing is saved with that."""
    with recorded(actor="van-thu"):
        Sector.objects.bulk_create(Sector(code=f"nganh-{n}", name=f"Ngành {n}") for n in range(1000))
        Decision.objects.filter(pk=office.decision.pk).update(abstract="Sửa sau nghìn dòng")
    assert LedgerEntry.objects.latest("seq").seq > 1000

    assert saved(fill(office.clerk_client, url(office.decision), abstract="Thành lập"))
    assert saved(fill(office.clerk_client, url(office.decision, "submit")))
