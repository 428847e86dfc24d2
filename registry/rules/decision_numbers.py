"""Numbers of official papers: reading any spelling, writing one. Why so: docs/why/numbers.md.

Source of the forms: Decree 30/2020/NĐ-CP, annex I; Party papers as the Party writes them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from registry.rules.problems import Problem
from registry.rules.text import clean_text, mend_letters, plain_dashes


class Family(StrEnum):
    LAW = "law"  # 143/2025/QH15
    NORMATIVE = "normative"  # 32/2024/NĐ-CP
    INDIVIDUAL = "individual"  # 202/QĐ-UBND
    LETTER = "letter"  # 1178/ĐCK-CTT
    PARTY = "party"  # 45-NQ/TW


#: Abbreviations of kinds of paper. What stands before the first hyphen and is none of these is an issuer's
#: own, and the paper an official letter.
# fmt: off
PAPER_TYPES = frozenset((
    "BB", "BC", "BTT", "CBTT", "CĐ", "CT", "CTr", "CV", "ĐA", "DA", "GBN", "GGT", "GM", "GNP", "GUQ", "HD",
    "HĐ", "KH", "KL", "L", "NĐ", "NQ", "NQLT", "PA", "PB", "PC", "PL", "QC", "QCLT", "QĐ", "QyĐ", "TB", "TC",
    "TT", "TTLT", "TTr",
))
# fmt: on

#: Issuers whose symbols are commonly typed in other letters.
_ISSUERS = frozenset(
    (
        "BGDĐT",
        "BKHĐT",
        "BLĐTBXH",
        "CP",
        "CTN",
        "ĐU",
        "HĐND",
        "HU",
        "QU",
        "TTg",
        "TU",
        "TW",
        "UBND",
        "UBTVQH",
        "VPCP",
    )
)

#: State bodies and Party bodies: their papers are never written in each other's form.
_STATE = frozenset(("CP", "CTN", "HĐND", "TTg", "UBND", "VPCP"))
_PARTY = frozenset(("ĐU", "HU", "QU", "TU", "TW"))

_TOKEN = r"[^\W\d_][^\W_]*(?:[.,&][^\W_]+)*"
_SYMBOL = rf"{_TOKEN}(?:-{_TOKEN})+"
_STATE_FORM = re.compile(rf"(?P<number>\d{{1,6}})/(?:(?P<year>\d{{4}})/)?(?P<symbol>{_SYMBOL})")
_LAW_FORM = re.compile(r"(?P<number>\d{1,6})/(?P<year>\d{4})/(?P<symbol>(?:UBTV)?QH\d{1,2})", re.IGNORECASE)
_PARTY_FORM = re.compile(rf"(?P<number>\d{{1,6}})-(?P<symbol>{_TOKEN}/{_TOKEN})")
_LEAD_IN = re.compile(r"^(?:[^\W\d_]+ ){0,6}?số ?:? ?(?=\d)", re.IGNORECASE)
_SLASHES = re.compile(r"\s*[/\u2044\u2215\uFF0F]\s*")


class MalformedNumber(Problem):
    """The text is not a paper's number; the message shows the right form."""

    def __init__(self, message: str) -> None:
        super().__init__("decision_number_malformed", message)


@dataclass(frozen=True, slots=True)
class DecisionNumber:
    """Number and symbol of a paper; the year only where the number itself carries it."""

    number: int
    symbol: str
    year: int | None
    family: Family

    def __str__(self) -> str:
        if self.family is Family.PARTY:
            return f"{self.number}-{self.symbol}"
        year = "" if self.year is None else f"{self.year}/"
        return f"{self.number}/{year}{self.symbol}"

    @property
    def type_part(self) -> str:
        """The kind of paper (`QĐ`); empty for laws and official letters, which name none."""
        if self.family in (Family.LAW, Family.LETTER):
            return ""
        return re.split("[-/]", self.symbol, maxsplit=1)[0]

    @property
    def issuer_part(self) -> str:
        """The issuer's symbol (`UBND`, `BNV-BTC` when two issued it); of a letter without its unit."""
        if self.family is Family.LAW:
            return self.symbol.rstrip("0123456789")
        first, _, rest = self.symbol.replace("/", "-").partition("-")
        return first if self.family is Family.LETTER else rest


def normalise(text: str) -> str:
    """The one way to write the number. Raises MalformedNumber."""
    return str(parse(text))


def parse(text: str) -> DecisionNumber:
    """Read a number in any spelling: NFD, NBSP, spaces, any dash, `QD`, `Ð`, `Ƣ`, lower case, “số” before it.

    Raises MalformedNumber, whose message shows the right form.
    """
    written = _plain(text)
    found = _law(written) or _state(written) or _party(written)
    if found is None:
        raise MalformedNumber(_refusal(written))
    if found.number == 0:
        raise MalformedNumber(
            f"Số văn bản “{written}” không thể là 0. Hãy ghi số thật; chưa biết số thì để trống."
        )
    if found.year is not None and not 1945 <= found.year <= 2199:
        raise MalformedNumber(
            f"Năm {found.year} trong số văn bản “{written}” không hợp lý. Hãy kiểm tra lại năm."
        )
    return found


def issuer_agrees(number: DecisionNumber, issuer_symbol: str) -> bool:
    """Whether the symbol names that issuer. An issuer without a symbol of its own agrees with any."""
    expected = _spelt(_plain(issuer_symbol))
    return not expected or expected == number.issuer_part or expected in number.issuer_part.split("-")


def _plain(text: str) -> str:
    text = plain_dashes(clean_text(mend_letters(text)))
    return _LEAD_IN.sub("", _SLASHES.sub("/", text)).strip()


def _law(written: str) -> DecisionNumber | None:
    match = _LAW_FORM.fullmatch(written)
    if match is None:
        return None
    return DecisionNumber(int(match["number"]), match["symbol"].upper(), int(match["year"]), Family.LAW)


def _state(written: str) -> DecisionNumber | None:
    match = _STATE_FORM.fullmatch(written)
    if match is None:
        return None
    tokens = [_spelt(token) for token in match["symbol"].split("-")]
    if tokens[0] in PAPER_TYPES and tokens[1] in _PARTY:
        return None
    year = int(match["year"]) if match["year"] else None
    if year is not None:
        family = Family.NORMATIVE
    else:
        family = Family.INDIVIDUAL if tokens[0] in PAPER_TYPES else Family.LETTER
    return DecisionNumber(int(match["number"]), "-".join(tokens), year, family)


def _party(written: str) -> DecisionNumber | None:
    match = _PARTY_FORM.fullmatch(written)
    if match is None:
        return None
    kind, issuer = (_spelt(token) for token in match["symbol"].split("/"))
    if issuer in _STATE:
        return None
    return DecisionNumber(int(match["number"]), f"{kind}/{issuer}", None, Family.PARTY)


def _without_diacritics(token: str) -> str:
    return token.upper().replace("Đ", "D")


_ALL_KNOWN = PAPER_TYPES | _ISSUERS
_BY_CASE = {known.upper(): known for known in _ALL_KNOWN}
#: QD can only be QĐ, but HD (hướng dẫn) and HĐ (hợp đồng) are both kinds of paper: those stay as typed.
_BY_LETTERS = {bare: known for known in _ALL_KNOWN if (bare := _without_diacritics(known)) not in _BY_CASE}


def _spelt(token: str) -> str:
    """A known abbreviation in its own letters; an unknown one in capitals unless typed in mixed case."""
    upper = token.upper()
    known = _BY_CASE.get(upper) or _BY_LETTERS.get(upper)
    if known is not None:
        return known
    return upper if token.islower() else token


def _refusal(written: str) -> str:
    if not written:
        return "Chưa có số văn bản. Hãy ghi như 202/QĐ-UBND; chưa biết số thì để trống cả số lẫn ký hiệu."
    meant = _meant(written)
    if meant is not None:
        return f"Số văn bản “{written}” chưa đúng dạng. Có phải là {meant}? Hãy ghi lại đúng như vậy."
    if not written[0].isdigit():
        return (
            f"Số văn bản “{written}” phải bắt đầu bằng số, như 202/QĐ-UBND. "
            "Nếu chưa biết số, hãy để trống ô số."
        )
    return (
        f"Số văn bản “{written}” chưa đúng dạng. Hãy ghi như 202/QĐ-UBND (quyết định), 32/2024/NĐ-CP "
        "(văn bản quy phạm), 143/2025/QH15 (luật), 1178/ĐCK-CTT (công văn) hoặc 45-NQ/TW (văn bản của Đảng)."
    )


def _meant(written: str) -> str | None:
    """The number the writer may have had in mind: the same parts, parted as they should be."""
    parts = re.findall(rf"\d+|{_TOKEN}", written)
    if len(parts) < 3 or not parts[0].isdigit():
        return None
    number, *rest = parts
    year = f"{rest.pop(0)}/" if rest[0].isdigit() and len(rest[0]) == 4 else ""
    if len(rest) != 2 or _spelt(rest[0]) not in PAPER_TYPES:
        return None
    kind, issuer = map(_spelt, rest)
    guess = f"{number}-{kind}/{issuer}" if issuer in _PARTY else f"{number}/{year}{kind}-{issuer}"
    found = _state(guess) or _party(guess)
    return None if found is None or found.number == 0 else str(found)
