"""The ledger as a file that can be verified anywhere (verify_export.py)."""

import json
from typing import TextIO

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.verify import checkpoint_notes, stored
from registry.ledger.verify_export import COLUMNS, FORMAT, VERSION


def export(connection: BaseDatabaseWrapper, file: TextIO) -> int:
    """Write every checkpoint and every entry as a line of JSON, between a heading and an ending; how many there were.

    Texts go out as they are stored, so the file's hashes are the ledger's. Open the file with newline="\\n".
    """

    def line(item: dict[str, object]) -> None:
        file.write(json.dumps(item, ensure_ascii=False) + "\n")

    count, seq, head = 0, 0, ""
    line({"format": FORMAT, "version": VERSION, "engine": connection.vendor})
    # What is signed while the entries are written lies beyond the file's end.
    for note in checkpoint_notes():
        line({"note": note})
    for entry in stored(connection):
        values = dict(zip(COLUMNS, entry, strict=True))
        line(values)
        count, seq, head = count + 1, values["seq"], values["hash"]
    line({"entries": count, "head_seq": seq, "head_hash": head})
    return count
