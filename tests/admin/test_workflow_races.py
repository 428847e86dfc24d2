"""Two people press their buttons at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.http import HttpResponse

from registry.models import Cluster, LedgerEntry, Publication
from tests.admin.browsing import fields_of, fill, said, send
from tests.admin.office import Office, person, signed_in, url

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], HttpResponse]) -> list[HttpResponse]:
    start = Barrier(len(acts))

    def run(act: Callable[[], HttpResponse]) -> HttpResponse:
        start.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_tabs_saved_at_once_one_is_saved_and_the_other_shown_what_changed() -> None:
    office = Office()
    clients = [office.clerk_client, signed_in(person("van-thu-2", "Nhập liệu"))]
    forms = [fields_of(client.get(url(office.cluster))) for client in clients]

    answers = together(
        *(
            lambda client=client, form=form, name=name: send(client, url(office.cluster), form, name=name)
            for client, form, name in zip(clients, forms, ("Tên một", "Tên hai"), strict=True)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    name = Cluster.objects.get().name
    assert fields_of(refused)["name"] == [{"Tên một": "Tên hai", "Tên hai": "Tên một"}[name]]
    assert f"Người khác vừa lưu: {name}" in refused.content.decode()
    assert LedgerEntry.objects.filter(subject=office.cluster.key, op="update").count() == 1


def test_of_two_leaders_who_approve_at_once_one_publishes_and_the_other_is_told() -> None:
    office = Office()
    assert fill(office.clerk_client, url(office.decision, "submit")).status_code == 302
    clients = [office.leader_client, signed_in(person("lanh-dao-2", "Duyệt"))]
    forms = [fields_of(client.get(url(office.decision, "approve"))) for client in clients]

    answers = together(
        *(
            lambda client=client, form=form: send(client, url(office.decision, "approve"), form)
            for client, form in zip(clients, forms, strict=True)
        )
    )

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Publication.objects.count() == 1
    told = sorted(said(answer)[-1] for answer in answers)
    assert "Đã công bố" in told[0] or "Đã công bố" in told[1]
    assert any("đã được công bố, không còn gì để duyệt" in message for message in told)
