"""Everything that can be proved of the registry as it stands, in one report."""

from collections.abc import Iterable, Mapping

from django.db import connection

from registry.actions.rehearsal import edition_findings
from registry.ledger.verify import Report, verify


def prove(anchors: Mapping[int, str] | None = None, kept: Iterable[str] = ()) -> Report:
    """The ledger, whatever it vouches for, and what the API answers from; arguments and order as `verify`'s."""
    report = verify(connection, anchors, kept)
    report.problems += edition_findings()
    return report
