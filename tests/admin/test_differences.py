from datetime import date

from django.template.loader import render_to_string

from registry.ledger.context import recorded
from registry.models import Effect
from registry.queries.contents import contents
from registry.queries.differences import Change, difference, differences
from tests.admin.office import Office


def test_equal_contents_have_no_difference(office: Office) -> None:
    content = contents("decision", [office.decision.pk])[office.decision.pk]

    assert difference("decision", content, content) == []


def test_a_difference_speaks_vietnamese_numbers_dates_labels_and_names(office: Office) -> None:
    before = contents("decision", [office.decision.pk])[office.decision.pk]
    with recorded(actor="van-thu"):
        office.effect.area_ha, office.effect.area_qualifier = "1248.1", "about"
        office.effect.developer = None
        office.effect.save()
        office.decision.number = 1014
        office.decision.received_on = date(2022, 4, 5)
        office.decision.save()
    after = contents("decision", [office.decision.pk])[office.decision.pk]

    own, effect = difference("decision", before, after)

    assert (own.title, own.state) == ("", "changed")
    assert own.changes == (
        Change("Số, ký hiệu", "1013/QĐ-UBND", "1014/QĐ-UBND"),
        Change("Ngày nhận", "", "05/04/2022"),
    )
    assert (effect.title, effect.state) == ("Tác động 1 · Giang Biên · Thành lập", "changed")
    assert effect.changes == (
        Change("Diện tích", "47,8 ha", "khoảng 1.248,1 ha"),
        Change("Chủ đầu tư hạ tầng", "Công ty A", ""),
    )


def test_children_are_matched_by_id_and_not_by_place(office: Office) -> None:
    with recorded(actor="van-thu"):
        second = Effect.objects.create(
            decision=office.decision, position=2, cluster=office.cluster, effect_code="expanded"
        )
    before = contents("decision", [office.decision.pk])[office.decision.pk]
    with recorded(actor="van-thu"):
        office.effect.delete()
        second.position = 1
        second.save()
    after = contents("decision", [office.decision.pk])[office.decision.pk]

    changed, removed = difference("decision", before, after)

    assert (changed.state, changed.changes) == ("changed", (Change("Thứ tự", "2", "1"),))
    assert removed.state == "removed"
    assert "Thành lập" in removed.title


def test_a_first_publication_shows_everything_that_will_be_said(office: Office) -> None:
    content = contents("cluster", [office.cluster.pk])[office.cluster.pk]

    (own,) = difference("cluster", None, content)

    assert own.state == "added"
    assert Change("Tên", "", "Giang Biên") in own.changes


def test_many_differences_look_names_up_together(office: Office, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    content = contents("decision", [office.decision.pk])[office.decision.pk]

    with django_assert_num_queries(3):  # issuer, cluster, developer
        differences([("decision", None, content), ("decision", content, content)])


def test_where_it_is_stated_comes_after_what_is_stated(office: Office) -> None:
    with recorded(actor="van-thu"):
        office.decision.citations.create(
            source=office.source, field="area_ha", as_stated="47,8 ha", locator="đoạn 6", row_position=1
        )
    content = contents("decision", [office.decision.pk])[office.decision.pk]

    titles = [section.title for section in difference("decision", None, content)]

    assert titles[1].startswith("Tác động 1")
    assert titles[-1].startswith("Trích nguồn")


def test_what_a_document_says_keeps_its_unit() -> None:
    assert Change("Diện tích", "32,5 ha", "32 ha").before_number == "32,5"
    for label in ("Giá trị như ghi", "Lời văn bản", "Tên"):
        assert Change(label, "32,5 ha", "32 ha").before_number == "32,5 ha"


def test_a_range_is_not_told_as_from_from() -> None:
    told = [
        render_to_string(
            "admin/registry/workflow/change.html", {"change": Change("Diện tích", before, "55 ha")}
        ).strip()
        for before in ("từ 50 đến 60 ha", "50 ha")
    ]
    assert told == [
        "Sửa <em>Diện tích</em>: <del>từ 50 đến 60 ha</del> → <ins>55 ha</ins>",
        "Sửa <em>Diện tích</em> từ <del>50</del> thành <ins>55 ha</ins>",
    ]
