"""How much one reader may ask: per key, and without a key per address (docs/why/throttles.md).

The headers are those of draft-ietf-httpapi-ratelimit-headers-10. Counted before anything is read, so that a refusal
costs next to nothing.
"""

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from registry.api.problems import ApiProblem
from registry.api.windows import CELLS, SECONDS, Standing, Windows
from registry.queries.api_keys import Reader
from registry.rules.addresses import Address

#: The first half of the cells are keys', the other half addresses'.
_HALF = CELLS // 2


def take(reader: Reader | None, address: Address | None, at: datetime) -> Standing | None:
    """One request of the key's quota, or of the address's; None where the deployment sets no limit."""
    if reader is None:
        quota, cell = settings.ANONYMOUS_REQUESTS_PER_MINUTE, _cell_of(address)
    else:
        quota, cell = reader.requests_per_minute or settings.REQUESTS_PER_MINUTE, reader.key_id % _HALF
    return _windows(settings.VAR_DIR).take(cell, quota=quota, now=at.timestamp()) if quota else None


def headers(standing: Standing) -> dict[str, str]:
    """What is left, for whoever paces itself."""
    said = {
        "RateLimit-Policy": f'"minute";q={standing.quota};w={SECONDS}',
        "RateLimit": f'"minute";r={standing.left};t={standing.resets_in}',
    }
    return said if standing.allowed else {**said, "Retry-After": str(standing.resets_in)}


def refusal(standing: Standing) -> ApiProblem:
    many, wait = f"{standing.quota:,}".replace(",", "."), standing.resets_in
    return ApiProblem(
        "too_many_requests",
        f"Đã quá {many} yêu cầu trong một phút. Hãy gửi lại sau {wait} giây (tiêu đề Retry-After).",
        f"More than {standing.quota} requests within a minute. Ask again in {wait} seconds (Retry-After).",
    )


@lru_cache(maxsize=4)
def _windows(folder: Path) -> Windows:
    return Windows(folder / "requests-this-minute")


@lru_cache(maxsize=10_000)
def _cell_of(address: Address | None) -> int:
    """Who has one address of IPv6 has 2^64 of them. Nobody outside can find two networks that share a cell."""
    network = b"" if address is None else address.packed[:8]
    told = hashlib.blake2b(network, key=settings.API_KEY_PEPPER.encode()[:64], digest_size=8).digest()
    return _HALF + int.from_bytes(told, "big") % _HALF
