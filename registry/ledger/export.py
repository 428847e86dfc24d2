"""The ledger as a file that can be verified anywhere (verify_export.py), and as lines for whoever follows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.verify import checkpoint_notes, stored
from registry.ledger.verify_export import COLUMNS, FORMAT, VERSION
from registry.models.ledger import LedgerEntry
from registry.rules.problems import Problem


class PlaceUnknown(Problem):
    """The ledger is not the one that was read before."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: the number of an entry, 0 for none, and its hash where they kept it."""

    seq: int = 0
    hash: str = ""


def export(connection: BaseDatabaseWrapper, file: TextIO) -> int:
    """Write every checkpoint and every entry as a line of JSON, between a heading and an ending; how many there were.

    Texts go out as they are stored, so the file's hashes are the ledger's. Open the file with newline="\\n".
    """

    count, seq, head = 0, 0, ""
    _line(file, {"format": FORMAT, "version": VERSION, "engine": connection.vendor})
    # What is signed while the entries are written lies beyond the file's end.
    for note in checkpoint_notes():
        _line(file, {"note": note})
    for entry in stored(connection):
        values = dict(zip(COLUMNS, entry, strict=True))
        _line(file, values)
        count, seq, head = count + 1, values["seq"], values["hash"]
    _line(file, {"entries": count, "head_seq": seq, "head_hash": head})
    return count


def export_after(
    connection: BaseDatabaseWrapper, file: TextIO, place: Place, limit: int
) -> tuple[int, Place]:
    """Write at most `limit` entries after that place as lines, the same as in an export; how many, and where they end.

    Raises PlaceUnknown when the ledger has no such entry, or another one there: it was set back, or written anew.
    """
    found = LedgerEntry.objects.filter(seq=place.seq).values_list("hash", flat=True).first()
    if place.seq and found is None:
        raise PlaceUnknown(
            "cursor_ahead",
            f"Sổ cái không có mục {place.seq}: đã quay về một bản sao lưu cũ, hoặc bị cắt. Hãy chạy verify_ledger.",
        )
    if place.hash and found != place.hash:
        raise PlaceUnknown(
            "cursor_differs",
            f"Mục {place.seq} nay có dấu khác: sổ cái đã bị viết lại. Hãy chạy verify_ledger.",
        )
    count = 0
    for entry in islice(stored(connection, place.seq), limit):
        values = dict(zip(COLUMNS, entry, strict=True))
        _line(file, values)
        count, place = count + 1, Place(values["seq"], values["hash"])
    return count, place


def _line(file: TextIO, item: Mapping[str, object]) -> None:
    file.write(json.dumps(item, ensure_ascii=False) + "\n")
