"""The proof fails when it should: a wrong classification, an invented member of a list, in any record of the seed.

Each is put into a copy of the record's content, and the rule that readers, staff and the page ask must report it. What
the documents' own words leave open is listed here, by name.
"""

from copy import deepcopy

import pytest
from django.db import models

from registry.models import SUBJECTS
from registry.models.sources import CITED
from registry.queries.contents import children_of, contents
from registry.rules.composition.values import VALUES
from registry.rules.provenance import FIELDS, ROWS, Value, cited_in, field_of, how_stated
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
                    passed.append((record, value.path, invented))
            row[column.name] = right
    assert passed == []


def _invented(seed, column, right, content):
    if isinstance(right, str):
        return [right + INVENTED[column.name]]
    kind = column.related_model.kind
    others = [pk for (of, pk), _ in seed.held.items() if of == kind and pk not in right]
    # One that is cited elsewhere as well as one that nobody names: the first, the last and one between.
    return [[*right, other] for other in {others[0], others[len(others) // 2], others[-1]}]


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
