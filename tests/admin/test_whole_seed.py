"""The desk over all that the repository seeds: its thousands of ledger entries, every kind, every list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import SUBJECTS, Citation, Investor, LedgerEntry, Publication
from registry.models.sources import CITED
from registry.rules.provenance import FIELDS
from tests.admin.browsing import fill
from tests.admin.office import signed_in, url
from tests.world import clerk, leader

QUESTIONS = 25


def test_a_record_is_edited_submitted_and_approved_however_long_the_ledger(whole_seed):
    assert LedgerEntry.objects.latest("seq").seq > 1000
    entering, approving = signed_in(clerk()), signed_in(leader())
    investor = Investor.objects.get(code="pegatron")
    published = Publication.objects.count()

    for typed, client, page in (
        ({"name": "Pegatron (Đài Loan)"}, entering, "change"),
        ({}, entering, "submit"),
        ({}, approving, "approve"),
    ):
        assert fill(client, url(investor, page), **typed).status_code == 302, page

    investor.refresh_from_db()
    assert investor.name == "Pegatron (Đài Loan)"
    assert Publication.objects.count() == published + 1


@pytest.mark.parametrize("kind", SUBJECTS)
def test_no_list_needs_many_questions(whole_seed, kind):
    client = signed_in(clerk())
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/admin/registry/{SUBJECTS[kind]._meta.model_name}/").status_code == 200
    assert len(captured) <= QUESTIONS


def test_every_kind_shows_where_its_values_come_from_to_those_who_edit_and_those_who_read(whole_seed):
    clients = [signed_in(clerk()), signed_in(leader())]
    for kind in CITED:
        rows = Citation.objects.filter(
            **{f"{kind}__isnull": False, "field__in": FIELDS[kind], "row_position": None}
        )
        citation = rows.first()
        subject = SUBJECTS[kind].objects.get(pk=getattr(citation, f"{kind}_id"))
        for client in clients:
            html = client.get(url(subject)).content.decode()
            assert f"/admin/registry/sourcedocument/{citation.source_id}/resting/" in html, kind
            assert 'class="beside' in html, kind
            assert " style=" not in html, kind


def test_the_story_of_a_record_keeps_how_an_area_is_stated(whole_seed):
    client = signed_in(clerk())
    for kind, code, area in (
        ("zone", "khu-kinh-te-ven-bien-phia-nam", "tối đa 20.000 ha"),
        ("cluster", "phu-tro-trang-due", "khoảng 58,8 ha"),
    ):
        html = client.get(url(SUBJECTS[kind].objects.get(code=code))).content.decode()
        assert f" · {area}" in html, kind
        assert f" · {area.split(' ', 1)[1]}" not in html, kind
