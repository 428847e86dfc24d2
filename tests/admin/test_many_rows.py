"""How many rows a form may have: what its page lets a clerk add can be sent, and nothing beyond costs work."""

import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.forms.formsets import DEFAULT_MAX_NUM
from django.test import RequestFactory

from registry.models import SUBJECTS
from tests.admin.browsing import fields_of
from tests.admin.office import Office, url

ADD = "/admin/registry/decision/add/"


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_page_whose_every_list_is_full_can_be_sent(office: Office, kind: str) -> None:
    request = RequestFactory().get("/")
    request.user = office.clerk
    page = admin.site._registry[SUBJECTS[kind]]
    fields = 100  # its own, the token and the counts of the lists
    for formset, _ in page.get_formsets_with_inlines(request):
        row = formset(instance=page.model()).empty_form
        # A date and its likes are several inputs; a row is also told from others, and may be removed.
        inputs = sum(len(getattr(field.widget, "widgets", [None])) for field in row.fields.values())
        fields += inputs * min(formset.max_num, DEFAULT_MAX_NUM)
    assert fields <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_a_form_of_six_thousand_fields_is_read(office: Office) -> None:
    form = fields_of(office.clerk_client.get(ADD))
    answer = office.clerk_client.post(ADD, {**form, **{f"thừa-{n}": "" for n in range(6000)}})
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()


@pytest.mark.parametrize("many", ["1001", "99999999", " +1001", "1001.0"])
def test_more_rows_than_a_list_may_have_are_refused_before_any_is_made(
    office: Office, many: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(*_: object, **__: object) -> None:
        raise AssertionError("rows were made")

    form = fields_of(office.clerk_client.get(ADD))
    assert re.fullmatch(r"\d", form["effects-TOTAL_FORMS"][0])
    monkeypatch.setattr("django.forms.formsets.BaseFormSet._construct_form", made)
    answer = office.clerk_client.post(url(office.decision), {**form, "effects-TOTAL_FORMS": many})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "hơn 1.000 dòng" in page
    assert "rows_too_many" in page


@pytest.mark.parametrize("many", ["abc", "9" * 5000, "", "-1"])
def test_a_count_that_is_none_is_the_forms_own_to_refuse(office: Office, many: str) -> None:
    form = fields_of(office.clerk_client.get(ADD))
    answer = office.clerk_client.post(ADD, {**form, "effects-TOTAL_FORMS": many})
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
