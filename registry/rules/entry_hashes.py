"""What makes the hashes of the ledger's entries, for those who show them (docs/ledger.md).

`registry/ledger/verify_export.py` says the same: it is handed to auditors alone, and may import nothing of ours.
"""

from hashlib import sha256

#: What an entry's hash covers, in this order.
HASHED = (
    "prev", "seq", "at", "actor", "db_user", "reason", "request", "table_name", "row_id", "subject", "op",
    "before_digest", "after_digest",
)  # fmt: skip


def entry_hash(*fields: object) -> str:
    """The hash of an entry: its fields in the order of HASHED, each as `<length in bytes>:<text>,`; nothing is `-,`."""
    texts = [None if field is None else str(field) for field in fields]
    joined = "".join("-," if text is None else f"{len(text.encode())}:{text}," for text in texts)
    return sha256(joined.encode()).hexdigest()


def content_digest(salt: str, text: str | None) -> str | None:
    """The salted digest by which an entry vouches for its content; None for nothing."""
    return None if text is None else sha256((salt + text).encode()).hexdigest()
