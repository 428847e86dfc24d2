"""Why an answer about a cluster says what it says: for each value the decision, the citations and the rule.

Read from the published answer alone, which names its decisions and its sources: what is explained is what was said.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from registry.rules.code_lists import CodeList

RULE = CodeList(
    "explanation_rule",
    "The rule by which a value of a cluster is what it is.",
    (
        (
            "stage_climbs",
            "Giai đoạn chỉ tiến lên: quy hoạch, chấp thuận chủ trương, thành lập; quyết định này đưa cụm lên bậc đó",
            "Stages only climb: planned, policy approved, established; this decision put it on that rung",
        ),
        (
            "stage_closed",
            "Quyết định bãi bỏ, hủy bỏ hoặc đưa ra khỏi quy hoạch chấm dứt các bậc trước",
            "A decision that revokes, annuls or removes from the plan ends the rungs before it",
        ),
        (
            "no_acting_decision",
            "Chưa có quyết định đã kiểm chứng nào đến ngày mà nói về điều này",
            "No verified decision that says so acts yet",
        ),
        (
            "last_acting_decision",
            "Quyết định sau cùng đang áp dụng mà nêu giá trị; đính chính thay giá trị mà nó đính chính",
            "The last acting decision that states it; a correction replaces the value it corrects",
        ),
        (
            "own_record",
            "Chưa có quyết định nào nêu: lấy ở hồ sơ của cụm trong sổ đăng ký",
            "No decision states it: the registry's own record of the cluster",
        ),
        (
            "last_report",
            "Báo cáo gần nhất đến ngày hỏi có nêu điều này; báo cáo không nêu thì không xóa báo cáo trước",
            "The last report by that day that tells it; one that does not tell it takes nothing back",
        ),
        (
            "no_report",
            "Đến ngày hỏi chưa có báo cáo nào nêu điều này",
            "No report by that day tells it",
        ),
        (
            "pointed_to",
            "Các bản ghi đã công bố có nêu cụm này",
            "The published records that name this cluster",
        ),
    ),
)

REASON = CodeList(
    "not_acting_reason",
    "Why what a paper says of a cluster is shown and does not act.",
    (
        ("effect_unknown", "Chưa rõ tác động của văn bản", "What the paper does is not known"),
        ("to_be_verified", "Chưa kiểm chứng", "It has not been verified"),
        ("undated", "Chưa rõ ngày", "Its day is not known"),
        (
            "overtaken",
            "Nay không giá trị nào theo văn bản này: văn bản khác đã đi tiếp, thay, đính chính, chấm dứt hoặc hủy bỏ",
            "No value follows from it now: other papers went further, or replaced, corrected, ended or annulled it",
        ),
    ),
)

_CLOSING = frozenset({"revoked", "annulled", "removed_from_plan"})
#: Values that decisions set: the member that names the decision, the field of its citations, the rule without one.
_DECIDED = {
    "legal_stage": ("legal_stage_decision", ("legal_stage",), "no_acting_decision"),
    "area_ha": ("area_decision", ("area_ha",), "no_acting_decision"),
    "developer": ("developer_decision", ("developer",), "no_acting_decision"),
    "name": ("name_decision", ("name",), "own_record"),
    "places": ("places_decision", ("places",), "own_record"),
    "sectors": ("sectors_decision", ("sectors",), "no_acting_decision"),
}


def explained(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each value of a cluster's answer with its decision, what the paper does, its citations and its rule."""
    return [*_decided(body), *_reported(body), *_others(body)]


def not_acting(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What papers say of the cluster and what no value follows from, with the reason."""
    setting = [body[member] for member, *_ in _DECIDED.values() if body.get(member)]
    found = []
    for entry in body["timeline"]:
        reason = _reason(entry)
        if reason is None and entry["decision"] not in setting:
            reason = "overtaken"
        if reason is not None:
            found.append({**entry, "reason": reason, "reason_label": REASON.labels(reason)})
    return found


def _reason(entry: Mapping[str, Any]) -> str | None:
    if entry["effect"] is None:
        return "effect_unknown"
    if entry["verification"] != "verified":
        return "to_be_verified"
    return "undated" if entry["on"] is None else None


def _decided(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for field, (member, cited, otherwise) in _DECIDED.items():
        # Answers of former releases name fewer decisions.
        decision = body.get(member)
        rule = "last_acting_decision" if decision else otherwise
        if decision and field == "legal_stage":
            rule = "stage_closed" if body["legal_stage"] in _CLOSING else "stage_climbs"
        # Corrections and annulments act on days before their own.
        told = [*body["timeline"], *body.get("later_papers", ())]
        papers = [entry for entry in told if decision and entry["decision"] == decision]
        yield _value(body, field, rule, decision, papers, cited)


def _reported(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    known = body["operating_status"] != "unknown"
    yield _value(
        body, "operating_status", "last_report" if known else "no_report", cited=("operating_status", "as_of")
    )
    yield _value(body, "occupancy", "last_report" if body["occupancy"] else "no_report", cited=("occupancy",))
    land = body.get("land")
    explained_land = _value(body, "land", "last_report" if land else "no_report")
    if land:
        explained_land["sources"] = [
            {
                "source": land["source"],
                "locator": land["locator"],
                "field": "land",
                "as_stated": land["as_stated"],
                "agrees": None,
                "decision": None,
                "shown": True,
            }
        ]
    yield explained_land


def _others(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield _value(body, "aliases", "own_record", cited=("aliases",))
    for field in ("projects", "indicators", "assignments"):
        yield _value(body, field, "pointed_to")


def _value(
    body: Mapping[str, Any],
    field: str,
    rule: str,
    decision: Mapping[str, Any] | None = None,
    papers: list[Mapping[str, Any]] | None = None,
    cited: tuple[str, ...] = (),
) -> dict[str, Any]:
    return {
        "field": field,
        "value": body.get(field),
        "rule": rule,
        "rule_label": RULE.labels(rule),
        "decision": decision,
        "papers": papers or [],
        "sources": [
            {"decision": None, "shown": True} | row
            for row in body["sources"]
            # Answers of former releases do not say which paper a decided value is from.
            if row["field"] in cited and row.get("shown", field not in _DECIDED)
        ],
        "unsourced": field in body["unsourced"],
    }
