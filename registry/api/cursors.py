"""Where a page begins: the order values of the row beside it, signed, and good for one query only."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from django.core.signing import BadSignature, Signer

from registry.api.problems import ApiProblem

_signer = Signer(salt="registry.api.cursors", sep=".")


@dataclass(frozen=True, slots=True)
class Cursor:
    """`values`: the order values of the last row seen. `query`: a hash of filters, order and clocks."""

    values: tuple[Any, ...]
    backwards: bool
    query: str

    def __str__(self) -> str:
        text = orjson.dumps([[_plain(value) for value in self.values], self.backwards, self.query])
        return _signer.sign(base64.urlsafe_b64encode(text).decode().rstrip("="))


def read_cursor(text: str, *, query: str) -> Cursor:
    """Raises ApiProblem for a cursor that is not ours, and for one of another query."""
    try:
        coded = _signer.unsign(text)
        values, backwards, made_for = orjson.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    except (BadSignature, binascii.Error, ValueError, TypeError):
        raise ApiProblem(
            "cursor_invalid",
            "Tham số “cursor” không do máy chủ này đặt. Hãy bắt đầu lại từ trang đầu.",
            "Parameter 'cursor' was not made by this server. Begin again with the first page.",
        ) from None
    if made_for != query:
        raise ApiProblem(
            "cursor_mismatch",
            "Tham số “cursor” thuộc một truy vấn khác. Hãy giữ nguyên mọi tham số của next hoặc previous.",
            "Parameter 'cursor' belongs to another query. Keep all parameters of next or previous as they are.",
        )
    return Cursor(tuple(values), backwards, made_for)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value
