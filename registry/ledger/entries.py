"""Where the ledger stands."""

from registry.models.ledger import LedgerEntry


def head(subject: str | None = None) -> tuple[int, str]:
    """Number and hash of the last entry, of all or of one subject (`kind:pk`); (0, "") when there is none."""
    entries = LedgerEntry.objects.order_by("-seq")
    if subject is not None:
        entries = entries.filter(subject=subject)
    return entries.values_list("seq", "hash").first() or (0, "")
