"""A form of a hundred rows asks the database as often as one of two, and calls what is chosen by its whole name."""

import re
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from django.db import connection, models
from django.forms.renderers import DjangoTemplates
from django.test.utils import CaptureQueriesContext

from registry.admin.fields import ComposedForm
from registry.admin.rendering import InputRenderer
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Cluster,
    Decision,
    Indicator,
    IndicatorValueCluster,
    Investor,
    Project,
)
from registry.models.checks import Check, Once
from tests.admin.browsing import fields_of, send
from tests.admin.office import Office, url


def cite(owner: Any, office: Office, n: int) -> None:
    owner.citations.create(source=office.source, field="name", as_stated=f"lời {n}", locator=f"đoạn {n}")


def in_decision(office: Office, n: int) -> None:
    """An effect with its cluster, developer and place, a relation to a paper without a number, a citation."""
    cluster = Cluster.objects.create(name=f"Cụm {n}")
    group = Investor.objects.create(name=f"Tập đoàn {n}")
    other = Decision.objects.create(issuer=office.ubnd, issued_latest=date(2021, 1, 1))
    first = other.effects.create(
        position=1, cluster=cluster, effect_code="established", as_stated="thành lập"
    )
    row = office.decision.effects.create(
        position=n + 1, cluster=cluster, effect_code="expanded", as_stated="mở rộng",
        developer=Investor.objects.create(name=f"Công ty {n}", group=group), target=first,
        target_relation="ends",
    )  # fmt: skip
    district = AdministrativeUnit.objects.create(name=f"Tiên {n}", unit_kind="district")
    place = AdministrativeUnit.objects.create(name=f"Cường {n}", unit_kind="commune", within=district)
    row.places.add(place, through_defaults={"decision": office.decision})
    office.decision.relations.create(target=other, relation="amends")
    cite(office.decision, office, n)


def in_cluster(office: Office, n: int) -> None:
    office.cluster.operating_reports.create(
        as_of_latest=date(2020, 1, 1), status="operating", source=office.source, locator=f"đoạn {n}"
    )
    cite(office.cluster, office, n)


def in_indicator(office: Office, n: int) -> None:
    """A value of a set of clusters, and one of a project."""
    indicator, _ = Indicator.objects.get_or_create(
        code="chi-tieu", defaults={"name": "Chỉ tiêu", "unit": "%"}
    )
    row = indicator.values.create(position=2 * n, scope="clusters", value_kind="actual", value=n)
    cluster = Cluster.objects.create(name=f"Cụm đo {n}")
    IndicatorValueCluster.objects.create(value=row, indicator=indicator, cluster=cluster)
    project = Project.objects.create(name=f"Dự án {n}", investor=office.developer, cluster=cluster)
    indicator.values.create(
        position=2 * n + 1, scope="project", value_kind="actual", value=n, project=project
    )
    cite(indicator, office, n)


GROW: dict[str, Any] = {"decision": in_decision, "cluster": in_cluster, "indicator": in_indicator}


def page(office: Office, kind: str) -> tuple[int, str]:
    subject = {"decision": Decision, "cluster": Cluster, "indicator": Indicator}[kind].objects.earliest("pk")
    with CaptureQueriesContext(connection) as asked:
        response = office.clerk_client.get(url(subject))
    assert response.status_code == 200
    return len(asked), response.content.decode()


def grow(office: Office, kind: str, numbers: range) -> None:
    with recorded(actor="van-thu"):
        for n in numbers:
            GROW[kind](office, n)


@pytest.mark.parametrize("kind", GROW)
def test_a_form_of_a_hundred_rows_asks_as_often_as_one_of_two(office, kind):
    grow(office, kind, range(1, 3))
    few, _ = page(office, kind)
    grow(office, kind, range(3, 101))
    many, html = page(office, kind)
    assert many <= few
    assert html.count(f'<option value="{office.source.pk}" selected>') >= 100


#: An input of each form's last row but one, what is refused there, and what may be said there.
WRONG = {
    "decision": ("effects-1-area", "nhiều lắm", "12,5"),
    "cluster": ("operating_reports-1-occupancy_leased", "101", "5"),
    "indicator": ("values-1-figure", "nhiều lắm", "7"),
}


def sent(office: Office, kind: str, value: str, rows: int) -> tuple[int, int]:
    """How often sending the form asks, with `value` typed there, and the status."""
    subject = {"decision": Decision, "cluster": Cluster, "indicator": Indicator}[kind].objects.earliest("pk")
    fields = fields_of(office.clerk_client.get(url(subject)))
    assert sum(name.endswith("-source") for name in fields) >= rows
    with CaptureQueriesContext(connection) as asked:
        response = send(office.clerk_client, url(subject), fields, **{WRONG[kind][0]: value})
    return len(asked), response.status_code


@pytest.mark.parametrize("kind", GROW)
def test_sending_a_form_of_a_hundred_rows_asks_as_often_as_one_of_two(office, kind):
    """Refused or saved, with one row changed: what the rows name, and the rows beside each, are asked for once."""
    _, refused, taken = WRONG[kind]
    grow(office, kind, range(1, 3))
    few, few_saved = (sent(office, kind, typed, 2) for typed in (refused, taken))
    grow(office, kind, range(3, 101))
    many, many_saved = (sent(office, kind, typed, 100) for typed in (refused, f"1{taken}"))
    assert (few[1], many[1], few_saved[1], many_saved[1]) == (200, 200, 302, 302)
    assert many[0] <= few[0]
    assert many_saved[0] <= few_saved[0]


def test_a_hundred_new_rows_are_refused_with_as_many_questions_as_two(office):
    grow(office, "cluster", range(1, 3))
    address = url(office.cluster)
    fields = fields_of(office.clerk_client.get(address))

    def refused(rows: int) -> int:
        typed: dict[str, Any] = {"aliases-TOTAL_FORMS": str(rows), "name": ""}
        for n in range(rows):
            typed |= {f"aliases-{n}-name": f"Tên khác {n}", f"aliases-{n}-cluster": str(office.cluster.pk)}
        with CaptureQueriesContext(connection) as asked:
            response = send(office.clerk_client, address, fields, **typed)
        assert response.status_code == 200
        assert fields_of(response)[f"aliases-{rows - 1}-name"] == [f"Tên khác {rows - 1}"]
        return len(asked)

    few = refused(2)
    assert refused(100) <= few


def many_wrong(office: Office, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Rows wrong in all ways at once: unread, unknown, twice, against their constraints, of a forged page."""
    typed: dict[str, Any] = {}
    if kind == "decision":
        wrong: list[dict[str, Any]] = [
            {"area": "nhiều lắm"},
            {"position": "1", "cluster": "", "effect_code": "corrected"},
            {"cluster": "999999", "developer": "x", "place_list": ["999999", "1"]},
            {"position": "0", "zone": "x\0", "target_relation": "", "verification": "khac"},
            {"position": "10000", "effect_code": "", "as_stated": " ", "place_list": ["x"]},
            {"target": fields["effects-5-id"][0], "area": "từ 5 đến 5", "developer": " 1"},
            {"position": fields["effects-7-position"][0]},
            {"position": fields["effects-6-position"][0], "id": "999999"},
            {"target": "", "target_relation": "ends", "sectors": "a\ufffd"},
        ]
        typed |= {f"effects-{n}-{name}": value for n, row in enumerate(wrong) for name, value in row.items()}
        typed |= {f"relations-{n}-target": fields["relations-3-target"][0] for n in (1, 2)}
        typed |= {"relations-4-target": str(office.decision.pk), "relations-5-relation": ""}
        typed |= {"citations-1-row_position": "77", "citations-2-source": "", "citations-3-field": "khac"}
        typed |= {"citations-4-locator": " ", "citations-5-row_position": "x", "citations-6-source": "999999"}
    if kind == "cluster":
        wrong = [
            {"as_of_0": "hôm qua"}, {"as_of_stated": "hôm qua", "occupancy_leased": "101"},
            {"leased_ha": "5", "industrial_land_ha": "4"}, {"leased_ha": "-1", "approved_ha": "0,00001"},
            {"leased_ha": "5", "approved_ha": "4"}, {"industrial_land_ha": "0", "source": "x"},
            {"as_of_earliest": "01/01/2024", "status": ""}, {"occupancy_qualifier": "range", "locator": " "},
        ]  # fmt: skip
        for n, row in enumerate(wrong):
            typed |= {f"operating_reports-{n}-{name}": value for name, value in row.items()}
        names = ["Tên A", "Tên A", " ", "Tên B"]
        typed |= {"aliases-TOTAL_FORMS": "4", "name": " "}
        typed |= {f"aliases-{n}-name": name for n, name in enumerate(names)}
    if kind == "indicator":
        wrong = [
            {"figure": "nhiều lắm"}, {"scope": "investor"}, {"scope": "project", "investor": "1", "project": ""},
            {"cluster_list": [], "position": "3"}, {"cluster_list": ["999999"], "figure": "5-4"},
            {"period_stated": "năm ngoái", "value_kind": "khac"}, {"position": "2", "project": "999999"},
        ]  # fmt: skip
        typed |= {f"values-{n}-{name}": value for n, row in enumerate(wrong) for name, value in row.items()}
    return typed


@pytest.mark.parametrize("kind", GROW)
def test_what_is_asked_together_is_refused_as_if_asked_row_by_row(
    office: Office, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same page to the letter: words, codes, places, and what was typed."""
    grow(office, kind, range(1, 10))
    subject = {"decision": Decision, "cluster": Cluster, "indicator": Indicator}[kind].objects.earliest("pk")
    fields = fields_of(office.clerk_client.get(url(subject)))
    typed = many_wrong(office, kind, fields)

    def answer() -> str:
        response = send(office.clerk_client, url(subject), fields, **typed)
        assert response.status_code == 200
        return re.sub(
            r'((csrfmiddlewaretoken|form_token)" value|nonce)="[^"]*"', "", response.content.decode()
        )

    together = answer()
    assert together.count("errorlist") >= 8
    monkeypatch.setattr(Check, "validate", models.CheckConstraint.validate)
    monkeypatch.setattr(Once, "validate", models.UniqueConstraint.validate)
    monkeypatch.setattr(ComposedForm, "_known", lambda self: nullcontext())
    monkeypatch.setattr("registry.admin.base.find_together", list)
    monkeypatch.setattr(InputRenderer, "render", DjangoTemplates.render)
    with CaptureQueriesContext(connection) as asked:
        alone = answer()
    assert len(asked) > 100
    assert together == alone


def test_what_is_chosen_is_called_as_in_the_list_it_was_chosen_from(office):
    grow(office, "decision", range(1, 3))
    _, html = page(office, "decision")
    for label in ("Công ty 2 · thuộc Tập đoàn 2", "Xã Cường 2, Huyện Tiên 2"):
        assert f" selected>{label}</option>" in html
    assert "Cụm 1: thành lập" in html
    assert "Cụm 2: thành lập" in html


def test_what_was_chosen_and_refused_is_shown_again(office):
    """What is no number is left out and refused at its input; the rest stays chosen."""
    grow(office, "cluster", range(1, 3))
    fields = fields_of(office.clerk_client.get(url(office.cluster)))
    rows = [name for name in fields if name.endswith("-source")]
    assert len(rows) == 4
    response = send(office.clerk_client, url(office.cluster), fields, **{rows[0]: "x"})
    assert response.status_code == 200
    assert {name: fields_of(response)[name] for name in rows} == {n: fields[n] for n in rows} | {rows[0]: []}
