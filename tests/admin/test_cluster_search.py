"""Clusters are found by the name that papers write, with the words that stand before every cluster's name."""

import pytest
from django import forms
from django.utils import translation

from tests.admin.office import Office

pytestmark = pytest.mark.django_db

LIST = "/admin/registry/cluster/"
OPTIONS = "/admin/autocomplete/?app_label=registry&model_name=effect&field_name=cluster&term="


@pytest.mark.parametrize(
    "typed", ["Cụm công nghiệp Giang Biên", "cum cong nghiep giang", "CCN Giang Biên", "cụm công nghiệp"]
)
def test_the_words_before_every_name_hide_nothing(typed):
    office = Office()
    assert "Giang Biên</a>" in office.clerk_client.get(LIST, {"q": typed}).content.decode()
    assert [o["text"] for o in office.clerk_client.get(OPTIONS + typed).json()["results"]] == ["Giang Biên"]


@pytest.mark.parametrize("typed", ["cụm công nghiệp Đại Thắng", "ccnx giang", "cụm giang"])
def test_other_words_still_tell_clusters_apart(typed):
    office = Office()
    assert office.clerk_client.get(OPTIONS + typed).json()["results"] == []


def test_the_picture_beside_the_search_box_is_named_in_vietnamese():
    page = Office().clerk_client.get(LIST).content.decode()
    assert 'alt="Tìm kiếm"' in page
    assert 'alt="Search"' not in page


def test_a_whole_number_is_asked_for_in_plain_words():
    with translation.override("vi"), pytest.raises(forms.ValidationError) as refused:
        forms.IntegerField().clean("ba")
    assert refused.value.messages == ["Hãy nhập một số nguyên."]
