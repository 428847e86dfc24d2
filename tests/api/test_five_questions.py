"""What a partner asks, answered by the API alone: whoever asks has a key and the description, and knows no code.

The answers stand here in full, as somebody wrote them down from the three documents.
"""

from typing import Any

import pytest

VNECONOMY = "vneconomy-2023-10"
VIETNAMNET = "vietnamnet-2358339"
ARTICLE_2025 = "bai-nghi-quyet-57-2025"
OURS = "cach-doc-tai-lieu"


class Asker:
    """Asks only what `schema/`, which needs no key, describes; follows only codes that answers gave."""

    def __init__(self, partner: Any) -> None:
        self.partner = partner
        self.described = partner.client.get("/api/v1/schema/").json()["paths"]
        self.seen: set[str] = set()

    def list(self, resource: str, **asked: str) -> list[dict[str, Any]]:
        operation = self.described[f"/api/v1/{resource}/"]["get"]
        known = {p["name"]: p["schema"] for p in operation["parameters"] if p["in"] == "query"}
        for name, value in asked.items():
            schema = known[name]
            codes = schema.get("items", schema).get("enum")
            told = set(codes) if codes else self.seen
            assert name == "search" or set(value.split(",")) <= told, f"{name}={value} was told nowhere"
        found = self.partner.results(f"{resource}/?" + "&".join(f"{n}={v}" for n, v in asked.items()))
        self.seen |= set(codes_in(found))
        return found

    def one(self, resource: str, **asked: str) -> dict[str, Any]:
        (found,) = self.list(resource, **asked)
        return found

    def read(self, resource: str, code: str) -> dict[str, Any]:
        assert f"/api/v1/{resource}/{{code}}/" in self.described
        assert code in self.seen
        body: dict[str, Any] = self.partner.read(f"{resource}/{code}/")
        self.seen |= set(codes_in(body))
        return body


def codes_in(body: Any) -> list[str]:
    match body:
        case dict():
            own = [body[key] for key in ("code", "id") if isinstance(body.get(key), str)]
            return own + [code for value in body.values() for code in codes_in(value)]
        case list():
            return [code for value in body for code in codes_in(value)]
    return []


@pytest.fixture
def asker(whole_seed, partner) -> Asker:
    return Asker(partner)


def said(row: dict[str, Any], *fields: str) -> list[tuple[str, str, str, str]]:
    """Who says so: document, paragraph, field, in its own words. Only of these fields, when some are named."""
    return [
        (cited["source"]["id"], cited["locator"], cited["field"], cited["as_stated"])
        for cited in row["sources"]
        if not fields or cited["field"] in fields
    ]


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


def test_which_figures_do_we_hold_for_pegatron_and_who_says_so(asker):
    pegatron = asker.one("investors", search="pegatron")
    assert pegatron["name"] == "Pegatron"
    figures = [
        (row["amount"], row["currency"], row["qualifier"], row["measure"], row["kind"], row["as_of"])
        for row in pegatron["capital"]
    ]
    assert figures == [
        (900_000_000, "USD", "exact", "group_total", "reported_total", "2023-12-31"),
        (1_000_000_000, "USD", "exact", "group_total", "reported_total", "2025-12-31"),
    ]
    assert [said(row, "amount") for row in pegatron["capital"]] == [
        [(VIETNAMNET, "đoạn 6", "amount", "900 triệu USD")],
        [(ARTICLE_2025, "đoạn 3", "amount", "1 tỷ USD")],
    ]
    # As of when is our reading of an article that does not say it of this figure, and told as ours.
    assert [said(row, "as_of") for row in pegatron["capital"]] == [
        [(OURS, f"{VIETNAMNET}, đoạn 5", "as_of", "đến hết năm 2023")],
        [(OURS, ARTICLE_2025, "as_of", "đến hết năm 2025")],
    ]
    assert pegatron["unsourced"] == []
    # They disagree, and neither is chosen; both are of the group as a whole, and there is nothing else.
    assert [row["rival"] for row in pegatron["capital"]] == [True, True]
    assert [row["project"] for row in pegatron["capital"]] == [None, None]
    assert (pegatron["projects"], pegatron["indicators"], pegatron["members"]) == ([], [], [])
    assert (pegatron["registered_in"], pegatron["capital_from"]) == (None, None)
    # Who that is.
    documents = [asker.read("sources", said(row, "amount")[0][0]) for row in pegatron["capital"]]
    assert [(one["publisher"], one["published_stated_as"]) for one in documents] == [
        ("VietNamNet", ""),
        (None, "năm 2025"),
    ]


def test_what_share_was_high_tech_in_2018_and_2023_and_what_is_the_target(asker):
    found = asker.list("indicators", search="cong+nghe+cao")
    assert names(found) == [
        "Tỷ trọng công nghệ cao, chế biến chế tạo, cảng biển và logistics trong tổng vốn đầu tư nước ngoài",
        "Tỷ trọng giá trị sản phẩm công nghiệp công nghệ cao trong công nghiệp chế biến, chế tạo",
    ]
    # Another share, of another whole: it stays by itself.
    assert [(v["value"], v["period"]["stated_as"]) for v in found[0]["values"]] == [(81, "2022-2023")]
    share = found[1]
    assert share["unit"] == "%"
    assert "không nói lại mẫu số" in share["definition"]
    assert [
        (v["kind"], v["value"], v["qualifier"], v["period"]["earliest"], v["period"]["latest"], v["scope"])
        for v in share["values"]
    ] == [
        ("actual", 43, "exact", "2018-01-01", "2018-12-31", "city"),
        ("actual", 60.6, "exact", "2023-01-01", "2023-12-31", "city"),
        ("target", 70, "over", None, "2030-12-31", "city"),
    ]
    assert [said(v, "value", "period") for v in share["values"]] == [
        [(ARTICLE_2025, "đoạn 7", "value", "43%"), (ARTICLE_2025, "đoạn 7", "period", "2018")],
        [(ARTICLE_2025, "đoạn 7", "value", "60,6%"), (ARTICLE_2025, "đoạn 7", "period", "2023")],
        [
            (ARTICLE_2025, "đoạn 11", "value", "trên 70%"),
            (ARTICLE_2025, "đoạn 11", "period", "đến năm 2030"),
        ],
    ]
    assert share["unsourced"] == []
    # A target is no value of today: asked for what is so, it stands apart by its kind.
    assert names(asker.list("indicators", search="cong+nghe+cao", kind="target")) == [share["name"]]


MATERIALS = [
    "Nguyên phụ liệu, vải và da thuộc",
    "Sản phẩm công nghiệp hỗ trợ ưu tiên phát triển",
    "Sản phẩm từ hóa dầu",
    "Thép chế tạo",
]


def test_which_tax_incentives_and_for_how_many_years(asker):
    found = asker.list("incentives", kind="corporate_income_tax,import_duty,land_rent")
    answer = {
        row["name"]: [(t["kind"], t["years"], t["rate_percent"]) for t in row["terms"]] for row in found
    }
    assert answer == {
        "Ưu đãi thuế thu nhập doanh nghiệp": [
            ("exemption", 4, None),
            ("reduction", 9, 50),
            ("rate", 15, 10),
        ],
        "Ưu đãi thuế nhập khẩu": [],
        "Miễn, giảm tiền thuê đất": [("exemption", None, None), ("reduction", None, None)],
    }
    tax = next(row for row in found if row["kind"] == "corporate_income_tax")
    assert [said(term, "years", "rate_percent") for term in tax["terms"]] == [
        [(VIETNAMNET, "đoạn 11", "years", "04 năm")],
        [(VIETNAMNET, "đoạn 11", "rate_percent", "50%"), (VIETNAMNET, "đoạn 11", "years", "09 năm")],
        [(VIETNAMNET, "đoạn 11", "rate_percent", "10%"), (VIETNAMNET, "đoạn 11", "years", "15 năm")],
    ]
    for row in found:
        assert (row["status"], row["in_force"], names(row["sectors"])) == ("in_force", True, MATERIALS)
        # The article names no law, so there is none; it does not say since when, so there is no day.
        assert (row["legal_basis"], row["valid_from"], row["valid_to"]) == ([], None, None)
        assert row["unsourced"] == []
        assert {(source, locator) for source, locator, _, _ in said(row)} == {
            (VIETNAMNET, "đoạn 10"),  # which products
            (VIETNAMNET, "đoạn 11"),
        }
    # What is planned is no incentive of today, and none of it is a tax.
    planned = asker.list("incentives", status="planned")
    assert sorted(names(planned)) == [
        "Bổ sung một số sản phẩm vào danh mục được ưu đãi",
        "Hỗ trợ nghiên cứu phát triển",
        "Hỗ trợ tín dụng",
        "Tạo điều kiện cho doanh nghiệp nhỏ và vừa",
    ]
    assert not any(row["in_force"] for row in planned)
    assert {term["years"] for row in planned for term in row["terms"]} == {None}
    assert {s[:2] for row in planned for s in said(row)} == {
        (VIETNAMNET, "đoạn 12"),
        (OURS, f"{VIETNAMNET}, đoạn 11 và 12"),  # to which list products are added
    }
    assert len(asker.list("incentives")) == len(found) + len(planned)


def test_who_was_told_to_do_what_for_trang_due(asker):
    cluster = asker.one("clusters", search="trang+due")
    zone = asker.one("zones", search="trang+due")
    assert (cluster["name"], zone["name"]) == ("Phụ trợ Tràng Duệ", "Khu công nghiệp Tràng Duệ")
    # The zone of that name is another thing: nobody was told to do anything for it.
    assert (zone["assignments"], asker.list("assignments", zone=zone["code"])) == ([], [])
    task = asker.one("assignments", cluster=cluster["code"])
    assert [one["code"] for one in cluster["assignments"]] == [task["code"]]
    assert task["kind"] == "task"
    assert task["asked_by"]["name"] == "Ủy ban nhân dân thành phố Hải Phòng"
    assert task["lead"]["name"] == "Sở Công Thương thành phố Hải Phòng"
    assert names(task["cooperating"]) == ["Ủy ban nhân dân huyện An Dương"]
    assert task["cooperating_others"] == "Các cơ quan liên quan"
    assert task["task"] == [
        "Lựa chọn chủ đầu tư xây dựng hạ tầng kỹ thuật",
        "Thành lập cụm công nghiệp",
        "Đầu tư xây dựng hạ tầng kỹ thuật",
        "Thu hút đầu tư vào cụm",
    ]
    assert sorted(names(task["clusters"])) == ["Lê Thiện-Đại Bản", "Phụ trợ Tràng Duệ"]
    assert [one["number"] for one in task["legal_basis"]] == ["68/2017/NĐ-CP", "66/2020/NĐ-CP"]
    assert task["unsourced"] == []
    # No paper and no day by which it is due are named.
    assert (task["decision"], task["due"]) == (None, None)
    assert (task["asked"]["earliest"], task["asked"]["latest"]) == (None, "2023-10-31")
    stated = said(task, "asked_by", "lead", "cooperating", "task", "legal_basis", "clusters")
    assert sorted(stated) == sorted(
        [
            (VNECONOMY, "đoạn 2", "asked_by", "UBND TP"),
            (VNECONOMY, "đoạn 2", "lead", "Sở Công Thương"),
            (VNECONOMY, "đoạn 2", "cooperating", "UBND huyện An Dương"),
            (VNECONOMY, "đoạn 2", "cooperating", "cơ quan liên quan"),
            (VNECONOMY, "đoạn 2", "task", "lựa chọn chủ đầu tư xây dựng hạ tầng kỹ thuật"),
            (VNECONOMY, "đoạn 2", "task", "thành lập cụm công nghiệp"),
            (VNECONOMY, "đoạn 2", "task", "đầu tư xây dựng hạ tầng kỹ thuật"),
            (VNECONOMY, "đoạn 2", "task", "thu hút đầu tư vào cụm công nghiệp"),
            (VNECONOMY, "đoạn 2", "legal_basis", "68/2017/NĐ-CP"),
            (VNECONOMY, "đoạn 2", "legal_basis", "66/2020/NĐ-CP"),
            (VNECONOMY, "đoạn 1", "clusters", "Cụm công nghiệp phụ trợ Tràng Duệ"),
            (VNECONOMY, "đoạn 1", "clusters", "Cụm công nghiệp Lê Thiện-Đại Bản"),
        ]
    )


def test_what_is_planned_in_the_south(asker):
    planned = {row["name"]: row for row in asker.list("zones", status="planned")}
    assert {name: row["kind"] for name, row in planned.items()} == {
        "Khu kinh tế ven biển phía Nam Hải Phòng": "economic_zone",
        "Cảng hàng không quốc tế Tiên Lãng": "airport",
        "Cảng nước sâu Nam Đồ Sơn": "seaport",
        "Khu thương mại tự do": "free_trade_zone",
    }
    south = asker.one("zones", search="phia+nam")
    assert south == planned["Khu kinh tế ven biển phía Nam Hải Phòng"]
    assert (south["area_ha"], south["area_high_ha"], south["area_qualifier"]) == (20000, None, "up_to")
    assert (ARTICLE_2025, "đoạn 8", "area_ha", "lên đến 20.000 ha") in said(south)
    assert {
        "Bán dẫn", "Công nghiệp công nghệ cao", "Kinh tế biển công nghệ cao", "Logistics", "Năng lượng tái tạo", "R&D",
    } <= set(names(south["sectors"]))  # fmt: skip
    assert {s[:2] for s in said(south, "sectors")} == {(ARTICLE_2025, "đoạn 8"), (ARTICLE_2025, "đoạn 9")}
    # With what it is to be linked, told by itself and by each of the three, and where that is stated.
    links = {
        "Cảng hàng không quốc tế Tiên Lãng": "Cảng hàng không quốc tế Tiên Lãng",
        "Cảng nước sâu Nam Đồ Sơn": "cảng nước sâu Nam Đồ Sơn",
        "Khu thương mại tự do": "Khu thương mại tự do",
    }
    assert {one["name"]: said(one) for one in south["linked_with"]} == {
        name: [(ARTICLE_2025, "đoạn 9", "linked_with", words)] for name, words in links.items()
    }
    for name, words in links.items():
        (back,) = planned[name]["linked_with"]
        assert back["code"] == south["code"]
        assert said(back) == [(ARTICLE_2025, "đoạn 9", "linked_with", words)]
    found = asker.list("zones", linked_with=south["code"])
    assert {row["name"] for row in found} == set(links)
    (standing,) = south["statuses"]
    assert (standing["position"], standing["status"]) == (1, "planned")
    assert (ARTICLE_2025, "đoạn 8", "status", "chủ trương thành lập") in said(standing)
    # The Prime Minister approved it by a paper of which neither number nor day is known: shown, never acted upon.
    (entry,) = south["timeline"]
    assert (entry["effect"], entry["as_stated"], entry["verification"], entry["on"]) == (
        None,
        "phê duyệt chủ trương thành lập",
        "to_be_verified",
        None,
    )
    paper = asker.one("decisions", zone=south["code"])
    assert (paper["id"], paper["number"], paper["issued_on"]) == (entry["decision"]["id"], None, None)
    assert paper["issuer"]["name"] == "Thủ tướng Chính phủ"
    assert (ARTICLE_2025, "đoạn 8", "issuer", "Thủ tướng") in said(paper)
    # Of the others the article gives a name and a kind, no area.
    for name, row in planned.items():
        assert {s[0] for s in said(row, "name", "kind")} == {ARTICLE_2025}, name
        # That the airport and the port are planned is our reading: the article calls the free-trade zone alone so.
        read_by_us = row["kind"] in ("airport", "seaport")
        stated = {s[0] for standing in row["statuses"] for s in said(standing, "status")}
        assert stated == {OURS if read_by_us else ARTICLE_2025}, name
        assert (row["projects"], row["assignments"], row["unsourced"]) == ([], [], []), name
        if row is not planned["Khu kinh tế ven biển phía Nam Hải Phòng"]:
            assert (row["area_ha"], row["area_qualifier"], row["timeline"]) == (None, None, []), name
            assert {s[1] for s in said(row, "name")} == {"đoạn 9"}, name
    # Nothing that stands is among them.
    assert "Khu công nghiệp Tràng Duệ" not in planned


def test_the_codes_that_the_questions_need_are_told_by_the_description(asker):
    with pytest.raises(AssertionError, match="told nowhere"):
        asker.list("assignments", cluster="phu-tro-trang-due")
    with pytest.raises(KeyError):
        asker.list("investors", country="KR")
