"""Verify an exported ledger with nothing but Python's standard library.

    python -I -S verify_export.py FILE [--anchor SEQ:HASH]… [--key NAME+ID+KEY]… [--checkpoint NOTE_FILE]…

FILE holds one JSON object a line: a heading, the signed checkpoints, the entries in order, an ending. Ends with 0
when the ledger is whole, 1 when something is wrong (each finding on a line of its own, the first broken entry first),
2 when it cannot be read. The registry itself verifies with the same code; docs/ledger.md describes the format.
"""

import argparse
import base64
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

FORMAT = "hai-phong-registry-ledger"
VERSION = 1
#: What the hash covers, in this order.
HASHED = (
    "prev", "seq", "at", "actor", "db_user", "reason", "request", "table_name", "row_id", "subject", "op",
    "before_digest", "after_digest",
)  # fmt: skip
PAYLOAD = ("before", "after", "salt")
REDACTABLE = ("actor", "reason")  # what a redaction may change in a header
COLUMNS = (*HASHED, "hash", *PAYLOAD)
PUBLICATIONS, REDACTED, REDACTION = "registry_publication", "registry_redactedentry", "registry_redaction"
ERASED = "[đã xóa theo luật "  # how every mark begins that a redaction leaves
UNMARKED = "registry_submission"  # of which a redaction changes digests too, which have no place for a mark
UNKNOWN = b"?"
COUNTED = (PUBLICATIONS, "registry_statement")  # whose rows a checkpoint counts; nothing ever leaves them


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be: a stable code, and a sentence that names the place."""

    code: str
    message: str
    seq: int | None = None
    table: str = ""
    row_id: str = ""

    @property
    def line(self) -> str:
        return plain(f"{self.code} · {self.message}")


def plain(text: str) -> str:
    """The text without what would steer a terminal or turn the order of letters: a file may be anybody's."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def netstring(value: object) -> str:
    """`<length in bytes>:<text>,`; nothing is `-,`. No two lists of values give the same text."""
    if value is None:
        return "-,"
    text = str(value)
    return f"{len(text) if text.isascii() else len(text.encode())}:{text},"


def entry_hash(*fields: object) -> str:
    """The hash of an entry: its fields in the order of HASHED."""
    return sha256("".join(map(netstring, fields)).encode()).hexdigest()


def digest(salt: str, text: str | None) -> str | None:
    """The salted digest by which a header vouches for a payload; None for nothing."""
    return None if text is None else sha256((salt + text).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed note (https://c2sp.org/signed-note) that says where the ledger stood.

    Its text, a line each: origin; number of entries; hash of the last one, in base64; `number` of the checkpoint;
    `at`, the moment in UTC; `previous`, the SHA-256 of the note before, or `-`; `rows TABLE COUNT` for each table.
    """

    note: str
    origin: str
    seq: int
    hash: str
    number: int
    at: str
    previous: str
    rows: Mapping[str, int]

    @classmethod
    def read(cls, note: str) -> "Checkpoint":
        """Raises ValueError when it is no such note."""
        text, parted, signatures = note.partition("\n\n")
        lines = text.split("\n")
        # After the signatures stands nothing: nobody signed it.
        signers = signatures.removesuffix("\n").split("\n")
        if not parted or not all(line.startswith("— ") for line in signers) or len(lines) < 6:
            raise ValueError("Mốc không phải là một signed note.")
        named = [line.split(" ") for line in lines[3:]]
        if [line[0] for line in named] != ["number", "at", "previous", *["rows"] * (len(named) - 3)]:
            raise ValueError("Mốc có dòng không rõ nghĩa.")
        (_, number), (_, at), (_, previous), *rows = named
        counted = {table: int(count) for _, table, count in rows}
        return cls(
            note, lines[0], int(lines[1]), _decoded(lines[2]).hex(), int(number), at, previous, counted
        )

    @property
    def digest(self) -> str:
        """What the next checkpoint says of this one."""
        return sha256(self.note.encode()).hexdigest()

    def found(self, code: str, message: str) -> Finding:
        return Finding(code, f"Mốc {self.number} ({self.at}): {message}", self.seq)

    def signed_by(self, keys: Iterable[str]) -> bool:
        """Whether one of these verifier keys signed it."""
        text, _, signatures = self.note.partition("\n\n")
        for name, key_id, public in map(verifier_key, keys):
            for line in signatures.splitlines():
                signer, _, coded = line.removeprefix("— ").rpartition(" ")
                signature = _decoded(coded)
                if (signer, signature[:4]) == (name, key_id):
                    return ed25519_verified(public, f"{text}\n".encode(), signature[4:])
        return False


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # also what is not ASCII
        return b""


def verifier_key(text: str) -> tuple[str, bytes, bytes]:
    """Name, id and Ed25519 public key of `NAME+ID+KEY`, as signed notes write it. Raises ValueError."""
    name, _, rest = text.partition("+")
    key_id, _, coded = rest.partition("+")
    typed = _decoded(coded)
    if len(typed) != 33 or typed[0] != 1 or key_id != sha256(name.encode() + b"\n" + typed).hexdigest()[:8]:
        raise ValueError(f"Khóa kiểm tra không đúng dạng TÊN+MÃ+KHÓA: {text}")
    return name, bytes.fromhex(key_id), typed[1:]


# Ed25519 as RFC 8032 writes it down: the standard library has none. Checked against another program by the tests.
_P, _L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]


def _plus(a: _Point, b: _Point) -> _Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    three, four = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = two - one, four - three, four + three, two + one
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _plus(total, point)
        point, number = _plus(point, point), number >> 1
    return total


def _point(coded: bytes) -> _Point | None:
    y = int.from_bytes(coded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def ed25519_verified(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature (64 bytes) of the message was made with the private half of the public key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, start, scalar = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if _BASE is None or key is None or start is None or scalar >= _L:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % _L
    left, right = _times(scalar, _BASE), _plus(start, _times(challenge, key))
    return all((left[n] * right[2] - right[n] * left[2]) % _P == 0 for n in (0, 1))


@dataclass
class Chain:
    """Reads entries in order and finds where they contradict each other or the anchors.

    An anchor is the hash of entry `seq` as somebody outside noted it: it shows a chain that was cut short or made
    anew. The publications inside the ledger are anchors too, and so are checkpoints, whose signatures are checked
    when there are `keys` to check them with. `redacted`: what the ledger itself says of entries that were emptied of
    something, by number (`redactions`). Keeps 32 bytes of each entry, and 16 of each row that there is.
    """

    anchors: Mapping[int, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    redacted: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    entries: int = 0
    seq: int = 0
    hash: str = ""
    _at: str = ""
    _hashes: bytearray = field(default_factory=lambda: bytearray(32))
    _rows: defaultdict[str, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))
    _counts: Counter[str] = field(default_factory=Counter)
    _checkpoints: list[Checkpoint] = field(default_factory=list)
    _ahead: dict[int, list[Checkpoint]] = field(default_factory=dict)
    _links: set[str] = field(default_factory=lambda: {"-"})
    _passed_over: int = 0

    def checkpoint(self, note: str, kept_outside: bool = False) -> Iterator[Finding]:
        """Take a checkpoint, before the entries: those of the ledger in order, and any that somebody kept."""
        try:
            one = Checkpoint.read(note)
        except ValueError as error:
            self._passed_over += 1
            yield Finding("checkpoint_unreadable", f"Mốc không đọc được: {error}")
            return
        if self.keys and not one.signed_by(self.keys):
            yield one.found("checkpoint_signature_wrong", "chữ ký không phải của khóa đã cho.")
            if not kept_outside:  # whoever wrote it: what was signed afterwards goes on past it
                self._passed_over += 1
                self._links.add(one.digest)
                return
        if kept_outside:
            if one.note not in {other.note for other in self._checkpoints}:
                yield one.found("checkpoint_missing", "đã được giữ ở bên ngoài nhưng sổ cái không có.")
        else:
            last = self._checkpoints[-1].number if self._checkpoints else 0
            if not last < one.number <= last + 1 + self._passed_over:
                yield one.found(
                    "checkpoint_out_of_order", "không nối tiếp mốc đứng trước; có mốc bị xóa hoặc chèn."
                )
            elif one.previous not in self._links:
                yield one.found("checkpoint_link_broken", "không nối với mốc đứng trước.")
            self._checkpoints.append(one)
            self._links, self._passed_over = {one.digest}, 0
        self._ahead.setdefault(one.seq, []).append(one)

    def _pass(self, seq: int) -> Iterator[Finding]:
        """What the checkpoints made at this entry say against it."""
        for one in self._ahead.pop(seq, ()):
            if one.hash != self._hash_of(seq):
                yield one.found("checkpoint_differs", f"mục {seq} nay có dấu khác: sổ cái đã bị viết lại.")
            elif {table: self._counts[table] for table in COUNTED} != one.rows:
                yield one.found(
                    "checkpoint_rows_differ", "số dòng của các bảng không khớp với sổ cái lúc đó."
                )

    def add(self, entry: Sequence[Any]) -> list[Finding]:
        """Take the next entry, its values in the order of COLUMNS; what it says against itself and those above."""
        prev, seq, at, _, _, _, _, table, row_id, _, op, old_digest, new_digest, noted, *payload = entry
        before, after, salt = payload
        found: list[Finding] = []

        def wrong(code: str, message: str) -> None:
            found.append(Finding(code, f"Mục {seq}: {message}", seq, table, row_id))

        computed, own = entry_hash(*entry[: len(HASHED)]), "của nó"
        if seq in self.redacted:
            named, own = self.redacted[seq], "mà lần xóa theo luật đã ghi"
            digests = named["before_digest"], named["after_digest"]
            if named["act"] is None:
                wrong(
                    "redaction_unknown",
                    "lần xóa theo luật không có trong sổ, hoặc thiếu căn cứ hay người thứ hai.",
                )
            headless = computed != noted and ERASED not in f"{entry[3]}{entry[5]}"
            emptied = (old_digest, new_digest) != digests and table != UNMARKED
            if headless or (emptied and ERASED not in f"{before}{after}"):
                wrong("redaction_unmarked", "thay đổi lấy cớ xóa theo luật mà không để lại dấu xóa nào.")
            old_digest, new_digest = digests
            computed = noted if computed == named["header"] and len(_unhexed(noted)) == 32 else computed
        if seq != self.seq + 1:
            wrong(
                "entry_out_of_order",
                f"sau mục {self.seq} phải là mục {self.seq + 1}; có mục bị xóa, chèn hoặc đổi chỗ.",
            )
        if prev != self.hash:
            wrong("entry_link_broken", "không nối với mục đứng trước.")
        if computed != noted:
            wrong("entry_altered", f"nội dung phần đầu không khớp với dấu {own}.")
        if at < self._at:
            wrong("entry_before_previous", "thời điểm sớm hơn mục đứng trước.")
        if self.seq == 0:
            found += self._pass(0)
        rows = self._rows[table]
        if salt is None:
            wrong("payload_missing", "thiếu phần nội dung.")
            rows[row_id] = UNKNOWN
        else:
            if digest(salt, before) != old_digest:
                wrong("payload_altered", f"nội dung “before” không khớp với dấu {own}.")
            if digest(salt, after) != new_digest:
                wrong("payload_altered", f"nội dung “after” không khớp với dấu {own}.")
            if rows.pop(row_id, None) not in (UNKNOWN, None if before is None else _brief(before)):
                wrong("before_differs", f"nội dung trước của {table} {row_id} khác lần ghi gần nhất.")
            if after is not None:
                rows[row_id] = _brief(after)
        self.seq, self.hash, self._at = seq, noted, at
        self.entries += 1
        self._keep(seq, computed)
        if op == "insert" and table in COUNTED:
            self._counts[table] += 1
            if table == PUBLICATIONS and after and not self._quotes(after):
                wrong("anchor_differs", "lần công bố này ghi một dấu sổ cái không có trong sổ.")
        if seq in self._ahead:
            found += self._pass(seq)
        return found

    def summary(self) -> str:
        """How far the chain goes, how far checkpoints vouch for it, and whether their signatures were checked."""
        signed = "" if self.keys or not self._checkpoints else " (chưa kiểm tra chữ ký: không có khóa)"
        redacted = f", {len(self.redacted)} mục đã xóa theo luật" if self.redacted else ""
        if self._checkpoints:
            last = max(self._checkpoints, key=lambda one: one.seq)
            after = max(0, self.seq - last.seq)
            signed += f"; mốc cuối: mục {last.seq}, lúc {last.at}; {after} mục sau đó chưa có mốc"
        count = f"{self.entries} mục, dấu cuối {self.hash or '(trống)'}{redacted}"
        return plain(f"{count}, {len(self._checkpoints)} mốc{signed}")

    def erasures(self) -> Iterator[str]:
        """What the ledger tells of each erasure by law, a sentence each: when, by whom, on what ground, where."""
        told: dict[int, list[Any]] = {}
        for seq, named in sorted(self.redacted.items()):
            if act := named["act"]:
                told.setdefault(act["seq"], [act]).append(seq)
        for _, (act, *seqs) in sorted(told.items()):
            yield plain(
                f"Xóa theo luật số {act['number']}, lúc {act['told_at']}: {act['asked_by']} thực hiện, "
                f"{act['approved_by']} đồng ý; căn cứ: {act['ground']}; "
                f"{len(seqs)} mục: {', '.join(map(str, seqs))}."
            )

    def _keep(self, seq: int, computed: str) -> None:
        place, end = 32 * seq, len(self._hashes)
        if 0 < place < end + 2**25:  # a number from nowhere was altered: nothing quotes it
            self._hashes.extend(bytes(max(0, place - end)))
            self._hashes[place : place + 32] = bytes.fromhex(computed)

    def _hash_of(self, seq: int) -> str | None:
        """The hash of an entry that was read, "" of the beginning, None of what was not read."""
        if seq == 0:
            return ""
        return self._hashes[32 * seq : 32 * seq + 32].hex() or None

    def _quotes(self, text: str) -> bool:
        """Whether a publication quotes a hash that the chain has."""
        try:
            row = _parsed(text)
            return bool(self._hash_of(row["ledger_seq"]) == row["ledger_hash"])
        except (ValueError, KeyError, TypeError):
            return False

    def end(self) -> Iterator[Finding]:
        if self.seq == 0:
            yield from self._pass(0)
        for ahead in self._ahead.values():
            for one in ahead:
                yield one.found("ledger_cut", f"ghi mục {one.seq}, nhưng sổ cái dừng ở mục {self.seq}.")
        for seq, noted in sorted(self.anchors.items()):
            if seq > self.seq:
                yield Finding(
                    "ledger_cut", f"Sổ cái dừng ở mục {self.seq}, nhưng bên ngoài đã ghi nhận mục {seq}.", seq
                )
            elif self._hash_of(seq) != noted:
                yield Finding("anchor_differs", f"Mục {seq}: dấu khác với dấu đã ghi nhận bên ngoài.", seq)


def redactions(rows: Iterable[tuple[int, str, str, str | None]]) -> dict[int, Mapping[str, Any]]:
    """The redacted entries by number, from number, moment, table and `after` of what says so, in order.

    The last one of an entry counts, and none speaks of entries below it. `act` is the redaction, as it was recorded
    before by two people on a ground, or None. What cannot be read, `Chain` finds.
    """
    acts: dict[Any, dict[str, Any]] = {}
    named: dict[int, Mapping[str, Any]] = {}
    for seq, at, table, text in rows:
        try:
            row = _parsed(text or "")
            if type(seq) is not int or type(row.get("entry", 0)) is not int:
                continue
            if table == REDACTION:
                said = [row[name].strip() for name in ("asked_by", "approved_by", "ground")]
                if all(said) and said[0] != said[1]:
                    acts.setdefault(row["number"], row | {"seq": seq, "told_at": at})
            elif row["entry"] < seq and {"before_digest", "after_digest", "header"} <= row.keys():
                named[row["entry"]] = row | {"act": acts.get(row.get("redaction_id"))}
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return named


def _naming(file: Iterable[str]) -> Iterator[tuple[int, str, str, str | None]]:
    """What `redactions` needs of an export: they stand below the entries that they name."""
    for line in file:
        if f'"{REDACTED}"' in line or f'"{REDACTION}"' in line:
            try:
                item = _object(line)
                if item["table_name"] in (REDACTED, REDACTION) and item["op"] == "insert":
                    yield item["seq"], item["at"], item["table_name"], item["after"]
            except (ValueError, KeyError):
                continue


def _unhexed(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _brief(text: str) -> bytes:
    return sha256(text.encode()).digest()[:16]


def read(path: str, chain: Chain, kept: Iterable[str] = ()) -> Iterator[Finding]:
    """Findings of an exported file, against the checkpoints that somebody kept outside.

    Raises ValueError when it is not an export at all.
    """
    # Only "\n" ends a line: texts may hold other separators, such as U+2028.
    with open(path, encoding="utf-8", newline="\n") as file:
        heading = _object(file.readline())
        if heading.get("format") != FORMAT or heading.get("version") != VERSION:
            raise ValueError("Tệp không phải là bản xuất sổ cái (hoặc thuộc phiên bản khác).")
        chain.redacted = redactions(_naming(file))
        file.seek(0)
        file.readline()
        ending: dict[str, Any] | None = None
        waiting = list(kept)
        for number, line in enumerate(file, 2):
            try:
                item = _object(line)
                if ending is not None:
                    yield Finding("export_continues", f"Dòng {number}: còn dữ liệu sau dòng kết thúc.")
                elif "note" in item:
                    yield from chain.checkpoint(item["note"])
                else:
                    # All the checkpoints of the ledger come before its entries.
                    while waiting:
                        yield from chain.checkpoint(waiting.pop(0), kept_outside=True)
                    if type(item.get("seq", 0)) is not int:
                        raise TypeError
                    if "seq" in item:
                        yield from chain.add([item[name] for name in COLUMNS])
                    else:
                        ending = item
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                yield Finding("line_unreadable", f"Dòng {number}: không đọc được ({type(error).__name__}).")
        yield from chain.end()
        if ending is None:
            yield Finding("export_cut", "Tệp thiếu dòng kết thúc: đã bị cắt.")
        elif ending != {"entries": chain.entries, "head_seq": chain.seq, "head_hash": chain.hash}:
            yield Finding(
                "export_ending_differs",
                f"Dòng kết thúc ghi {ending.get('entries')} mục, mục cuối {ending.get('head_seq')}; "
                f"tệp có {chain.entries} mục, mục cuối {chain.seq}.",
            )


def _parsed(text: str) -> Any:
    """What the JSON says. Raises ValueError, also of a million brackets, and of a name that says two things."""
    try:
        return json.loads(text, object_pairs_hook=_members)
    except RecursionError:
        raise ValueError("JSON lồng quá sâu.") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("JSON có một tên hai lần.")
    return found


def _object(line: str) -> dict[str, Any]:
    item = _parsed(line)
    if not isinstance(item, dict):
        raise ValueError("Mỗi dòng phải là một đối tượng JSON.")
    return item


def anchor(text: str) -> tuple[int, str]:
    """`SEQ:HASH` as an anchor."""
    seq, _, noted = text.partition(":")
    if not (seq.isascii() and seq.isdigit() and len(noted) == 64 and len(_unhexed(noted)) == 32):
        raise argparse.ArgumentTypeError("phải có dạng SỐ:DẤU, dấu gồm 64 chữ số hệ 16")
    return int(seq), noted.lower()


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Kiểm tra một bản xuất sổ cái. Kết thúc với 0: nguyên vẹn; 1: có sai lệch; 2: không đọc được."
    )
    parser.add_argument("file", help="tệp do lệnh export_ledger tạo ra")
    for name, metavar, about in (
        ("--anchor", "SỐ:DẤU", "dấu của một mục đã ghi nhận ở nơi khác"),
        ("--key", "TÊN+MÃ+KHÓA", "khóa kiểm tra chữ ký của các mốc"),
        ("--checkpoint", "TỆP", "một mốc đã giữ ở nơi khác"),
    ):
        kind = anchor if name == "--anchor" else str
        parser.add_argument(name, action="append", default=[], type=kind, metavar=metavar, help=about)
    options = parser.parse_args()
    broken = 0
    try:
        kept = [Path(path).read_bytes().decode() for path in options.checkpoint]
        chain = Chain(dict(options.anchor), tuple(key for key in options.key if verifier_key(key)))
        for finding in read(options.file, chain, kept):
            broken += 1
            print(finding.line)
        if options.key and not chain._checkpoints:  # whoever writes a ledger anew leaves the signed notes out
            broken += 1
            print("checkpoint_none · Đã cho khóa kiểm tra nhưng tệp không có mốc nào được ký.")
    except (OSError, ValueError) as error:
        print(plain(str(error)), file=sys.stderr)
        return 2
    print("".join(f"{sentence}\n" for sentence in chain.erasures()), end="")
    print(f"{chain.summary()}: {f'{broken} sai lệch' if broken else 'nguyên vẹn'}.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
