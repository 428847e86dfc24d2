"""Where a page begins: the order values of the row beside it, sealed, and good for one query only.

Not only signed: among the values stand numbers of rows, and their gaps would tell how much is being prepared. Under SIV
(RFC 5297) the same row always gives the same cursor, since answers with one ETag are alike to the byte.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from registry.api.problems import ApiProblem

_SALT = "registry.api.cursors"
#: Bytes. Filled up to these, so that the length of a number does not show.
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Cursor:
    """`values`: the order values of the last row seen. `query`: a hash of filters, order and clocks."""

    values: tuple[Any, ...]
    backwards: bool
    query: str

    def __str__(self) -> str:
        text = orjson.dumps([[_plain(value) for value in self.values], self.backwards, self.query])
        filled = text.ljust(-(-len(text) // _BLOCK) * _BLOCK)
        return base64.urlsafe_b64encode(_seal(settings.SECRET_KEY).encrypt(filled, None)).decode().rstrip("=")


def read_cursor(text: str, *, query: str) -> Cursor:
    """Raises ApiProblem for a cursor that is not ours, and for one of another query."""
    try:
        values, backwards, made_for = orjson.loads(_opened(text))
    except (BadSignature, InvalidTag, binascii.Error, ValueError, TypeError):
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


def _opened(text: str) -> bytes:
    if "." in text:  # of release 0.2.0, which only signed them: whoever walks through pages is not stopped
        return _decoded(Signer(salt=_SALT, sep=".").unsign(text))
    return _seal(settings.SECRET_KEY).decrypt(_decoded(text), None)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@lru_cache(maxsize=2)
def _seal(secret: str) -> AESSIV:
    return AESSIV(salted_hmac(_SALT, "sealed", secret=secret, algorithm="sha512").digest())


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value
