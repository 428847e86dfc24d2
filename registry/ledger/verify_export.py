"""Verify an exported ledger with nothing but Python's standard library.

    python -I -S verify_export.py FILE [--anchor SEQ:HASH]…

FILE holds one JSON object a line: a heading, the entries in order, an ending. Ends with 0 when the ledger is whole,
1 when something is wrong (each finding on a line of its own, the first broken entry first), 2 when it cannot be read.
The registry itself verifies with the same code; docs/ledger.md describes the format.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

FORMAT = "hai-phong-registry-ledger"
VERSION = 1
#: What the hash covers, in this order.
HASHED = (
    "prev", "seq", "at", "actor", "db_user", "reason", "request", "table_name", "row_id", "subject", "op",
    "before_digest", "after_digest",
)  # fmt: skip
PAYLOAD = ("before", "after", "salt")
PUBLICATIONS = "registry_publication"
UNKNOWN = b"?"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be: a stable code, and a sentence that names the place."""

    code: str
    message: str
    seq: int | None = None
    table: str = ""
    row_id: str = ""


def netstring(value: object) -> str:
    """`<length in bytes>:<text>,`; nothing is `-,`. No two lists of values give the same text."""
    if value is None:
        return "-,"
    text = str(value)
    return f"{len(text.encode())}:{text},"


def entry_hash(*fields: object) -> str:
    """The hash of an entry: its fields in the order of HASHED."""
    return sha256("".join(map(netstring, fields)).encode()).hexdigest()


def digest(salt: str, text: str | None) -> str | None:
    """The salted digest by which a header vouches for a payload; None for nothing."""
    return None if text is None else sha256((salt + text).encode()).hexdigest()


@dataclass
class Chain:
    """Reads entries in order and finds where they contradict each other or the anchors.

    An anchor is the hash of entry `seq` as somebody outside noted it: it shows a chain that was cut short or made
    anew. The publications inside the ledger are anchors too.
    """

    anchors: Mapping[int, str] = field(default_factory=dict)
    entries: int = 0
    seq: int = 0
    hash: str = ""
    _at: str = ""
    _hashes: dict[int, bytes] = field(default_factory=lambda: {0: b""})
    _rows: dict[tuple[str, str], bytes | None] = field(default_factory=dict)

    def add(self, entry: Mapping[str, Any]) -> Iterator[Finding]:
        seq, table, row_id = entry["seq"], entry["table_name"], entry["row_id"]

        def found(code: str, message: str) -> Finding:
            return Finding(code, f"Mục {seq}: {message}", seq, table, row_id)

        if seq != self.seq + 1:
            yield found(
                "entry_out_of_order",
                f"sau mục {self.seq} phải là mục {self.seq + 1}; có mục bị xóa, chèn hoặc đổi chỗ.",
            )
        if entry["prev"] != self.hash:
            yield found("entry_link_broken", "không nối với mục đứng trước.")
        if entry_hash(*(entry[name] for name in HASHED)) != entry["hash"]:
            yield found("entry_altered", "nội dung phần đầu không khớp với dấu của nó.")
        if entry["at"] < self._at:
            yield found("entry_before_previous", "thời điểm sớm hơn mục đứng trước.")
        yield from self._payload(entry, found)
        self.seq, self.hash, self._at = seq, entry["hash"], entry["at"]
        self.entries += 1
        self._hashes[seq] = entry["hash"].encode()
        if table == PUBLICATIONS and entry["op"] == "insert" and entry["after"]:
            yield from self._publication(entry["after"], found)

    def _payload(self, entry: Mapping[str, Any], found: Any) -> Iterator[Finding]:
        salt, row = entry["salt"], (entry["table_name"], entry["row_id"])
        if salt is None:
            yield found("payload_missing", "thiếu phần nội dung.")
            self._rows[row] = UNKNOWN
            return
        for name in ("before", "after"):
            if digest(salt, entry[name]) != entry[f"{name}_digest"]:
                yield found("payload_altered", f"nội dung “{name}” không khớp với dấu của nó.")
        if self._rows.get(row) not in (UNKNOWN, _brief(entry["before"])):
            yield found("before_differs", f"nội dung trước của {row[0]} {row[1]} khác lần ghi gần nhất.")
        self._rows[row] = _brief(entry["after"])

    def _publication(self, text: str, found: Any) -> Iterator[Finding]:
        try:
            row = json.loads(text)
            seq, noted = row["ledger_seq"], row["ledger_hash"]
            same = self._hashes[seq] == noted.encode()
        except (ValueError, KeyError, TypeError, AttributeError):
            same = False
        if not same:
            yield found("anchor_differs", "lần công bố này ghi một dấu sổ cái không có trong sổ.")

    def end(self) -> Iterator[Finding]:
        for seq, noted in sorted(self.anchors.items()):
            if seq > self.seq:
                yield Finding(
                    "ledger_cut", f"Sổ cái dừng ở mục {self.seq}, nhưng bên ngoài đã ghi nhận mục {seq}.", seq
                )
            elif self._hashes.get(seq) != noted.encode():
                yield Finding("anchor_differs", f"Mục {seq}: dấu khác với dấu đã ghi nhận bên ngoài.", seq)


def _brief(text: str | None) -> bytes | None:
    return None if text is None else sha256(text.encode()).digest()[:16]


def read(path: str, chain: Chain) -> Iterator[Finding]:
    """Findings of an exported file. Raises ValueError when it is not an export at all."""
    # Only "\n" ends a line: texts may hold other separators, such as U+2028.
    with open(path, encoding="utf-8", newline="\n") as file:
        heading = _object(file.readline())
        if heading.get("format") != FORMAT or heading.get("version") != VERSION:
            raise ValueError("Tệp không phải là bản xuất sổ cái (hoặc thuộc phiên bản khác).")
        ending: dict[str, Any] | None = None
        for number, line in enumerate(file, 2):
            try:
                item = _object(line)
                if ending is not None:
                    yield Finding("export_continues", f"Dòng {number}: còn dữ liệu sau dòng kết thúc.")
                elif "seq" in item:
                    yield from chain.add(item)
                else:
                    ending = item
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                yield Finding("line_unreadable", f"Dòng {number}: không đọc được ({type(error).__name__}).")
        yield from chain.end()
        if ending is None:
            yield Finding("export_cut", "Tệp thiếu dòng kết thúc: đã bị cắt.")
        elif ending.get("head_seq") != chain.seq or ending.get("head_hash") != chain.hash:
            yield Finding(
                "export_ending_differs",
                f"Dòng kết thúc ghi mục {ending.get('head_seq')}, tệp dừng ở mục {chain.seq}.",
            )


def _object(line: str) -> dict[str, Any]:
    item = json.loads(line)
    if not isinstance(item, dict):
        raise ValueError("Mỗi dòng phải là một đối tượng JSON.")
    return item


def anchor(text: str) -> tuple[int, str]:
    """`SEQ:HASH` as an anchor."""
    seq, _, noted = text.partition(":")
    if not seq.isdigit() or len(noted) != 64:
        raise argparse.ArgumentTypeError("phải có dạng SỐ:DẤU, dấu gồm 64 chữ số hệ 16")
    return int(seq), noted


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Kiểm tra một bản xuất sổ cái. Kết thúc với 0: nguyên vẹn; 1: có sai lệch; 2: không đọc được."
    )
    parser.add_argument("file", help="tệp do lệnh export_ledger tạo ra")
    parser.add_argument(
        "--anchor",
        type=anchor,
        action="append",
        default=[],
        metavar="SỐ:DẤU",
        help="dấu đã ghi nhận ở nơi khác",
    )
    options = parser.parse_args()
    chain, broken = Chain(dict(options.anchor)), 0
    try:
        for finding in read(options.file, chain):
            broken += 1
            print(f"{finding.code} · {finding.message}")
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(
        f"{chain.entries} mục, dấu cuối {chain.hash or '(trống)'}: {f'{broken} sai lệch' if broken else 'nguyên vẹn'}."
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
