"""A second click on Save of a new record."""

import pytest

from registry.models import Decision
from tests.admin.browsing import fields_of, said, send
from tests.admin.office import Office, url
from tests.admin.test_workflow_races import together

ADD = "/admin/registry/decision/add/"


def numberless(office: Office) -> dict[str, object]:
    page = fields_of(office.clerk_client.get(ADD))
    return page | {"issuer": office.ubnd.pk, "abstract": "Chưa rõ số", "effects-TOTAL_FORMS": "0"}


def test_a_second_click_makes_no_second_draft_and_leads_to_the_first(office: Office) -> None:
    form = numberless(office)
    before = Decision.objects.count()

    first, second = (send(office.clerk_client, ADD, form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert Decision.objects.count() == before + 1
    assert second["Location"] == url(Decision.objects.latest("pk"))
    assert "Bấm hai lần chỉ tạo một bản ghi" in said(second)[-1]


def test_the_same_words_in_a_form_opened_again_are_another_record(office: Office) -> None:
    before = Decision.objects.count()
    for _ in range(2):
        assert send(office.clerk_client, ADD, numberless(office)).status_code == 302
    assert Decision.objects.count() == before + 2


def test_who_goes_back_and_types_another_paper_makes_another(office: Office) -> None:
    form = numberless(office)
    before = Decision.objects.count()
    for abstract in ("Một", "Hai"):
        assert send(office.clerk_client, ADD, form, abstract=abstract).status_code == 302
    assert Decision.objects.count() == before + 2


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_draft() -> None:
    office = Office()
    form = numberless(office)

    answers = together(*(lambda: send(office.clerk_client, ADD, form) for _ in range(2)))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Decision.objects.filter(abstract="Chưa rõ số").count() == 1
