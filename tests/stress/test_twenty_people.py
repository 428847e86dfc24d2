"""Twenty people press Save at the same moment."""

import json
from itertools import pairwise

import pytest
from django.db import connection

from registry.actions.editions import rebuild_editions
from registry.ledger.context import recorded
from registry.ledger.verify import verify
from registry.models import Announcement, Cluster, Decision, LedgerEntry, LedgerPayload, Publication
from tests.admin.browsing import fields_of, send, text_of
from tests.admin.office import Office, person, signed_in, url
from tests.admin.test_workflow_races import together

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20


def names_written(cluster: Cluster) -> list[tuple[str, str]]:
    """What each update of the cluster's name found and left, in the ledger's order."""
    entries = LedgerEntry.objects.filter(subject=cluster.key, table_name="registry_cluster", op="update")
    payloads = LedgerPayload.objects.filter(entry__in=entries).order_by("entry_id")
    return [(json.loads(p.before)["name"], json.loads(p.after)["name"]) for p in payloads]


def test_on_one_record_each_is_saved_or_refused_with_what_was_typed() -> None:
    office = Office()
    clients = [signed_in(person(f"van-thu-{number}", "Nhập liệu")) for number in range(PEOPLE)]
    saved: list[str] = []
    for turn in range(2):
        forms = [fields_of(client.get(url(office.cluster))) for client in clients]
        typed = [f"Tên {turn}-{number}" for number in range(PEOPLE)]

        answers = together(
            *(
                lambda client=client, form=form, name=name: send(client, url(office.cluster), form, name=name)
                for client, form, name in zip(clients, forms, typed, strict=True)
            )
        )

        for answer, name in zip(answers, typed, strict=True):
            if answer.status_code == 302:
                saved.append(name)
            else:
                assert answer.status_code == 200
                assert fields_of(answer)["name"] == [name]
                assert "Người khác vừa lưu" in text_of(answer)
        # All had opened the same state: one can follow it.
        assert len(saved) == turn + 1

    written = names_written(office.cluster)
    assert [after for _, after in written] == saved
    assert all(one[1] == next_[0] for one, next_ in pairwise(written))
    assert verify(connection).problems == []


def test_on_many_records_all_are_saved_and_all_are_published() -> None:
    office = Office()
    with recorded(actor="van-thu"):
        decisions = [
            Decision.objects.create(number=2000 + number, symbol="QĐ-UBND", issuer=office.ubnd)
            for number in range(PEOPLE)
        ]
    clerks = [signed_in(person(f"van-thu-{number}", "Nhập liệu")) for number in range(PEOPLE)]
    leaders = [signed_in(person(f"lanh-dao-{number}", "Duyệt")) for number in range(PEOPLE)]
    pages = [fields_of(c.get(url(d))) for c, d in zip(clerks, decisions, strict=True)]

    kept = together(
        *(
            lambda client=client, decision=decision, form=form: send(
                client, url(decision), form, abstract=f"Về việc {decision.number}"
            )
            for client, decision, form in zip(clerks, decisions, pages, strict=True)
        )
    )
    assert [answer.status_code for answer in kept] == [302] * PEOPLE
    assert [d.abstract for d in Decision.objects.filter(number__gte=2000).order_by("number")] == [
        f"Về việc {2000 + number}" for number in range(PEOPLE)
    ]

    for page, people in (("submit", clerks), ("approve", leaders)):
        opened = [fields_of(c.get(url(d, page))) for c, d in zip(people, decisions, strict=True)]
        answers = together(
            *(
                lambda client=client, decision=decision, form=form, page=page: send(
                    client, url(decision, page), form
                )
                for client, decision, form in zip(people, decisions, opened, strict=True)
            )
        )
        assert [answer.status_code for answer in answers] == [302] * PEOPLE

    assert list(Publication.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, PEOPLE + 1)
    )
    told = list(Announcement.objects.filter(kind="decision").values_list("subject_id", flat=True))
    assert sorted(told) == sorted(decision.pk for decision in decisions)
    assert rebuild_editions(check=True) == []
    assert verify(connection).problems == []
