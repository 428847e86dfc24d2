"""What a record as a whole must say before it is published, where no single row can tell."""

from collections.abc import Mapping
from typing import Any

from registry.rules.problems import Problem
from registry.rules.provenance import ROWS

#: Scope of a value → the list of records that it is about.
_LISTED = {"clusters": "clusters", "zones": "zones"}


def refuse_incomplete(kind: str, content: Mapping[str, Any]) -> None:
    """Raises Problem: citation_row_missing, scope_unlisted, scope_not_listed. `content`: what would be published."""
    if lost := cited_and_missing(kind, content):
        raise Problem(
            "citation_row_missing",
            f"Có trích nguồn cho dòng số {lost[0]}, nhưng bản ghi không có dòng đó. "
            "Hãy sửa dòng số ở phần nguồn, hoặc xóa trích nguồn ấy.",
        )
    if kind == "indicator":
        for row in content["values"]:
            _refuse_scope(row)


def cited_and_missing(kind: str, content: Mapping[str, Any]) -> list[int]:
    """Numbers of rows that citations name and the record does not have, ascending."""
    there = {row["position"] for rows in ROWS.get(kind, ()) if rows.called for row in content[rows.column]}
    return sorted({row["row_position"] for row in content.get("citations", ())} - there - {None})


def _refuse_scope(row: Mapping[str, Any]) -> None:
    """A value of some clusters, or of some zones, names them; a value of another scope names none.

    All zones of the city are a set of zones that nobody lists: the scope `zones` may be empty.
    """
    wanted = _LISTED.get(row["scope"])
    if wanted == "clusters" and not row["clusters"]:
        raise Problem(
            "scope_unlisted",
            f"Số liệu thứ {row['position']} có phạm vi là một số cụm công nghiệp nhưng chưa chọn cụm nào. "
            "Hãy chọn các cụm hoặc đổi phạm vi.",
        )
    for listed in set(_LISTED.values()) - {wanted}:
        if row[listed]:
            what = "cụm công nghiệp" if listed == "clusters" else "khu"
            raise Problem(
                "scope_not_listed",
                f"Số liệu thứ {row['position']} có chọn {what} nhưng phạm vi lại khác. "
                f"Hãy bỏ chọn {what} hoặc đổi phạm vi.",
            )
