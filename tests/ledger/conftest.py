from dataclasses import dataclass

import pytest

from registry.models import AdministrativeUnit, Cluster, ClusterAlias, Investor


@dataclass
class World:
    """Two clusters with other names and places, and an investor."""

    giang_bien: Cluster
    quang_phuc: Cluster
    vinh_bao: AdministrativeUnit
    tien_lang: AdministrativeUnit
    alias: ClusterAlias
    investor: Investor


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def make_world() -> World:
    vinh_bao = AdministrativeUnit.objects.create(name="Vĩnh Bảo", unit_kind="district")
    tien_lang = AdministrativeUnit.objects.create(name="Tiên Lãng", unit_kind="district")
    giang_bien = Cluster.objects.create(name="CCN Giang Biên")
    quang_phuc = Cluster.objects.create(name="CCN Quang Phục")
    giang_bien.places.set([vinh_bao])
    return World(
        giang_bien=giang_bien,
        quang_phuc=quang_phuc,
        vinh_bao=vinh_bao,
        tien_lang=tien_lang,
        alias=ClusterAlias.objects.create(cluster=giang_bien, name="Giang Biên I"),
        investor=Investor.objects.create(name="Công ty cổ phần Shinec"),
    )
