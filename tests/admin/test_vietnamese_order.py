"""Lists of staff stand in the order of Vietnamese, whichever way they are asked for and on either engine."""

import re

import pytest
from django.test import Client

from registry.models import Cluster, Investor, Partner
from tests.admin.office import Office

pytestmark = pytest.mark.django_db

IN_ORDER = ["An Hưng", "An Thọ", "Anh Dũng", "Ân", "Dương Kinh", "Đại Thắng", "Đồ Sơn", "Vĩnh Niệm"]


def names(client: Client, address: str) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200
    return re.findall(r'<th class="field-\w+"><a [^>]*>([^<]+)</a>', page.content.decode())


@pytest.mark.parametrize("kind", [Cluster, Partner])
def test_names_stand_in_vietnamese_order_also_when_their_heading_is_pressed(kind):
    office = Office()
    more = {"contact": "bà An", "purpose": "đọc"} if kind is Partner else {}
    for name in reversed(IN_ORDER):
        kind.objects.create(name=name, **more)
    address = f"/admin/registry/{kind._meta.model_name}/"
    for asked, wanted in (("", IN_ORDER), ("?o=0", IN_ORDER), ("?o=-0", IN_ORDER[::-1])):
        assert [name for name in names(office.leader_client, address + asked) if name in IN_ORDER] == wanted


def test_a_filter_and_the_countries_stand_in_vietnamese_order():
    office = Office()
    for name in reversed(IN_ORDER):
        group = Investor.objects.create(name=name, investor_kind="group")
        Investor.objects.create(name=f"Công ty con {name}", group=group)
    page = office.clerk_client.get("/admin/registry/investor/").content.decode()
    offered = re.findall(r'\?group__id__exact=\d+">\s*([^<]+?)\s*</a>', page)
    assert offered == IN_ORDER
    form = office.clerk_client.get("/admin/registry/investor/add/").content.decode()
    countries = re.findall(r'<option value="[A-Z]{2}"[^>]*>([^<]+)</option>', form)
    assert countries[:3] == ["Ả Rập Xê-út", "Afghanistan", "Ai Cập"]
    assert countries.index("Áo") < countries.index("Ba Lan") < countries.index("Đức")
    assert len(countries) == 2 * len(set(countries))
