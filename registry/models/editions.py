"""The published state in two clocks: one row for each stretch of publications and of days with one answer.

Derived from the statements alone; `rebuild_editions` makes them all again.
"""

from datetime import date

from django.db import models

from registry.models.checks import Check
from registry.models.fields import OrderField, SortKeyField, TermField

#: Half-open sentinels: no NULL, one shape of query.
FIRST_DAY = date(1, 1, 1)
OPEN_DAY = date(9999, 12, 31)
OPEN_SEQ = 2**63 - 1


class EditionQuerySet(models.QuerySet["Edition"]):
    def known_at(self, seq: int) -> "EditionQuerySet":
        return self.filter(known_from__lte=seq, known_to__gt=seq)

    def valid_on(self, day: date) -> "EditionQuerySet":
        return self.filter(valid_from__lte=day, valid_to__gt=day)


class Edition(models.Model):
    """What the registry says of one subject on [valid_from, valid_to), said by publications [known_from, known_to)."""

    subject_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    known_from = models.BigIntegerField()
    known_to = models.BigIntegerField(default=OPEN_SEQ)
    valid_from = models.DateField()
    valid_to = models.DateField()
    sort_key = SortKeyField()
    search_text = models.TextField(blank=True)
    etag = models.CharField(max_length=64)
    body = models.BinaryField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "known_from", "valid_from"], name="%(class)s_rectangle"
            ),
            Check(condition=models.Q(known_from__lt=models.F("known_to")), name="%(class)s_known"),
            Check(condition=models.Q(valid_from__lt=models.F("valid_to")), name="%(class)s_valid"),
        ]
        indexes = [
            models.Index(
                fields=["subject_id", "valid_from"],
                condition=models.Q(known_to=OPEN_SEQ),
                name="%(class)s_open",
            ),
            # What comes into effect on a day.
            models.Index(fields=["valid_from"], condition=models.Q(known_to=OPEN_SEQ), name="%(class)s_due"),
            models.Index(
                fields=["sort_key", "subject_id", "valid_from", "valid_to", "known_from", "known_to"],
                name="%(class)s_list",
            ),
            models.Index(fields=["code", "known_from"], name="%(class)s_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} [{self.valid_from}, {self.valid_to}) [{self.known_from}, {self.known_to})"


def _ordering(name: str, column: str) -> models.Index:
    """An index that is a list in order: it says of each edition whether it is in it before the edition is read."""
    fields = dict.fromkeys((column, "subject_id", "valid_from", "valid_to", "known_from", "known_to"))
    return models.Index(fields=list(fields), name=f"%(class)s_{name}")


class ClusterEdition(Edition):
    legal_stage = models.CharField(max_length=30)
    operating_status = models.CharField(max_length=30)
    developer_code = models.CharField(max_length=60, blank=True)
    #: 0 when unknown: a known area is above 0
    area_ha = models.DecimalField(max_digits=12, decimal_places=4, default=0)

    class Meta(Edition.Meta):
        indexes = [
            *Edition.Meta.indexes,
            _ordering("changed", "known_from"),
            # Which of its answers hold on a day: a cluster has one for each of many stretches, most of them long over.
            models.Index(fields=["valid_to", "known_to", "valid_from", "known_from"], name="%(class)s_until"),
        ]


class DecisionEdition(Edition):
    number = models.CharField(max_length=80, blank=True)
    issuer_code = models.CharField(max_length=60)
    paper_kind = models.CharField(max_length=30)
    #: the latest possible day of signing; 0001-01-01 when unknown
    issued_on = models.DateField(default=FIRST_DAY)
    verification = models.CharField(max_length=20)
    in_force = models.BooleanField(default=False)
    # What lists are ordered by, apart from what they are filtered by: see rules/composition/orders.py.
    symbol_order = OrderField()
    issuer_code_order = OrderField()
    issuer_name_order = OrderField()
    kind_order = OrderField()
    abstract_order = OrderField()
    issued_earliest_order = OrderField()
    effective_on_order = OrderField()
    in_force_order = OrderField()
    verification_order = OrderField()
    effects_cluster_name_order = OrderField()

    class Meta(Edition.Meta):
        # The orders in which decisions are listed.
        indexes = [
            *Edition.Meta.indexes,
            _ordering("issued", "issued_on"),
            _ordering("changed", "known_from"),
            _ordering("symbol", "symbol_order"),
            _ordering("issuer", "issuer_code_order"),
            _ordering("by", "issuer_name_order"),
            _ordering("kind", "kind_order"),
            _ordering("about", "abstract_order"),
            _ordering("earliest", "issued_earliest_order"),
            _ordering("effective", "effective_on_order"),
            _ordering("in_force", "in_force_order"),
            _ordering("verified", "verification_order"),
            _ordering("object", "effects_cluster_name_order"),
        ]


class WithCapital(models.Model):
    """The largest figure of capital shown, in whole units of each currency; 0 when none is."""

    capital_usd = models.BigIntegerField(default=0)
    capital_vnd = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class InvestorEdition(WithCapital, Edition):
    enterprise_code = models.CharField(max_length=14, blank=True)
    investor_kind = models.CharField(max_length=20, blank=True)
    group_code = models.CharField(max_length=60, blank=True)
    registered_in = models.CharField(max_length=2, blank=True)
    capital_from = models.CharField(max_length=2, blank=True)

    class Meta(Edition.Meta):
        pass


class AuthorityEdition(Edition):
    level = models.CharField(max_length=30)
    in_force = models.BooleanField(default=True)

    class Meta(Edition.Meta):
        pass


class PlaceEdition(Edition):
    unit_kind = models.CharField(max_length=30)
    in_force = models.BooleanField(default=True)

    class Meta(Edition.Meta):
        pass


class SourceEdition(Edition):
    class Meta(Edition.Meta):
        pass


class LegalInstrumentEdition(Edition):
    number = models.CharField(max_length=80, blank=True)
    instrument_kind = models.CharField(max_length=30)
    in_force = models.BooleanField(default=True)

    class Meta(Edition.Meta):
        pass


class ZoneEdition(Edition):
    zone_kind = models.CharField(max_length=30)
    status = models.CharField(max_length=20)
    #: 0 when unknown: a known area is above 0
    area_ha = models.DecimalField(max_digits=12, decimal_places=4, default=0)

    class Meta(Edition.Meta):
        pass


class SectorEdition(Edition):
    vsic_code = models.CharField(max_length=6, blank=True)

    class Meta(Edition.Meta):
        pass


class ProjectEdition(WithCapital, Edition):
    project_code = models.CharField(max_length=10, blank=True)
    investor_code = models.CharField(max_length=60, blank=True)
    zone_code = models.CharField(max_length=60, blank=True)
    cluster_code = models.CharField(max_length=60, blank=True)

    class Meta(Edition.Meta):
        pass


class IndicatorEdition(Edition):
    class Meta(Edition.Meta):
        pass


class IncentiveEdition(Edition):
    incentive_kind = models.CharField(max_length=30)
    status = models.CharField(max_length=20)
    in_force = models.BooleanField(default=True)

    class Meta(Edition.Meta):
        pass


class AssignmentEdition(Edition):
    assignment_kind = models.CharField(max_length=20)
    asked_by_code = models.CharField(max_length=60, blank=True)
    lead_code = models.CharField(max_length=60, blank=True)
    #: the latest day by which it is due; 0001-01-01 when unknown
    due_on = models.DateField(default=FIRST_DAY)

    class Meta(Edition.Meta):
        pass


class EditionTerm(models.Model):
    """What one edition is found by besides its columns: a place of a cluster, a cluster of a decision, a word.

    row: the position of the numbered row that says so; 0: the record as a whole.
    """

    kind = models.CharField(max_length=20)
    edition_id = models.BigIntegerField()
    term = models.CharField(max_length=30)
    value = TermField(max_length=60)
    row = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # From a value to its editions.
            models.UniqueConstraint(fields=["kind", "term", "value", "edition_id", "row"], name="term_once")
        ]
        # From an edition to its values.
        indexes = [models.Index(fields=["kind", "edition_id", "term", "value"], name="term_edition")]

    def __str__(self) -> str:
        return f"{self.kind} {self.term}={self.value}"


EDITIONS: dict[str, type[Edition]] = {
    "assignment": AssignmentEdition,
    "authority": AuthorityEdition,
    "cluster": ClusterEdition,
    "decision": DecisionEdition,
    "incentive": IncentiveEdition,
    "indicator": IndicatorEdition,
    "investor": InvestorEdition,
    "legal_instrument": LegalInstrumentEdition,
    "place": PlaceEdition,
    "project": ProjectEdition,
    "sector": SectorEdition,
    "source": SourceEdition,
    "zone": ZoneEdition,
}
