"""Reading one value of the query string. Each reader takes text and returns a value or raises Refused."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError

from registry.rules import codes, decision_numbers
from registry.rules.codes import CodeList
from registry.rules.hanoi import HANOI
from registry.rules.problems import Problem
from registry.rules.text import LONGEST_WORD, search_text

#: The day that stands for "open" in the stored periods; the first one that cannot be asked for.
OPEN_DAY = date(9999, 12, 31)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(Z|[+\- ][0-9]{2}:[0-9]{2})?"
)
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Twelve digits before the point.
MOST_HECTARES = 10**12 - 1
#: The values parted by commas that one parameter may hold.
MOST_PARTS = 30


class Refused(ValidationError):
    """A value that cannot be used: code, sentence, and the sentence in English. The door adds the name."""

    def __init__(self, code: str, message: str, english: str) -> None:
        super().__init__(message, code=code)
        self.english = english


def day(text: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        found = date.fromisoformat(text)
    except ValueError:
        raise Refused(
            "parameter_malformed",
            "phải là một ngày có thật, viết NĂM-THÁNG-NGÀY như 2022-02-23.",
            "must be a real date written like 2022-02-23.",
        ) from None
    if found >= OPEN_DAY:
        raise Refused("parameter_out_of_range", "phải trước ngày 9999-12-31.", "must be before 9999-12-31.")
    return found


def day_or_moment(text: str) -> date | datetime:
    """A date, or a moment; without a zone it is Hà Nội's. (`+` arrives as a space when it was not escaped.)"""
    if _DAY.fullmatch(text):
        return day(text)
    try:
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise ValueError
        zone = (match[3] or "").replace(" ", "+").replace("Z", "+00:00")
        found = datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
    except ValueError:
        raise Refused(
            "parameter_malformed",
            "phải là một ngày như 2022-02-23 hoặc một thời điểm như 2022-02-23T17:00:00Z.",
            "must be a date like 2022-02-23 or a moment like 2022-02-23T17:00:00Z.",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=HANOI)


def whole_number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,30}", text):
            raise Refused("parameter_malformed", "phải là số nguyên.", "must be a whole number.")
        if not low <= int(text) <= high:
            raise Refused(
                "parameter_out_of_range", f"phải từ {low} đến {high}.", f"must be between {low} and {high}."
            )
        return int(text)

    return read


def hectares(text: str) -> Decimal:
    """A number as JSON writes it, programs also as 1e-05; beyond twelve decimals nothing is told apart."""
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", text):
        raise Refused(
            "parameter_malformed",
            "phải là số không âm, dấu chấm thập phân, như 47.8.",
            "must be a number of at least 0 with a decimal point, like 47.8.",
        )
    found = Decimal(text)
    if found > MOST_HECTARES:
        raise Refused(
            "parameter_out_of_range",
            f"phải từ 0 đến {MOST_HECTARES}.",
            f"must be between 0 and {MOST_HECTARES}.",
        )
    return found.quantize(Decimal("1e-12"))


def percent(text: str) -> Decimal:
    found = hectares(text)
    if found > 100:
        raise Refused("parameter_out_of_range", "phải từ 0 đến 100.", "must be between 0 and 100.")
    return found


def truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise Refused("parameter_malformed", "phải là true hoặc false.", "must be true or false.")
    return text == "true"


def codes_of(code_list: CodeList) -> Callable[[str], list[str]]:
    """One or several codes of the list, parted by commas."""

    def read(text: str) -> list[str]:
        given = parts(text)
        if unknown := next((code for code in given if code not in code_list), None):
            known = ", ".join(code_list)
            raise Refused(
                "code_unknown",
                f"không có mã “{unknown}”. Các mã: {known}.",
                f"has no code '{unknown}'. The codes: {known}.",
            )
        return given

    return read


def code_of(code_list: CodeList) -> Callable[[str], str]:
    """One code of the list."""

    def read(text: str) -> str:
        if text not in code_list:
            known = ", ".join(code_list)
            raise Refused(
                "code_unknown",
                f"không có mã “{text}”. Các mã: {known}.",
                f"has no code '{text}'. The codes: {known}.",
            )
        return text

    return read


def as_written(text: str) -> str:
    """Words as they are, with every accent in the composed form that the registry keeps."""
    return unicodedata.normalize("NFC", text)


def whole_text(text: str) -> str:
    """Words as they are compared: without accents and capitals."""
    found = search_text(text)[:LONGEST_WORD]
    if not found:
        raise Refused(
            "parameter_malformed",
            "không có chữ hay số nào. Hãy ghi ít nhất một từ.",
            "holds no letter and no digit. Write at least one word.",
        )
    return found


def subject_code(text: str) -> str:
    """The code of a record; one that no record has finds nothing."""
    if len(text) > 60 or not _CODE.fullmatch(text):
        raise Refused(
            "parameter_malformed",
            "phải là mã của một bản ghi: chữ thường không dấu, số và gạch nối, như giang-bien.",
            "must be a record's code: lower-case letters, digits and hyphens, like giang-bien.",
        )
    return text


def subject_codes(text: str) -> list[str]:
    """Codes of records, parted by commas."""
    return [subject_code(part) for part in parts(text)]


def country_codes(text: str) -> list[str]:
    """Countries by two letters of ISO 3166-1, capital or not, parted by commas."""
    return codes_of(codes.COUNTRY)(text.upper())


def parts(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if "" in parts:
        raise Refused("parameter_empty", "có một mã để trống.", "holds an empty code.")
    if len(parts) > MOST_PARTS:
        raise Refused(
            "parameter_out_of_range",
            f"có quá {MOST_PARTS} mã.",
            f"holds more than {MOST_PARTS} codes.",
        )
    return parts


def paper_number(text: str) -> str:
    try:
        return decision_numbers.normalise(text)
    except Problem as problem:
        raise Refused(
            problem.code, problem.message, "is not the number of a paper, such as 202/QĐ-UBND."
        ) from None


def project_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{10}", text):
        raise Refused("parameter_malformed", "phải là 10 chữ số.", "must be 10 digits.")
    return text


def vsic_code(text: str) -> str:
    if not re.fullmatch(r"[A-Z]|[0-9]{2,5}", text):
        raise Refused(
            "parameter_malformed",
            "phải là một chữ cái hoặc từ 2 đến 5 chữ số.",
            "must be a capital letter or 2 to 5 digits.",
        )
    return text


def enterprise_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{10}(-[0-9]{3})?", text):
        raise Refused(
            "parameter_malformed",
            "phải là 10 số, hoặc 10 số, gạch nối và 3 số.",
            "must be 10 digits, or 10 digits, a hyphen and 3 digits.",
        )
    return text
