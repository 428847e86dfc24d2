"""A clerk's desk: working records entered and edited, and what stands in them as plain Python.

Every operation is given small numbers and makes of them something possible, so that hypothesis can shrink a
history to its point. Texts carry marks (`m17`), each used once: a mark that shows before its publication is a leak.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db import models

from registry.ledger.context import recorded
from registry.models import (
    SUBJECTS,
    AdministrativeUnit,
    Authority,
    Cluster,
    Decision,
    DecisionRelation,
    Effect,
    EffectPlace,
    Investor,
    OperatingReport,
    SourceDocument,
)
from tests.publication.oracle import Key, Plain

MARK = re.compile(r"m\d+\b")

#: (earliest, latest) as papers state them: days, a month, a year, "by June 2023", nothing, and the future.
DATES: list[tuple[date | None, date | None]] = [
    (date(2022, 1, 18), date(2022, 1, 18)),
    (date(2022, 2, 23), date(2022, 2, 23)),
    (date(2022, 3, 14), date(2022, 3, 14)),
    (date(2022, 3, 31), date(2022, 3, 31)),
    (date(2022, 3, 1), date(2022, 3, 31)),
    (date(2022, 1, 1), date(2022, 12, 31)),
    (None, date(2023, 6, 30)),
    (None, None),
    (date(2026, 1, 12), date(2026, 1, 12)),
    (date(2026, 1, 14), date(2026, 1, 14)),
    (date(2026, 1, 17), date(2026, 1, 17)),
    (date(2031, 5, 1), date(2031, 5, 1)),
]
CODES = [
    "established", "planned", "policy_approved", "expanded", "revoked", "annulled", "adjusted",
    "removed_from_plan", "developer_appointed", "investor_approved", None,
]  # fmt: skip
RELATIONS = ["revokes", "annuls", "replaces", "annuls", "revokes", "amends", "corrects", "based_on"]
RENAMED = ["cluster", "investor", "cluster", "investor", "place", "source", "authority", "zone", "project", "sector",
           "indicator"]  # fmt: skip
STATUSES = ["operating", "building", "suspended", "not_operating"]
Numbers = Sequence[int]


def staff() -> None:
    """The accounts: one who may approve, one who may not."""
    for name in ("clerk", "leader"):
        User.objects.get_or_create(username=name)
    User.objects.get(username="leader").user_permissions.add(Permission.objects.get(codename="approve"))


class Desk:
    def __init__(self) -> None:
        staff()
        self.drafts: dict[Key, Plain] = {}  # what stands in the working tables
        self.marks = 0
        for what in ("Xã", "Huyện"):
            self._new(AdministrativeUnit, name=self.mark(what), unit_kind="commune")
        self._new(SourceDocument, name=self.mark("Báo"))
        self._new(Authority, name=self.mark("Ủy ban"), level="city")

    def mark(self, what: str) -> str:
        self.marks += 1
        return f"{what} m{self.marks}"

    def of_kind(self, kind: str) -> list[Key]:
        return sorted(key for key in self.drafts if key[0] == kind)

    def one(self, kind: str, number: int) -> Key | None:
        keys = self.of_kind(kind)
        return keys[number % len(keys)] if keys else None

    def row(self, key: Key) -> Any:
        return SUBJECTS[key[0]]._default_manager.get(pk=key[1])

    def _new(self, model: type[models.Model], **fields: Any) -> Key:
        with recorded(actor="clerk"):
            row: Any = model(code=f"{model.kind[:2]}-{self.marks}-{len(self.drafts)}", **fields)  # type: ignore[attr-defined]
            row.save()
        plain: Plain = {"code": row.code, "name": fields.get("name")}
        if row.kind == "place":
            plain |= {"valid_from": None, "valid_to": None}
        self.drafts[(row.kind, row.pk)] = plain
        return row.kind, row.pk

    def new_cluster(self, a: int, b: int, c: int) -> None:
        key = self._new(Cluster, name=self.mark("Cụm"))
        place = self.one("place", a)
        assert place is not None
        with recorded(actor="clerk"):
            self.row(key).places.add(place[1])
        self.drafts[key] |= {"places": [place[1]], "reports": []}

    def new_investor(self, a: int, b: int, c: int) -> None:
        key = self._new(Investor, name=self.mark("Công ty"))
        self.drafts[key] |= {"group": None, "registered_in": None, "capital": [], "citations": []}

    def new_decision(self, a: int, b: int, c: int) -> None:
        authority = self.one("authority", 0)
        assert authority is not None
        number = b % 9 or None
        symbol = f"QĐ-U{self.marks}" if number else ""
        abstract = self.mark("Về việc")
        key = self._new(Decision, abstract=abstract, issuer_id=authority[1], number=number, symbol=symbol)
        self.drafts[key] |= {
            "abstract": abstract,
            "number": number, "symbol": symbol, "issuer": authority[1], "effects": [], "relations": [],
            "issued": None, "issued_earliest": None, "effective": None, "effective_earliest": None,
        }  # fmt: skip
        self._date(key, "issued", a)
        self._add_effect(key, c, a, b)

    def date_decision(self, a: int, b: int, c: int) -> None:
        if key := self.one("decision", a):
            self._date(key, ("issued", "effective")[c % 2], b)

    def _date(self, key: Key, which: str, choice: int) -> None:
        earliest, latest = DATES[choice % len(DATES)]
        with recorded(actor="clerk"):
            row = self.row(key)
            setattr(row, f"{which}_earliest", earliest)
            setattr(row, f"{which}_latest", latest)
            row.effective_reason = "như văn bản ghi"
            row.save()
        self.drafts[key] |= {which: latest, f"{which}_earliest": earliest}

    def renumber(self, a: int, b: int, c: int) -> None:
        if key := self.one("decision", a):
            number, symbol = b % 9 or None, self.drafts[key]["symbol"] or self.mark("QĐ-U").replace(" ", "")
            with recorded(actor="clerk"):
                row = self.row(key)
                row.number, row.symbol = number, symbol
                row.save()
            self.drafts[key] |= {"number": number, "symbol": symbol}

    def add_effect(self, a: int, b: int, c: int) -> None:
        if key := self.one("decision", a):
            self._add_effect(key, b, c, a)

    def _add_effect(self, key: Key, a: int, b: int, c: int) -> None:
        cluster, zone = self.one("cluster", a), self.one("zone", a) if c % 4 == 3 else None
        if cluster is None:
            return
        effects = self.drafts[key]["effects"]
        plain: Plain = {
            "position": max([e["position"] for e in effects], default=0) + 1,
            "cluster": None if zone else cluster[1], "zone": zone and zone[1],
            "effect": CODES[b % len(CODES)], "as_stated": self.mark("lời"), "verified": c % 5 != 4,
            "target": None, "relation": None, "area": None, "name": "", "developer": None,
            "sectors": (), "places": (),
        }  # fmt: skip
        with recorded(actor="clerk"):
            row = Effect(decision_id=key[1])
            _fill(row, plain)
            row.save()
        plain["id"] = row.pk
        effects.append(plain)
        self._set_value(key, len(effects) - 1, a + b)

    def set_value(self, a: int, b: int, c: int) -> None:
        if (key := self.one("decision", a)) and (effects := self.drafts[key]["effects"]):
            self._set_value(key, b % len(effects), c)

    def _set_value(self, key: Key, index: int, choice: int) -> None:
        """Let an effect set one thing, or no longer."""
        plain = self.drafts[key]["effects"][index]
        what = ("area", "name", "developer", "sectors", "places", "verified", "effect", "wipe")[choice % 8]
        investor, place = self.one("investor", choice // 8), self.one("place", choice // 8)
        if what == "area":
            plain["area"] = str(10 + choice % 60)
        elif what == "name":
            plain["name"] = self.mark("Cụm đổi tên")
        elif what == "developer":
            plain["developer"] = investor[1] if investor else None
        elif what == "sectors":
            plain["sectors"] = (self.mark("ngành"), "cơ khí")
        elif what == "places" and place:
            plain["places"] = (place[1],)
        elif what == "verified":
            plain["verified"] = not plain["verified"]
        elif what == "effect" and plain["effect"] != "corrected":
            plain["effect"] = CODES[choice % len(CODES)]
        elif what == "wipe":
            plain |= {"area": None, "name": "", "developer": None, "sectors": (), "places": ()}
        self._save_effect(key, plain)

    def _save_effect(self, key: Key, plain: Plain) -> None:
        with recorded(actor="clerk"):
            row = Effect.objects.get(pk=plain["id"])
            _fill(row, plain)
            row.save()
            EffectPlace.objects.filter(effect=row).exclude(place_id__in=plain["places"]).delete()
            for place in plain["places"]:
                EffectPlace.objects.get_or_create(effect=row, decision_id=key[1], place_id=place)

    def aim_effect(self, a: int, b: int, c: int) -> None:
        """Point an effect to another one: to correct, end, amend or annul it."""
        key = self.one("decision", a)
        if key is None or not self.drafts[key]["effects"]:
            return
        effects = self.drafts[key]["effects"]
        plain = effects[b % len(effects)]
        others = [
            other["id"]
            for decision in self.of_kind("decision")
            for other in self.drafts[decision]["effects"]
            if other is not plain and (_object(other) == _object(plain) or c % 7 == 0)
        ]
        how = ("corrects", "ends", "annuls", "corrects", "amends", None)[c % 6]
        if not others or how is None:
            plain |= {"target": None, "relation": None}
            plain["effect"] = "adjusted" if plain["effect"] == "corrected" else plain["effect"]
        else:
            plain |= {"target": others[(b + c) % len(others)], "relation": "ends" if how == "annuls" else how}
            if how == "corrects":
                plain["effect"] = "corrected"
            elif how == "annuls":
                plain["effect"] = "annulled"
            elif plain["effect"] == "corrected":
                plain["effect"] = "adjusted"
        self._save_effect(key, plain)

    def drop_effect(self, a: int, b: int, c: int) -> None:
        key = self.one("decision", a)
        if key is None or not self.drafts[key]["effects"]:
            return
        effects = self.drafts[key]["effects"]
        plain = effects[b % len(effects)]
        if not Effect.objects.filter(target_id=plain["id"]).exists():
            with recorded(actor="clerk"):
                Effect.objects.get(pk=plain["id"]).delete()
            effects.remove(plain)

    def relate(self, a: int, b: int, c: int) -> None:
        """Let a decision revoke, annul, replace… another one, or no longer."""
        one, other = self.one("decision", a), self.one("decision", b)
        if one is None or other is None or one == other:
            return
        relations = self.drafts[one]["relations"]
        relation = RELATIONS[c % len(RELATIONS)]
        same = [r for r in relations if (r["relation"], r["target"]) == (relation, other[1])]
        with recorded(actor="clerk"):
            if same:
                DecisionRelation.objects.get(pk=same[0]["id"]).delete()
                relations.remove(same[0])
            else:
                row = DecisionRelation.objects.create(
                    decision_id=one[1], relation=relation, target_id=other[1]
                )
                relations.append({"id": row.pk, "relation": relation, "target": other[1]})

    def rename(self, a: int, b: int, c: int) -> None:
        """Correct a name: of a cluster or an investor, now and then of anything that others name."""
        kind = RENAMED[a % len(RENAMED)]
        if key := self.one(kind, b):
            with recorded(actor="clerk"):
                row = self.row(key)
                row.name = self.mark("Tên đúng")
                row.save()
            self.drafts[key]["name"] = row.name

    def report(self, a: int, b: int, c: int) -> None:
        cluster, source = self.one("cluster", a), self.one("source", 0)
        latest = DATES[b % len(DATES)][1]
        if cluster is None or source is None or latest is None:
            return
        status = STATUSES[c % len(STATUSES)]
        with recorded(actor="clerk"):
            row = OperatingReport.objects.create(
                cluster_id=cluster[1],
                as_of_latest=latest,
                status=status,
                source_id=source[1],
                locator="đoạn 1",
            )
        report = {"id": row.pk, "as_of": latest, "status": status, "source": source[1]}
        self.drafts[cluster]["reports"].append(report)

    def end_place(self, a: int, b: int, c: int) -> None:
        if key := self.one("place", a):
            ends = DATES[b % len(DATES)][1]
            with recorded(actor="clerk"):
                row = self.row(key)
                row.valid_to = ends
                row.save()
            self.drafts[key]["valid_to"] = ends


def _object(effect: Plain) -> tuple[int | None, int | None]:
    return effect["cluster"], effect["zone"]


def _fill(row: Effect, plain: Plain) -> None:
    row.position, row.cluster_id, row.zone_id = plain["position"], plain["cluster"], plain["zone"]
    row.effect_code, row.as_stated = plain["effect"], plain["as_stated"]
    row.verification = "verified" if plain["verified"] else "to_be_verified"
    row.target_id, row.target_relation = plain["target"], plain["relation"]
    row.area_ha = Decimal(plain["area"]) if plain["area"] else None
    row.name, row.developer_id = plain["name"], plain["developer"]
    row.sectors = "\n".join(plain["sectors"])


def names_in(kind: str, plain: Plain, papers: bool = False) -> set[Key]:
    """The subjects that the content of a cluster or decision names; with `papers` other decisions too."""
    if kind == "cluster":
        sources = {("source", report["source"]) for report in plain["reports"]}
        return {("place", place) for place in plain["places"]} | sources
    if kind != "decision":
        return set()
    found: set[Key] = {("authority", plain["issuer"])}
    for effect in plain["effects"]:
        found |= {(kind, effect[kind]) for kind in ("cluster", "zone") if effect[kind]}
        found |= {("place", place) for place in effect["places"]}
        found |= {("investor", effect["developer"])} if effect["developer"] else set()
    if papers:
        found |= {("decision", relation["target"]) for relation in plain["relations"]}
    return found
