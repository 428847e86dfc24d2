"""The query string as a whole: which names a resource knows, each once unless it is a list, nothing unreadable."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import QueryDict

from registry.api.problems import ApiProblem
from registry.api.values import MOST_PARTS, Refused
from registry.rules.text import unreadable

Value = TypeVar("Value")

LONGEST = 300
#: Several codes.
LONGEST_LIST = 2000
LONGEST_CURSOR = 4000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter as the documentation tells of it, in Vietnamese and English."""

    name: str
    vi: str
    en: str
    schema: Mapping[str, Any]
    example: Any = None
    required: bool = False

    @property
    def takes_several(self) -> bool:
        return self.schema.get("type") == "array"


#: Anything readable: no control character, and something besides spaces.
TEXT = {
    "type": "string",
    "maxLength": LONGEST,
    "pattern": r"^ *[^\u0000-\u0020\u007f-\u009f\ufffd][^\u0000-\u001f\u007f-\u009f\ufffd]*$",
}
#: The last day that there is stands for "open" in what is stored.
DATE = {"type": "string", "format": "date", "pattern": "^(?!9999-12-31)"}
MOMENT = {"oneOf": [{"type": "string", "format": "date-time"}, DATE]}
#: The code of a record.
CODE = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60}


def several(items: Mapping[str, Any]) -> dict[str, Any]:
    """Values parted by commas, or each under the parameter's name again, as many programs write lists."""
    return {"type": "array", "items": dict(items), "minItems": 1, "maxItems": MOST_PARTS}


VALID_ON = Parameter(
    "valid_on",
    "Ngày mà câu trả lời nói về; mặc định là hôm nay ở Hà Nội.",
    "The day the answer is about; by default today in Hà Nội.",
    DATE,
    "2022-02-23",
)
KNOWN_AT = Parameter(
    "known_at",
    "Trả lời như sổ đăng ký đã công bố đến lúc đó, nên lúc đó phải qua được 5 giây. Chỉ ghi ngày thì là hết ngày đó ở "
    "Hà Nội (hôm nay: đến lúc này); mặc định là lần công bố cuối.",
    "Answer as published by that moment, so it must be 5 seconds past. A date alone is the end of that day in Hà Nội "
    "(today: so far); by default the last publication.",
    MOMENT,
    "2026-01-31",
)
KNOWN_SEQ = Parameter(
    "known_seq",
    "Như known_at, nhưng nói đúng số của lần công bố; 0 là trước lần đầu.",
    "Like known_at, but names the publication by its number; 0 is before the first.",
    {"type": "integer", "minimum": 0, "maximum": 10**17},
    1,
)
SEARCH = Parameter(
    "search",
    "Tên, số hoặc mã phải có các từ bắt đầu như thế (con số thì phải trọn); không phân biệt dấu và chữ hoa.",
    "Name, number or code must have words that begin so (numbers: are so); diacritics and capitals do not matter.",
    TEXT,
    "tien cuong",
)
PAGE_SIZE = Parameter(
    "page_size",
    "Số bản ghi mỗi trang.",
    "Records a page.",
    {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    50,
)
CURSOR = Parameter(
    "cursor",
    "Lấy từ next hoặc previous; không tự đặt.",
    "Taken from next or previous; never made up.",
    {"type": "string", "pattern": r"^[A-Za-z0-9_.=\-]+$", "maxLength": LONGEST_CURSOR},
)
COUNT = Parameter(
    "count",
    "true để có thêm count: số bản ghi của cả danh sách.",
    "true adds count: how many records the whole list has.",
    {"type": "boolean", "default": False},
    True,
)
CLOCKS = (VALID_ON, KNOWN_AT, KNOWN_SEQ)


def given(query: QueryDict, known: Mapping[str, Parameter]) -> dict[str, str]:
    """The parameters by name, each one readable text. Raises ApiProblem for a name that is not known, and so on."""
    found: dict[str, str] = {}
    for name, values in query.lists():
        if name not in known:
            raise _unknown(name, list(known))
        if len(values) != 1 and not known[name].takes_several:
            raise problem(
                name, Refused("parameter_repeated", "chỉ được ghi một lần.", "may be given once only.")
            )
        try:
            found[name] = _readable(known[name], ",".join(values))
        except Refused as refused:
            raise problem(name, refused) from None
    return found


def read(parameters: Mapping[str, str], name: str, reader: Callable[[str], Value]) -> Value | None:
    """The parameter's value, None when it is not given. Raises ApiProblem."""
    if name not in parameters:
        return None
    try:
        return reader(parameters[name])
    except Refused as refused:
        raise problem(name, refused) from None


def problem(name: str, refused: Refused) -> ApiProblem:
    return ApiProblem(
        str(refused.code),
        f"Tham số “{name}”: {refused.message}",
        f"Parameter '{name}' {refused.english}",
    )


def _readable(parameter: Parameter, value: str) -> str:
    value = value.strip(" ")
    if not value:
        raise Refused(
            "parameter_empty",
            "để trống. Hãy bỏ hẳn hoặc ghi giá trị.",
            "is empty. Leave it out or give a value.",
        )
    longest = LONGEST_LIST if parameter.takes_several else LONGEST
    if len(value) > (LONGEST_CURSOR if parameter.name == CURSOR.name else longest):
        raise Refused("parameter_too_long", "quá dài.", "is too long.")
    if unreadable(value):
        raise Refused(
            "parameter_unreadable",
            "có ký tự không đọc được. Hãy gửi chữ UTF-8, mã hóa phần trăm (curl -G --data-urlencode).",
            "holds an unreadable character. Send text as UTF-8, percent-encoded (curl -G --data-urlencode).",
        )
    return value


def _unknown(name: str, names: list[str]) -> ApiProblem:
    shown = "".join(c if c.isprintable() else "?" for c in name[:60])
    near = difflib.get_close_matches(name[:60], names, n=1, cutoff=0.5)
    hint = f" Có phải là “{near[0]}”?" if near else ""
    hint_en = f" Did you mean '{near[0]}'?" if near else ""
    listed = ", ".join(names) or "–"
    return ApiProblem(
        "parameter_unknown",
        f"Không có tham số “{shown}” ở địa chỉ này.{hint} Các tham số: {listed}.",
        f"There is no parameter '{shown}' here.{hint_en} The parameters: {listed}.",
    )
