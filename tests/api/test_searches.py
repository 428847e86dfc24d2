"""One search over all kinds: what it finds, in which order, page by page, for whom."""

import orjson
import pytest

from registry.actions.publish import publish_seed
from registry.api.searches import heading
from registry.ledger.context import recorded
from registry.models import Cluster, DecisionEdition, Investor
from registry.queries import searches, shelves
from registry.rules.shelves import FIRST, LAST
from registry.rules.text import search_words
from tests.api.conftest import NOW, Partner, found_clusters, queries
from tests.keys import new_key
from tests.world import AT


def results(partner, query):
    return [(row["resource"], row["code"], row["fit"]) for row in partner.results(f"search/?{query}")]


def test_a_name_is_found_whatever_its_accents_with_the_best_fit_first(seeded, partner):
    found = results(partner, "q=giang+bien")
    assert found[0] == ("clusters", "giang-bien", "exact")
    assert ("clusters", "dung-tien-giang-bien", "words") in found
    assert found == results(partner, "q=GIANG%20BI%C3%8AN")
    assert results(partner, "q=dung+tien&resource=clusters") == [
        ("clusters", "dung-tien-giang-bien", "begins")
    ]


@pytest.mark.parametrize("spelling", ["607/QĐ-UBND", "607/qd-ubnd", "0607 / QD - UBND"])
def test_a_paper_is_found_by_its_number_in_any_spelling_before_whatever_names_it(seeded, partner, spelling):
    first, *_ = partner.client.get("/api/v1/search/", {"q": spelling}).json()["results"]
    assert (first["resource"], first["name"], first["fit"]) == ("decisions", "607/QĐ-UBND", "exact")
    assert partner.read(first["url"])["number"] == "607/QĐ-UBND"


def test_every_word_must_be_there_and_a_word_may_go_on(seeded, partner):
    assert [code for _, code, _ in results(partner, "q=gia+bi&resource=clusters")] == [
        "dung-tien-giang-bien",
        "giang-bien",
    ]
    assert results(partner, "q=giang+khong") == []
    assert results(partner, "q=iang") == []


@pytest.mark.parametrize("few", [searches.FEW, 2])
def test_pages_hold_everything_once_forwards_and_backwards(seeded, partner, at, monkeypatch, few):
    monkeypatch.setattr(searches, "FEW", few)
    found_clusters([f"Quế {number}" for number in range(1, 12)], at(2026, 2, 1))
    at(2026, 2, 2)
    whole = partner.read("search/?q=que&page_size=1000")["results"]
    assert len(whole) == 11
    page = partner.read("search/?q=que&page_size=3")
    walked = [page["results"]]
    while page["next"]:
        page = partner.read(page["next"])
        walked.append(page["results"])
    assert [row for rows in walked for row in rows] == whole
    back = [page["results"]]
    while page["previous"]:
        page = partner.read(page["previous"])
        back.append(page["results"])
    assert back == walked[::-1]


def test_both_ways_of_searching_find_the_same(seeded, partner, monkeypatch):
    asked = ["q=giang", "q=u", "q=quyet+dinh", "q=hai+phong", "q=t+c"]
    ranked = [{row[:2] for row in results(partner, query)} for query in asked]
    monkeypatch.setattr(searches, "FEW", 1)
    assert [{row[:2] for row in results(partner, query)} for query in asked] == ranked
    assert any(ranked)


@pytest.mark.parametrize("query", ["q=tien+giang", "q=qd+u"])
def test_what_has_words_that_hardly_ever_stand_together_is_found_from_the_words(
    seeded, partner, monkeypatch, query
):
    """The same, in the same order, there and back, as when one record after the other is asked for them."""
    found = {row[:2] for row in results(partner, f"{query}&page_size=1000")}
    assert len(queries(partner, f"search/?{query}")) <= 5
    monkeypatch.setattr(searches, "FEW", 2)
    walks = []
    for many in (0, searches.MANY):
        monkeypatch.setattr(searches, "MANY", many)
        whole = results(partner, f"{query}&page_size=1000")
        assert {row[:2] for row in whole} == found
        page = partner.read(f"search/?{query}&page_size=2")
        pages = [page["results"]]
        while page["next"]:
            page = partner.read(page["next"])
            pages.append(page["results"])
        back = [page["results"]]
        while page["previous"]:
            page = partner.read(page["previous"])
            back.append(page["results"])
        assert back == pages[::-1]
        assert [(row["resource"], row["code"], row["fit"]) for rows in pages for row in rows] == whole
        walks.append(pages)
    assert walks[0] == walks[1]
    asked = queries(partner, f"search/?{query}&page_size=1000")
    assert len(asked) <= 7
    assert any("INTERSECT" in one["sql"] for one in asked)


def test_a_search_follows_both_clocks(seeded, partner, at):
    with recorded(actor="seed"):
        seeded.tien_phat.name = "Công ty Vạn Xuân"
        seeded.tien_phat.save()
    publish_seed([seeded.tien_phat], at=at(2026, 2, 1), today=AT.date())
    at(2026, 2, 2)
    assert ("investors", "tien-phat", "words") in results(partner, "q=van+xuan")
    assert results(partner, "q=van+xuan&known_seq=1") == []
    assert results(partner, "q=giang&known_seq=0") == []


def test_a_draft_is_not_found(seeded, partner):
    with recorded(actor="lan"):
        Cluster.objects.create(name="Nháp Kín")
        Investor.objects.filter(code="tien-phat").update(name="Nháp Kín")
    assert results(partner, "q=nhap+kin") == []


def test_only_what_the_key_opens_is_found(seeded, db, at):
    some = Partner(new_key("Chỉ cụm", at=NOW, scopes=["clusters"])[1])
    every = Partner(new_key("Mọi thứ", at=NOW)[1])
    assert {row[0] for row in results(every, "q=giang")} >= {"clusters", "decisions"}
    assert {row[0] for row in results(some, "q=giang")} == {"clusters"}
    assert some.refused("search/?q=giang&resource=decisions", 403)["code"] == "scope_missing"
    assert some.get("search/?q=giang")["ETag"] != every.get("search/?q=giang")["ETag"]


def test_the_number_of_queries_does_not_grow_with_what_is_found(seeded, partner, at):
    found_clusters(["Mộc 1", "Mộc 2"], at(2026, 2, 1))
    partner.read("search/?q=moc")
    few = len(queries(partner, "search/?q=moc"))
    found_clusters([f"Mộc {number}" for number in range(3, 103)], at(2026, 2, 1, 4))
    assert len(results(partner, "q=moc&page_size=1000")) == 102
    assert len(queries(partner, "search/?q=moc&page_size=1000")) == few <= 5


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "parameter_missing"),
        ("q=", "parameter_empty"),
        ("q=a+b+c+d+e+f+g+h+i", "parameter_too_long"),
        ("q=a&resource=cluster", "code_unknown"),
        ("q=a&cursor=abc", "cursor_invalid"),
        ("q=a&ordering=name", "parameter_unknown"),
    ],
)
def test_what_cannot_be_searched_is_refused(seeded, partner, query, code):
    assert partner.refused(f"search/?{query}", 400)["code"] == code


def test_a_cursor_of_another_search_is_refused(seeded, partner):
    following = partner.read("search/?q=giang&page_size=1")["next"]
    assert partner.refused(following.replace("q=giang", "q=bien"), 400)["code"] == "cursor_mismatch"


def test_nothing_new_is_304(seeded, partner):
    tag = partner.get("search/?q=giang")["ETag"]
    assert partner.get("search/?q=giang", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("words", ["cum", "quyet+dinh", "q", "thanh+lap", "ubnd+2022", "u+khong"])
def test_a_list_searched_is_the_whole_list_without_what_lacks_the_words(seeded, partner, monkeypatch, words):
    """Wherever in the list the first and the last of them stand, page by page, there and back."""
    having = {row["id"] for row in partner.results(f"decisions/?search={words}&page_size=1000")}
    monkeypatch.setattr(searches, "FEW", 0)
    for ordering in ("issued_on", "-issued_on", "number"):
        whole = partner.results(f"decisions/?ordering={ordering}&page_size=1000")
        expected = [row["id"] for row in whole if row["id"] in having]
        page = partner.read(f"decisions/?search={words}&ordering={ordering}&page_size=4&count=true")
        assert page["count"] == len(expected)
        walked = [page["results"]]
        while page["next"]:
            page = partner.read(page["next"])
            walked.append(page["results"])
        assert [row["id"] for rows in walked for row in rows] == expected
        back = [page["results"]]
        while page["previous"]:
            page = partner.read(page["previous"])
            back.append(page["results"])
        assert back == walked[::-1]


def test_where_in_the_list_words_begin_and_end_is_known_from_the_words_alone(seeded, db, monkeypatch):
    """The months of the first and of the last decision that has each of them; of a short word, all there are."""
    kept = [(row, search_words(row.search_text)) for row in DecisionEdition.objects.all()]

    def months(word):
        found = [
            row.issued_on
            for row, words in kept
            if any(w == word or (w.startswith(word) and not word.isdecimal()) for w in words)
        ]
        return {f"{day.year:04}{day.month:02}" for day in found}

    for words in (
        ["cum"],
        ["giang"],
        ["q"],
        ["quyet", "dinh"],
        ["607", "qd"],
        ["tien", "giang"],
        ["cum", "khong"],
    ):
        each = [months(word) for word in words]
        ends = (max(map(min, each)), min(map(max, each))) if all(each) else None
        assert shelves.shelves_of("decision", words) == (ends if ends and ends[0] <= ends[1] else None), words
    monkeypatch.setattr(shelves, "MOST_BEGUN", 1)
    assert shelves.shelves_of("decision", ["t"]) == (FIRST, LAST)


def test_what_is_found_is_called_what_its_own_answer_says(seeded, partner):
    for row in partner.results("search/?q=t&page_size=1000") + partner.results("search/?q=q&page_size=1000"):
        body = partner.read(row["url"])
        assert row["name"] == (body.get("name") or body.get("number") or body.get("title"))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"code": "a", "name": 'Cụm "A\\"', "number": "1"}, 'Cụm "A\\"'),
        ({"code": "a", "name": "\\", "title": "x"}, "\\"),
        ({"id": "a", "name": None, "number": "1"}, "1"),
        ({"id": "a", "name": "", "title": "Báo cáo"}, "Báo cáo"),
        ({"id": "a", "number": None, "issuer": {"name": "B"}}, None),
        ({"id": "a", "issuer": {"code": "b", "name": "B"}, "name": "C"}, "C"),
    ],
)
def test_an_answer_is_called_by_its_name_wherever_it_stands(body, name):
    assert heading(orjson.dumps(body)) == name
