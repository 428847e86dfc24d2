"""What the database itself refuses, whoever asks. A migration that remakes one of these tables must put it back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from registry.ledger.context import recorded
from registry.models import InvestorEdition, Publication, Statement
from tests.publication.office import Office

pytestmark = pytest.mark.django_db


def refused(write: Callable[[], object]) -> bool:
    try:
        with recorded(actor="clerk"), transaction.atomic():
            write()
    except DatabaseError:
        return True
    return False


@pytest.fixture
def office() -> Office:
    office = Office()
    office.new_investor(0, 0, 0)
    office.publish_all(0, 0, 0)
    return office


def statement(seq: int) -> Statement:
    return Statement(
        publication_id=seq, kind="investor", subject_id=99, code="gia", content_version=1, content="{}"
    )


def test_a_statement_cannot_be_added_to_an_old_publication(office: Office) -> None:
    assert office.head == 2
    assert refused(lambda: statement(1).save())
    assert refused(lambda: Statement.objects.bulk_create([statement(1)]))
    assert not refused(lambda: statement(2).save())


def next_publication(office: Office, seq: int, later: timedelta) -> Publication:
    last = Publication.objects.get(seq=office.head)
    return Publication(seq=seq, at=last.at + later, proposed_by="x", composer=1, ledger_seq=1, ledger_hash="")


@pytest.mark.parametrize(("seq", "later"), [(4, 1), (2, 1), (1, 1), (0, 1), (3, 0), (3, -1)])
def test_a_publication_that_does_not_follow_the_last_one_is_refused(
    office: Office, seq: int, later: int
) -> None:
    publication = next_publication(office, seq, timedelta(microseconds=later))
    assert refused(lambda: publication.save(force_insert=True))


def test_a_publication_that_follows_the_last_one_is_taken(office: Office) -> None:
    publication = next_publication(office, 3, timedelta(microseconds=1))
    assert not refused(lambda: publication.save(force_insert=True))


@pytest.mark.parametrize("table", [Publication, Statement])
def test_what_was_published_is_neither_changed_nor_removed(
    office: Office, table: type[Publication] | type[Statement]
) -> None:
    rows = table._default_manager.all()
    field = "reason" if table is Publication else "content"
    assert refused(lambda: rows.update(**{field: "khác"}))
    assert refused(lambda: rows._raw_delete(rows.db))
    assert rows.count() >= 2


def test_two_editions_of_a_subject_cannot_overlap_in_both_clocks(office: Office) -> None:
    row = InvestorEdition.objects.get()
    day = date(2022, 1, 1)

    def twin(**changes: object) -> None:
        values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "id"}
        InvestorEdition.objects.create(**values | changes)

    assert refused(lambda: twin(known_from=3, valid_from=day))
    assert refused(lambda: twin(known_from=1, valid_from=day))
    assert not refused(lambda: twin(known_from=1, known_to=2))
    assert not refused(lambda: twin(subject_id=row.subject_id + 1))
    assert refused(lambda: InvestorEdition.objects.filter(known_to=2).update(known_to=3))


@pytest.mark.parametrize(
    "empty",
    [{"known_to": 2}, {"valid_to": date(1, 1, 1)}, {"known_to": 1}],
    ids=["known", "valid", "backward"],
)
def test_an_edition_that_covers_nothing_is_refused(office: Office, empty: dict[str, object]) -> None:
    assert refused(lambda: InvestorEdition.objects.update(**empty))
