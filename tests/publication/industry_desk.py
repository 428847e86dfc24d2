"""The rest of the clerk's desk: zones, sectors, projects and their capital, indicators, incentives, assignments."""

from decimal import Decimal
from typing import Any

from django.db.models import Model

from registry.ledger.context import recorded
from registry.models import (
    Assignment,
    CapitalEvent,
    Citation,
    Incentive,
    IncentiveTerm,
    Indicator,
    IndicatorValue,
    IndicatorValueCluster,
    IndicatorValueZone,
    Project,
    Sector,
    Zone,
    ZoneStatus,
)
from tests.publication.desk import DATES, Desk
from tests.publication.oracle import Key, Plain

MEASURES = {
    "investor": ["registered", "group_total", "implemented"],
    "project": ["registered", "announced", "implemented"],
}
CAPITAL_KINDS = ["reported_total", "increase", "first_registration", "reported_total", "decrease"]
SCOPES = ["clusters", "city", "zones", "investor", "project", "clusters"]
#: The kinds whose numbered rows can be cited, with what holds them and the field that is cited.
NUMBERED = {
    "investor": ("capital", "amount"),
    "project": ("capital", "amount"),
    "indicator": ("values", "value"),
    "incentive": ("terms", "years"),
    "zone": ("statuses", "status"),
}


class IndustryDesk(Desk):
    """Everything that can be entered."""

    def new_sector(self, a: int, b: int, c: int) -> None:
        self._new(Sector, name=self.mark("Ngành"))

    def new_zone(self, a: int, b: int, c: int) -> None:
        places, sectors = self._some("place", a, 1), self._some("sector", b, 2)
        area = Decimal(100 + c) if c % 2 else None
        key = self._new(Zone, name=self.mark("Khu"), zone_kind="industrial_park", area_ha=area)
        self._link(key, places=places, sectors=sectors)
        self.drafts[key] |= {"area": None if area is None else str(area), "statuses": [], "linked_with": []}
        self.drafts[key]["citations"] = []

    def link_zones(self, a: int, b: int, c: int) -> None:
        """Say with which zones a zone is linked: some of the others, or none; one end, the other or both may say so."""
        if zone := self.one("zone", a):
            self._link(zone, linked_with=[pk for pk in self._some("zone", b, c % 3 + 1) if pk != zone[1]])

    def zone_status(self, a: int, b: int, c: int) -> None:
        """Say that a zone was planned or existed as of a day, or take back what was said first."""
        zone, latest = self.one("zone", a), DATES[b % len(DATES)][1]
        if zone is None:
            return
        statuses = self.drafts[zone]["statuses"]
        if c % 4 == 3 and statuses:
            self._drop(zone, ZoneStatus, statuses.pop(0))
        elif latest is not None and latest not in [row["as_of"] for row in statuses]:
            status = ("planned", "existing")[c % 2]
            plain = {
                "position": max([row["position"] for row in statuses], default=0) + 1,
                "status": status, "as_of": latest,
            }  # fmt: skip
            with recorded(actor="clerk"):
                row = ZoneStatus.objects.create(
                    zone_id=zone[1], as_of_latest=latest, status=status, position=plain["position"]
                )
            statuses.append(plain | {"id": row.pk})

    def new_project(self, a: int, b: int, c: int) -> None:
        investor = self.one("investor", a)
        if investor is None:
            return
        zone = self.one("zone", b) if c % 3 == 0 else None
        cluster = self.one("cluster", b) if c % 3 == 1 else None
        products, sectors = self.mark("sản phẩm"), self._some("sector", c, 2)
        key = self._new(
            Project,
            name=self.mark("Dự án"),
            products=products,
            **{"investor_id": investor[1], "zone_id": _pk(zone), "cluster_id": _pk(cluster)},
        )
        self._link(key, sectors=sectors)
        self.drafts[key] |= {
            "investor": investor[1], "zone": _pk(zone), "cluster": _pk(cluster), "products": products,
            "capital": [], "citations": [],
        }  # fmt: skip
        self._add_capital(key, b, a + c)

    def move_project(self, a: int, b: int, c: int) -> None:
        """To another investor, zone or cluster."""
        key = self.one("project", a)
        kind = ("investor", "zone", "cluster")[c % 3]
        other = self.one(kind, b)
        if key is None or other is None:
            return
        place = {"zone": None, "cluster": None} if kind != "investor" else {}
        self._set(key, **place | {kind: other[1]})

    def join_group(self, a: int, b: int, c: int) -> None:
        """Let an investor belong to an older one, or to none; and come from somewhere."""
        investor = self.one("investor", a)
        if investor is None:
            return
        older = [pk for _, pk in self.of_kind("investor") if pk < investor[1]]
        group = older[b % len(older)] if older and c % 4 else None
        self._set(investor, group=group, registered_in=("TW", "KR", None)[c % 3])

    def add_capital(self, a: int, b: int, c: int) -> None:
        owner = self.one(("investor", "project")[c % 2], a)
        if owner is not None:
            self._add_capital(owner, b, a + c)

    def _add_capital(self, owner: Key, b: int, c: int) -> None:
        earliest, latest = DATES[b % len(DATES)]
        rows = self.drafts[owner]["capital"]
        plain = {
            "position": max([row["position"] for row in rows], default=0) + 1,
            "kind": CAPITAL_KINDS[c % len(CAPITAL_KINDS)], "measure": MEASURES[owner[0]][c % 3],
            "amount": 10_000_000_000_000 + c % 4, "qualifier": ("exact", "over")[c % 2],
            "as_of": latest, "earliest": earliest,
        }  # fmt: skip
        with recorded(actor="clerk"):
            row = CapitalEvent.objects.create(
                position=plain["position"], capital_kind=plain["kind"], measure=plain["measure"],
                amount=plain["amount"], amount_qualifier=plain["qualifier"], as_of_latest=latest,
                as_of_earliest=earliest, **{f"{owner[0]}_id": owner[1]},
            )  # fmt: skip
        rows.append(plain | {"id": row.pk})

    def drop_capital(self, a: int, b: int, c: int) -> None:
        owner = self.one(("investor", "project")[c % 2], a)
        if owner is not None and (rows := self.drafts[owner]["capital"]):
            self._drop(owner, CapitalEvent, rows.pop(b % len(rows)))

    def new_indicator(self, a: int, b: int, c: int) -> None:
        unit = self.mark("đơn vị")
        key = self._new(Indicator, name=self.mark("Chỉ tiêu"), unit=unit)
        self._link(key, sectors=self._some("sector", a, 1))
        self.drafts[key] |= {"unit": unit, "values": [], "citations": []}
        self._add_value(key, a, b, c)

    def add_value(self, a: int, b: int, c: int) -> None:
        if key := self.one("indicator", a):
            self._add_value(key, b, c, a)

    def _add_value(self, key: Key, a: int, b: int, c: int) -> None:
        scope = SCOPES[b % len(SCOPES)]
        earliest, latest = DATES[c % len(DATES)]
        plain: Plain = {
            "position": max([row["position"] for row in self.drafts[key]["values"]], default=0) + 1,
            "scope": scope, "clusters": [], "zones": [], "investor": None, "project": None,
            "kind": ("actual", "target", "expected")[a % 3], "earliest": earliest, "latest": latest,
            "value": str(1 + a % 90), "high": str(100 + a) if c % 5 == 4 else None,
        }  # fmt: skip
        if scope in ("clusters", "zones"):
            # Every second one of them, or all.
            plain[scope] = self._some(scope[:-1], a % 2, 1 + b % 2)
        elif scope != "city":
            plain[scope] = _pk(self.one(scope, a))
        if scope != "city" and not plain[scope]:
            return
        with recorded(actor="clerk"):
            row = IndicatorValue.objects.create(
                indicator_id=key[1], position=plain["position"], scope=scope, value_kind=plain["kind"],
                period_earliest=earliest, period_latest=latest, value=Decimal(plain["value"]),
                value_high=plain["high"] and Decimal(plain["high"]),
                value_qualifier="range" if plain["high"] else "exact",
                investor_id=plain["investor"], project_id=plain["project"],
            )  # fmt: skip
            for pk in plain["clusters"]:
                IndicatorValueCluster.objects.create(value=row, indicator_id=key[1], cluster_id=pk)
            for pk in plain["zones"]:
                IndicatorValueZone.objects.create(value=row, indicator_id=key[1], zone_id=pk)
        self.drafts[key]["values"].append(plain | {"id": row.pk})

    def drop_value(self, a: int, b: int, c: int) -> None:
        if (key := self.one("indicator", a)) and (rows := self.drafts[key]["values"]):
            self._drop(key, IndicatorValue, rows.pop(b % len(rows)))

    def new_incentive(self, a: int, b: int, c: int) -> None:
        begins, ends = DATES[a % 6][1], DATES[b % len(DATES)][1]
        if begins is not None and ends is not None and ends <= begins:
            ends = None
        status = ("in_force", "planned")[c % 2]
        key = self._new(
            Incentive, name=self.mark("Ưu đãi"), incentive_kind="corporate_income_tax", status=status,
            valid_from=begins, valid_to=ends,
        )  # fmt: skip
        self._link(key, sectors=self._some("sector", b, 1))
        with recorded(actor="clerk"):
            term = IncentiveTerm.objects.create(
                incentive_id=key[1], position=1, term_kind="exemption", years=1 + c % 9
            )
        self.drafts[key] |= {
            "status": status, "valid_from": begins, "valid_to": ends, "citations": [],
            "terms": [{"id": term.pk, "position": 1, "kind": "exemption", "years": 1 + c % 9}],
        }  # fmt: skip

    def new_assignment(self, a: int, b: int, c: int) -> None:
        authority, decision = self.one("authority", 0), self.one("decision", a) if c % 2 else None
        assert authority is not None
        task, due = self.mark("việc"), DATES[b % len(DATES)][1]
        key = self._new(
            Assignment, name=self.mark("Giao việc"), task=task, assignment_kind="task", due_latest=due,
            asked_by_id=authority[1], lead_id=_pk(authority) if c % 3 else None, decision_id=_pk(decision),
        )  # fmt: skip
        self._link(
            key,
            cooperating=self._some("authority", b, 1),
            clusters=self._some("cluster", a, 1 + c % 2),
            zones=self._some("zone", b, 1),
            sectors=self._some("sector", c, 1),
        )
        self.drafts[key] |= {
            "task": task, "due": due, "asked_by": authority[1], "lead": authority[1] if c % 3 else None,
            "decision": _pk(decision),
        }  # fmt: skip

    def cite(self, a: int, b: int, c: int) -> None:
        """Say where the name of a record, or a figure of one of its rows, is stated."""
        source, owner = self.one("source", 0), self.one(list(NUMBERED)[a % len(NUMBERED)], b)
        if source is None or owner is None:
            return
        rows, field = NUMBERED[owner[0]]
        position = None
        if c % 3 and (numbered := self.drafts[owner][rows]):
            position = numbered[c % len(numbered)]["position"]
        words = self.mark("như bài viết")
        with recorded(actor="clerk"):
            row = Citation.objects.create(
                source_id=source[1], locator="đoạn 1", row_position=position, as_stated=words,
                field=field if position else "name", **{f"{owner[0]}_id": owner[1]},
            )  # fmt: skip
        citation = {"id": row.pk, "row": position, "field": row.field, "words": words, "source": source[1]}
        self.drafts[owner]["citations"].append(citation)

    def _drop(self, owner: Key, model: type[Model], row: dict[str, Any]) -> None:
        """Remove a row, and what was said of it: a citation of no row is not published."""
        citations = self.drafts[owner]["citations"]
        with recorded(actor="clerk"):
            model._default_manager.get(pk=row["id"]).delete()
            Citation.objects.filter(
                pk__in=[c["id"] for c in citations if c["row"] == row["position"]]
            ).delete()
        self.drafts[owner]["citations"] = [c for c in citations if c["row"] != row["position"]]

    def _set(self, key: Key, **values: Any) -> None:
        with recorded(actor="clerk"):
            row = self.row(key)
            for name, value in values.items():
                setattr(row, row._meta.get_field(name).attname, value)
            row.save()
        self.drafts[key] |= values

    def _link(self, key: Key, **many: list[int]) -> None:
        with recorded(actor="clerk"):
            for name, ids in many.items():
                getattr(self.row(key), name).set(ids)
        self.drafts[key] |= many

    def _some(self, kind: str, first: int, step: int) -> list[int]:
        """Ids of every so many drafts of a kind, at most four."""
        return sorted(pk for _, pk in self.of_kind(kind)[first % 2 :: step][:4])


def _pk(key: Key | None) -> int | None:
    return None if key is None else key[1]


#: What each kind names, by the column and the kind of what stands there: one id, or several.
_NAMES = {
    "zone": {"places": "place", "sectors": "sector", "linked_with": "zone"},
    "investor": {"group": "investor"},
    "project": {"investor": "investor", "zone": "zone", "cluster": "cluster", "sectors": "sector"},
    "indicator": {"sectors": "sector"},
    "incentive": {"sectors": "sector"},
    "assignment": {
        "asked_by": "authority", "lead": "authority", "cooperating": "authority", "clusters": "cluster",
        "zones": "zone", "sectors": "sector",
    },
}  # fmt: skip
_VALUE_NAMES = {"clusters": "cluster", "zones": "zone", "investor": "investor", "project": "project"}


def named_by(kind: str, plain: Plain, papers: bool) -> set[Key]:
    """The subjects that a content of one of these kinds names; with `papers` the decision too."""
    found = _named(plain, _NAMES.get(kind, {}))
    for value in plain.get("values", []):
        found |= _named(value, _VALUE_NAMES)
    found |= {("source", citation["source"]) for citation in plain.get("citations", [])}
    if papers and plain.get("decision"):
        found.add(("decision", plain["decision"]))
    return found


def _named(plain: Plain, columns: dict[str, str]) -> set[Key]:
    found: set[Key] = set()
    for column, kind in columns.items():
        value = plain[column]
        ids = value if isinstance(value, list) else [] if value is None else [value]
        found |= {(kind, pk) for pk in ids}
    return found
