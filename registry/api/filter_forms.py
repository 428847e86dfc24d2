"""The filters that recur from kind to kind."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from registry.api.filters import (
    BOOLEAN,
    CODES,
    AnyTermFilter,
    ParameterFilter,
    PlaceFilter,
    SizeFilter,
    SizeTermFilter,
    TermBoundFilter,
    TermFilter,
)
from registry.api.parameters import DATE, several
from registry.api.values import (
    MOST_HECTARES,
    country_codes,
    day,
    hectares,
    percent,
    subject_codes,
    truth,
    whole_number,
)
from registry.api.values import codes_of as read_codes
from registry.rules.codes import COUNTRY, CodeList
from registry.rules.composition.bounds import amount
from registry.rules.composition.world import fixed

AREA = {"type": "number", "minimum": 0, "maximum": MOST_HECTARES}
PERCENT = {"type": "number", "minimum": 0, "maximum": 100}
AMOUNT = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
#: What bounds say of quantities that are no exact number.
SURE_VI = "Của khoảng, “trên”, “tối đa”, “gần” thì tính đầu chắc chắn."
SURE_EN = "Of a range, “over”, “up to” and “nearly” the sure end counts."

whole_amount = whole_number(0, 2**63 - 1)
#: Quantities are kept with four decimals: what a bound has beyond them moves it to the next such number within it.
_KEPT = Decimal("0.0001")


def fixed_least(bound: Decimal) -> str:
    """A lower bound as a term: 50.00004 lets 50 out."""
    return fixed(bound.quantize(_KEPT, ROUND_CEILING))


def fixed_most(bound: Decimal) -> str:
    """An upper bound as a term: 49.99996 lets 50 out."""
    return fixed(bound.quantize(_KEPT, ROUND_FLOOR))


def place_filter(vi: str, en: str, example: str) -> PlaceFilter:
    """vi, en: who named the unit. The same search wherever records have places."""
    return PlaceFilter(
        "place",
        f"Mã (id) của đơn vị hành chính {vi}, của đơn vị bao trùm nó, hoặc của một đơn vị kế thừa nó: toàn bộ, "
        "một phần hay mới là có thể (xem extent); không phụ thuộc ngày hỏi. Cũng nhận mã chính thức (chữ số) "
        "mà đơn vị mang vào ngày hỏi.",
        f"Id of the administrative unit {en}, of what it belonged to, or of a unit that took over from it: wholly, "
        "in part or possibly (see extent); whatever the day asked about. Also an official code (digits), as of "
        "the day asked about.",
        example,
    )


def no_term(term: str, vi: str, en: str) -> AnyTermFilter:
    """Whether the record has no value of a term."""
    return AnyTermFilter(
        term, f"true: chưa rõ {vi}; false: đã rõ.", f"true: {en} not known; false: known.", turned=True
    )


def code_filter(column: str, code_list: CodeList, vi: str, en: str) -> ParameterFilter:
    """One or several codes of a list."""
    return ParameterFilter(
        column,
        "in",
        read=read_codes(code_list),
        vi=f"{vi}; nhiều mã cách nhau bằng dấu phẩy.",
        en=f"{en}; several codes are parted by commas.",
        schema=several({"type": "string", "enum": list(code_list)}),
        example=[code_list.codes[min(3, len(code_list) - 1)]],
    )


def code_term_filter(
    term: str, code_list: CodeList, vi: str, en: str, *, form: type[TermFilter] = TermFilter
) -> TermFilter:
    """Codes of a list, of which a record may have several."""
    schema = several({"type": "string", "enum": list(code_list)})
    return form(term, vi, en, code_list.codes[0], read=read_codes(code_list), schema=schema)


def subject_filter(column: str, vi: str, en: str, example: str) -> ParameterFilter:
    """Codes of other records, of which a record has one."""
    return ParameterFilter(
        column,
        "in",
        read=subject_codes,
        vi=f"{vi} Nhiều mã cách nhau bằng dấu phẩy: một trong các mã.",
        en=f"{en} Several are parted by commas: any of them.",
        schema=CODES,
        example=[example],
    )


def legal_basis_filter() -> TermFilter:
    return TermFilter(
        "legal_instrument",
        "Mã (id) của một văn bản làm căn cứ pháp lý.",
        "Id of a legal instrument that it rests on.",
        "nghi-dinh-68-2017",
    )


def area_filters() -> tuple[SizeFilter, SizeFilter]:
    """From and to an area in hectares."""
    least = SizeFilter(
        "area_ha",
        "gte",
        unknown=Decimal(0),
        written=fixed_least,
        read=hectares,
        vi=f"Diện tích từ chừng này héc-ta; chưa rõ diện tích thì bỏ. {SURE_VI}",
        en=f"Area of at least so many hectares; unknown areas are left out. {SURE_EN}",
        schema=AREA,
        example=40,
    )
    most = SizeFilter(
        "area_ha",
        "lte",
        unknown=Decimal(0),
        written=fixed_most,
        read=hectares,
        vi=f"Diện tích đến chừng này héc-ta; chưa rõ diện tích thì bỏ. {SURE_VI}",
        en=f"Area of at most so many hectares; unknown areas are left out. {SURE_EN}",
        schema=AREA,
        example=75,
    )
    return least, most


def capital_filters(currency: str) -> tuple[SizeFilter, SizeFilter]:
    """From and to an amount in whole units of a currency."""
    column = f"capital_{currency.lower()}"
    least = SizeFilter(
        column,
        "gte",
        unknown=0,
        written=amount,
        read=whole_amount,
        vi=f"Con số vốn lớn nhất được ghi, kể cả số mâu thuẫn với số khác, từ chừng này {currency}; không ghi số "
        f"nào bằng {currency} thì bỏ. {SURE_VI}",
        en=f"The largest figure of capital, be it a rival of others, is at least so many {currency}; without one "
        f"in {currency}: left out. {SURE_EN}",
        schema=AMOUNT,
        example=1_000_000_000,
    )
    most = SizeFilter(
        column,
        "lte",
        unknown=0,
        written=amount,
        read=whole_amount,
        vi=f"Con số vốn lớn nhất được ghi, kể cả số mâu thuẫn với số khác, đến chừng này {currency}; không ghi số "
        f"nào bằng {currency} thì bỏ. {SURE_VI}",
        en=f"The largest figure of capital, be it a rival of others, is at most so many {currency}; without one "
        f"in {currency}: left out. {SURE_EN}",
        schema=AMOUNT,
        example=5_000_000_000,
    )
    return least, most


def country_filter(column: str, vi: str, en: str) -> ParameterFilter:
    return ParameterFilter(
        column,
        "in",
        read=country_codes,
        vi=f"{vi}: mã hai chữ cái ISO 3166-1, chữ hoa hay thường; nhiều mã cách nhau bằng dấu phẩy; chưa rõ nước "
        "nào thì bỏ.",
        en=f"{en}: two letters of ISO 3166-1, capital or not; several are parted by commas; where no country is "
        "known: left out.",
        schema=several({"type": "string", "enum": list(COUNTRY)}),
        example=["KR"],
    )


def in_force_filter() -> ParameterFilter:
    return ParameterFilter(
        "in_force",
        read=truth,
        vi="true: đang có hiệu lực vào ngày hỏi; false: không.",
        en="true: in force on the day asked about; false: not.",
        schema=BOOLEAN,
        example=True,
    )


def day_filters(term: str, vi: str, en: str) -> tuple[TermBoundFilter, TermBoundFilter]:
    """From and to a day that a record has as a term."""

    def bound(lookup: str, vi_bound: str, en_bound: str, example: str) -> TermBoundFilter:
        return TermBoundFilter(
            term,
            lookup,
            written=lambda found: found.isoformat(),
            read=day,
            vi=f"{vi} {vi_bound} ngày này; chưa rõ thì bỏ.",
            en=f"{en} {en_bound} this day; not known: left out.",
            schema=DATE,
            example=example,
        )

    return (
        bound("gte", "từ", "on or after", "2020-01-01"),
        bound("lte", "đến hết", "on or before", "2026-12-31"),
    )


def quantity_filters(
    term: str, vi: str, en: str, *, most: str = "", share: bool = False
) -> tuple[TermBoundFilter, TermBoundFilter]:
    """From and to a quantity that a record has as a term: hectares, or percent when it is a share.

    most: the term of what it surely is at most, where that is another and the first is what it surely is at least.
    """

    def bound(term: str, lookup: str, vi_bound: str, en_bound: str, example: int) -> TermBoundFilter:
        form = TermBoundFilter if most else SizeTermFilter
        unit_vi, unit_en = ("phần trăm", "percent") if share else ("héc-ta", "hectares")
        return form(
            term,
            lookup,
            written=fixed_least if lookup == "gte" else fixed_most,
            read=percent if share else hectares,
            vi=f"{vi} {vi_bound} chừng này {unit_vi}; chưa rõ thì bỏ. {SURE_VI}",
            en=f"{en} {en_bound} so many {unit_en}; not known: left out. {SURE_EN}",
            schema=PERCENT if share else AREA,
            example=example,
        )

    return bound(term, "gte", "từ", "of at least", 10), bound(most or term, "lte", "đến", "of at most", 90)
