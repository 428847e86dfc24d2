"""`fields=` wherever there are results: those members and no others, on every page and in files."""

import json

import pytest

ASKED = {
    "search/?q=tien": ["code", "fit"],
    "changes/?limit=3": ["seq", "url"],
    "clusters/tien-cuong-ii/history/?page_size=1": ["seq", "news"],
    "land/available/?page_size=1": ["code"],
}


@pytest.mark.parametrize(("address", "fields"), ASKED.items())
def test_results_show_the_members_asked_for_and_no_others(seeded, partner, address, fields):
    whole = partner.results(address)
    assert whole or address.startswith("land")
    asked = f"{address}&fields={','.join(fields)}"
    assert partner.results(asked) == [{name: row[name] for name in row if name in fields} for row in whole]
    listed = asked.replace("limit=3&", "").replace("page_size=1&", "")
    rows = b"".join(partner.get(f"{listed}&format=jsonl").streaming_content).splitlines()
    assert [json.loads(row) for row in rows] == partner.results(asked)
    assert partner.refused(f"{address}&fields=nonsense", 400)["code"] == "field_unknown"
    assert partner.get(asked)["ETag"] != partner.get(address)["ETag"]


def test_an_explanation_shows_the_members_asked_for(seeded, partner):
    whole = partner.read("explain/clusters/tien-cuong-ii/")
    assert partner.read("explain/clusters/tien-cuong-ii/?fields=values") == {"values": whole["values"]}
    asked = [partner.get(f"explain/clusters/tien-cuong-ii/{query}") for query in ("", "?fields=values")]
    assert asked[0]["ETag"] != asked[1]["ETag"]
    assert partner.refused("explain/clusters/tien-cuong-ii/?fields=timeline", 400)["code"] == "field_unknown"
