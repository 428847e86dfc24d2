from registry.models import LedgerEntry


def head(subject: str | None = None) -> tuple[int, str]:
    """Position and hash of the last entry, of the subject if one is named; (0, "") when there is none."""
    rows = LedgerEntry.objects.order_by("-seq")
    if subject is not None:
        rows = rows.filter(subject=subject)
    return rows.values_list("seq", "hash").first() or (0, "")
