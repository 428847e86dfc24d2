"""One sound row of every table with constraints, for tests that spoil it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.db import models

from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    ApiKey,
    Assignment,
    Authority,
    CapitalEvent,
    Citation,
    ClusterAlias,
    Decision,
    DecisionRelation,
    Effect,
    EffectPlace,
    Incentive,
    IncentiveTerm,
    Indicator,
    IndicatorValue,
    IndicatorValueCluster,
    IndicatorValueZone,
    Investor,
    Partner,
    PlaceSuccession,
    Project,
    Sector,
    Webhook,
    WebhookSecret,
    Zone,
    ZoneLink,
    ZoneStatus,
)
from tests.world import World

Maker = Callable[[World], models.Model]


def made(model: type[models.Model], **values: Any) -> Any:
    row = model(**values)
    with recorded():
        row.save()
    return row


def zone(world: World) -> Zone:
    return made(Zone, name="KCN Tràng Duệ", zone_kind="industrial_park", area_ha=400)


def zone_status(world: World) -> ZoneStatus:
    return made(
        ZoneStatus,
        zone=zone(world),
        status="existing",
        as_of_earliest=date(2023, 1, 1),
        as_of_latest=date(2023, 12, 31),
    )


def zone_link(world: World) -> ZoneLink:
    return made(ZoneLink, zone=zone(world), other=made(Zone, name="Cảng Nam Đồ Sơn", zone_kind="seaport"))


def sector(world: World) -> Sector:
    return made(Sector, name="Sản xuất linh kiện điện tử", vsic_code="26100", vsic_year=2018)


def project(world: World) -> Project:
    return made(
        Project,
        name="Nhà máy H3",
        investor=world.mda,
        zone=zone(world),
        project_code="0123456789",
        land_area_ha=4,
        products="Màn hình",
    )


def capital_of_investor(world: World) -> CapitalEvent:
    return made(CapitalEvent, investor=world.mda, measure="group_total", amount=9_240_000_000)


def capital_of_project(world: World) -> CapitalEvent:
    return made(CapitalEvent, project=project(world), measure="registered", amount=900_000_000)


def indicator(world: World) -> Indicator:
    return made(Indicator, name="Tỷ trọng công nghệ cao", unit="%", definition="Trong giá trị sản xuất.")


def value(world: World) -> IndicatorValue:
    return made(IndicatorValue, indicator=indicator(world), value=55)


def value_cluster(world: World) -> IndicatorValueCluster:
    row = value(world)
    return made(IndicatorValueCluster, value=row, indicator=row.indicator, cluster=world.giang_bien)


def value_zone(world: World) -> IndicatorValueZone:
    row = value(world)
    return made(IndicatorValueZone, value=row, indicator=row.indicator, zone=zone(world))


def incentive(world: World) -> Incentive:
    return made(Incentive, name="Ưu đãi thuế thu nhập", incentive_kind="corporate_income_tax")


def term(world: World) -> IncentiveTerm:
    return made(IncentiveTerm, incentive=incentive(world), term_kind="rate", years=15, rate_percent=10)


def assignment(world: World) -> Assignment:
    return made(
        Assignment,
        name="Lựa chọn chủ đầu tư",
        task="Lập hồ sơ",
        assignment_kind="task",
        asked_by=Authority.objects.order_by("pk")[0],
        asked_earliest=date(2023, 9, 1),
        asked_latest=date(2023, 9, 30),
        due_earliest=date(2023, 12, 1),
        due_latest=date(2023, 12, 31),
    )


def alias(world: World) -> ClusterAlias:
    return made(ClusterAlias, cluster=world.giang_bien, name="Giang Biên I")


def relation(world: World) -> DecisionRelation:
    return made(
        DecisionRelation, decision=world.decision(1013), relation="based_on", target=world.decision(790)
    )


def effect_place(world: World) -> EffectPlace:
    effect = Effect.objects.order_by("pk")[0]
    unit = made(AdministrativeUnit, name="Giang Biên", unit_kind="commune")
    return made(EffectPlace, effect=effect, decision=effect.decision, place=unit)


def follower(world: World) -> Effect:
    """An effect that ends another one of the same cluster."""
    first = Effect.objects.order_by("pk")[0]
    decision = Decision.objects.exclude(pk=first.decision_id)[0]
    return made(
        Effect,
        decision=decision,
        position=9,
        cluster=first.cluster,
        effect_code="revoked",
        target=first,
        target_relation="amends",
    )


def succession(world: World) -> PlaceSuccession:
    former, today = (made(AdministrativeUnit, name=name, unit_kind="commune") for name in ("Cũ", "Mới"))
    return made(PlaceSuccession, unit=former, successor=today)


def another_investor(world: World) -> Investor:
    return made(Investor, name="Công ty khác", enterprise_code="0100233488")


def cited_decision(world: World) -> Citation:
    return Citation.objects.filter(decision__isnull=False).order_by("pk")[0]


def partner(world: World) -> Partner:
    return made(Partner, name="Ngân hàng A", contact="Phòng CNTT", purpose="Tra cứu")


def api_key(world: World) -> ApiKey:
    return made(
        ApiKey,
        partner=partner(world),
        prefix="abcdefgh",
        digest="0" * 64,
        scopes="clusters",
        created_at=datetime(2026, 1, 5, 2, tzinfo=UTC),
        expires_at=datetime(2027, 1, 5, 2, tzinfo=UTC),
    )


def webhook(world: World) -> Webhook:
    return made(
        Webhook,
        partner=partner(world),
        url="https://doi-tac.vn/nhan",
        scopes="clusters",
        created_at=datetime(2026, 1, 5, 2, tzinfo=UTC),
    )


def webhook_secret(world: World) -> WebhookSecret:
    at = datetime(2026, 1, 5, 2, tzinfo=UTC)
    return made(WebhookSecret, webhook=webhook(world), slot=1, nonce="n", created_at=at)
