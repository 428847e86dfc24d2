"""The proof fails when it should: a wrong classification, day, number, link or text, a member of a list that is
invented or stands in the place of another, in any record of the seed.

Each is put into a copy of the record's content, where its documents then no longer prove it (`how_stated`: the seed
rests on nothing that is only not contradicted). What the documents' own words leave open is listed here, by name. What
is not tried: a name cut short or told at more length, which is how papers shorten names; a list with a member less,
since each of the others is still stated; how exact a figure is meant, which tests/rules/test_citations.py tries.
"""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import models

from registry.models import SUBJECTS
from registry.models.sources import CITED
from registry.queries.contents import children_of, contents
from registry.rules.composition.values import VALUES
from registry.rules.provenance import FIELDS, ROWS, Value, cited_in, field_of, holds, how_stated
from registry.rules.provenance import values as values_of

pytestmark = pytest.mark.usefixtures("whole_seed")

#: Texts of which each line, or sentence, is a value of its own, with one that no document has.
INVENTED = {
    "products": "\nMáy ép dầu lạc",
    "sectors": "\nĐúc đồng mỹ nghệ",
    "task": "\nTổ chức hội thi nấu ăn",
    "definition": " Số do ngành thuế cung cấp.",
}
#: Wrong codes that the words cited say as well as the right one.
OPEN = {
    # “Tập đoàn LG (Hàn Quốc) với tổng vốn đầu tư đăng ký”: both are said.
    ("investor:tap-doan-lg", "capital.1.measure"): {"registered", "announced"},
    # One phrase for both: “miễn, giảm tiền thuê đất”.
    ("incentive:tien-thue-dat", "terms.1.kind"): {"reduction"},
    ("incentive:tien-thue-dat", "terms.2.kind"): {"exemption"},
}
#: Members that the words cited name as well.
OPEN_MEMBERS = {
    # The words for a commune name its district: “xã Hồng Phong, huyện An Dương”.
    ("cluster:phu-tro-trang-due", "places"): {"huyen-an-duong"},
    ("cluster:le-thien-dai-ban", "places"): {"huyen-an-duong"},
    # Those for its products name the whole industry: “sản phẩm công nghiệp hỗ trợ”.
    ("incentive:thue-thu-nhap-doanh-nghiep", "sectors"): {"cong-nghiep-ho-tro"},
    ("incentive:thue-nhap-khau", "sectors"): {"cong-nghiep-ho-tro"},
    ("incentive:tien-thue-dat", "sectors"): {"cong-nghiep-ho-tro"},
    ("incentive:mo-rong-danh-muc-san-pham-ho-tro", "sectors"): {"cong-nghiep-ho-tro"},
}
_LG = {"lg-innotek", "lg-display-viet-nam"}
#: Other records that the words cited name as well, by column, record and path.
OPEN_LINKS = {
    # An office of a ministry, and the ministry: both are said.
    ("Assignment.lead", "assignment:kien-nghi-uu-dai-vat-lieu-co-ban", "lead"): {"bo-cong-thuong"},
    # “LG” is the beginning of each of their names.
    ("Investor.group", "investor:lg-display-viet-nam", "group"): _LG,
    ("Investor.group", "investor:lg-innotek", "group"): _LG,
    # One list says both communes of a cluster and their district.
    **{
        ("AdministrativeUnit.within", f"place:{one}", "within"): set(both)
        for both in (
            ("xa-hong-phong-an-duong", "xa-an-hoa-an-duong"),
            ("xa-le-thien-an-duong", "xa-dai-ban-an-duong"),
        )
        for one in both
    },
    # Two communes of one name, of before and after 2025.
    ("PlaceSuccession.successor", "place:xa-an-tho", "successor"): {"xa-an-hung-an-duong"},
    ("PlaceSuccession.successor", "place:xa-tan-minh-den-2025", "successor"): {"xa-tan-minh-den-2025"},
    # “Hải Phòng” is the end of the project's name.
    **{
        ("IndicatorValue.project", f"indicator:{one}", "values.1.scope"): {"nha-may-lg-innotek-hai-phong"}
        for one in """
        so-du-an-fdi-con-hieu-luc von-fdi-con-hieu-luc ty-trong-cong-nghiep-ho-tro-trong-von-fdi
        ty-trong-o-to-may-moc-trong-von-fdi ty-trong-linh-vuc-uu-tien-trong-von toc-do-doi-moi-cong-nghe
        """.split()
    },
}


class Seed:
    """Every record of a fresh registry, and what each is called for the others."""

    def __init__(self):
        self.held = {}
        self.codes = {}
        for kind, model in SUBJECTS.items():
            self.codes |= {(kind, pk): code for pk, code in model._default_manager.values_list("pk", "code")}
            own = [pk for of, pk in self.codes if of == kind]
            self.held |= {(kind, pk): content for pk, content in contents(kind, own).items()}

    def content(self, kind, subject_id):
        return self.held.get((kind, subject_id))

    label = content

    def pointing(self, role, kind, subject_id):
        return []

    def records(self, kind):
        return [(f"{kind}:{self.codes[kind, pk]}", row) for (of, pk), row in self.held.items() if of == kind]

    def codes_of(self, column, members):
        return (
            members
            if isinstance(members, str)
            else [self.codes[column.related_model.kind, pk] for pk in members]
        )

    def stated(self, kind, value, content):
        return how_stated(kind, value, cited_in(content), VALUES[kind](self, content)) is True


@pytest.fixture(scope="module")
def seed(_loaded_whole_seed, django_db_blocker):
    with django_db_blocker.unblock():
        return Seed()


def tables(kind):
    """Each table of a kind: the rows it is in, their place in the content, its columns that can be mutated."""
    model = SUBJECTS[kind]
    below = {relation.get_accessor_name(): relation.related_model for relation in children_of(model)}
    yield model, None, FIELDS[kind]
    yield from ((below[rows.column], rows, rows.fields) for rows in ROWS.get(kind, ()) if not rows.quoting)


def rows_of(content, rows):
    return [content] if rows is None else content[rows.column]


COLUMNS = [
    (kind, table, rows, column, field)
    for kind in CITED
    for table, rows, fields in tables(kind)
    for column in (*table._meta.concrete_fields, *table._meta.local_many_to_many)
    if (field := field_of(column.name, fields)) is not None
]


def named(value):
    return f"{value[1].__name__}.{value[3].name}"


CODED = [
    one for one in COLUMNS if one[3].choices and "qualifier" not in one[3].name and one[3].name != "currency"
]
#: Parts of a value that parsers read, and countries, which are names.
OTHERWISE = {"capital_from", "currency", "number_family", "registered_in"}
CODED = [
    one
    for one in COLUMNS
    if one[3].choices and one[3].name not in OTHERWISE and not one[3].name.endswith("_qualifier")
]


@pytest.mark.parametrize(("kind", "table", "rows", "column", "field"), CODED, ids=map(named, CODED))
def test_a_classification_that_the_documents_do_not_state_is_reported(seed, kind, table, rows, column, field):
    passed, tried = {}, 0
    for record, content in seed.records(kind):
        copy = deepcopy(content)
        for row in rows_of(copy, rows):
            right = row[column.name]
            value = Value(field, rows, row)
            if not right:
                continue
            assert seed.stated(kind, value, copy), (record, value.path)
            for wrong, _ in column.flatchoices:
                if wrong == right:
                    continue
                row[column.name] = wrong
                tried += 1
                if seed.stated(kind, value, copy):
                    passed.setdefault((record, value.path), set()).add(wrong)
            row[column.name] = right
    called = "" if rows is None else rows.called
    assert passed == {
        (record, path): wrong
        for (record, path), wrong in OPEN.items()
        if record.startswith(f"{kind}:") and path.split(".")[0] == called and path.endswith(f".{field}")
    }
    assert tried or table.__name__ in ("DecisionRelation", "Effect", "Decision")


LISTED = [one for one in COLUMNS if isinstance(one[3], models.ManyToManyField) or one[3].name in INVENTED]


@pytest.mark.parametrize(("kind", "table", "rows", "column", "field"), LISTED, ids=map(named, LISTED))
def test_a_member_of_a_list_that_no_document_states_is_reported(seed, kind, table, rows, column, field):
    passed = []
    for record, content in seed.records(kind):
        copy = deepcopy(content)
        for row in rows_of(copy, rows):
            if not row[column.name]:
                continue
            value, right = Value(field, rows, row), row[column.name]
            for invented in _invented(seed, column, right, content):
                row[column.name] = invented
                if seed.stated(kind, value, copy):
                    passed.append((record, value.path, seed.codes_of(column, invented)))
            row[column.name] = right
    assert [one for one in passed if not OPEN_MEMBERS.get(one[:2], set()) & set(one[2])] == []


def _invented(seed, column, right, content):
    if isinstance(right, str):
        lines = right.splitlines()
        instead = ["\n".join([*lines[:i], "Máy ép dầu lạc", *lines[i + 1 :]]) for i in range(len(lines))]
        return [right + INVENTED[column.name], *instead]
    kind = column.related_model.kind
    others = [pk for (of, pk), _ in seed.held.items() if of == kind and pk not in right]
    # One that is cited elsewhere as well as one that nobody names: the first, the last and one between.
    some = {others[0], others[1], others[len(others) // 2], others[-1]}
    instead = [[*right[:i], other, *right[i + 1 :]] for i in range(len(right)) for other in some]
    return [[*right, other] for other in some] + instead


def passing(seed, kind, rows, column, field, mutations):
    """Which of the mutations of that column the seed's documents prove as well, by record and path; how many tried."""
    passed, tried = {}, 0
    for record, content in seed.records(kind):
        copy = deepcopy(content)
        for row in rows_of(copy, rows):
            value, right = Value(field, rows, row), row[column.name]
            for wrong in mutations(right, copy):
                row[column.name] = wrong
                if not holds(row, field):
                    continue
                tried += 1
                if seed.stated(kind, value, copy):
                    passed.setdefault((record, value.path), []).append(wrong)
            row[column.name] = right
    return passed, tried


DATED = [one for one in COLUMNS if isinstance(one[3], models.DateField)]


@pytest.mark.parametrize(("kind", "table", "rows", "column", "field"), DATED, ids=map(named, DATED))
def test_a_day_that_no_document_states_is_reported(seed, kind, table, rows, column, field):
    def others(right, content):
        if right is None:
            return ["2020-02-03"]
        day = date.fromisoformat(right)
        return [*((day + timedelta(days)).isoformat() for days in (-366, -31, -1, 1, 31, 366)), None]

    assert passing(seed, kind, rows, column, field, others)[0] == {}


#: The database derives it from the day of signing, and refuses any other year: `decision_number_year`.
DERIVED = {"number_year"}
NUMBERED = [
    one
    for one in COLUMNS
    if isinstance(one[3], models.IntegerField | models.DecimalField) and one[3].name not in DERIVED
]


@pytest.mark.parametrize(("kind", "table", "rows", "column", "field"), NUMBERED, ids=map(named, NUMBERED))
def test_a_number_that_no_document_states_is_reported(seed, kind, table, rows, column, field):
    def others(right, content):
        if right is None:
            return [7 if isinstance(column, models.IntegerField) else "7"]
        found = [Decimal(right) + 1, Decimal(right) * 10]
        return [int(one) if isinstance(right, int) else str(one) for one in found]

    assert passing(seed, kind, rows, column, field, others)[0] == {}


LINKED = [
    one
    for one in COLUMNS
    if isinstance(one[3], models.ForeignKey) and getattr(one[3].related_model, "kind", None) is not None
]


@pytest.mark.parametrize(("kind", "table", "rows", "column", "field"), LINKED, ids=map(named, LINKED))
def test_a_link_to_another_record_is_reported(seed, kind, table, rows, column, field):
    of = column.related_model.kind

    def others(right, content):
        # Another of the same rows is stated, for that row.
        named_too = [row[column.name] for row in rows_of(content, rows)]
        return [pk for (other, pk) in seed.held if other == of and pk not in named_too]

    passed, tried = passing(seed, kind, rows, column, field, others)
    found = {key: {seed.codes[of, pk] for pk in wrong} for key, wrong in passed.items()}
    assert found == {
        (record, path): wrong
        for (name, record, path), wrong in OPEN_LINKS.items()
        if name == f"{table.__name__}.{column.name}"
    }
    assert tried or table.__name__ == "DecisionRelation"


WRITTEN = [
    one for one in COLUMNS if isinstance(one[3], models.CharField | models.TextField) and not one[3].choices
]


@pytest.mark.parametrize(("kind", "table", "rows", "column", "field"), WRITTEN, ids=map(named, WRITTEN))
def test_a_text_that_no_document_states_is_reported(seed, kind, table, rows, column, field):
    passed, _ = passing(seed, kind, rows, column, field, lambda right, content: ["Khác hẳn"])
    assert passed == {}


def test_the_decisions_of_a_double_name_are_not_those_of_its_half(seed):
    codes = {code: pk for (kind, pk), code in seed.codes.items() if kind == "cluster"}
    tried = 0
    for record, content in seed.records("decision"):
        copy = deepcopy(content)
        for row in copy["effects"]:
            if row["cluster"] == codes["dung-tien-giang-bien"]:
                row["cluster"] = codes["giang-bien"]
                tried += 1
                (rows,) = (one for one in ROWS["decision"] if one.column == "effects")
                assert not seed.stated("decision", Value("cluster", rows, row), copy), record
    assert tried == 2


def test_every_value_of_the_seed_is_proved(seed):
    for kind in CITED:
        for record, content in seed.records(kind):
            for value in values_of(kind, content):
                assert seed.stated(kind, value, content), (record, value.path)


def test_a_value_whose_citations_are_taken_away_is_reported(seed):
    for kind in CITED:
        for record, content in seed.records(kind):
            bare = content | {"citations": []}
            for value in values_of(kind, bare):
                assert not seed.stated(kind, value, bare), (record, value.path)


@pytest.mark.parametrize("unit", ["hộ", "VND", "ha"])
def test_a_unit_that_no_document_states_is_reported(seed, unit):
    for record, content in seed.records("indicator"):
        other = content | {"unit": unit}
        assert not seed.stated("indicator", Value("unit", None, other), other), record
