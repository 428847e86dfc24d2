"""Which addresses a webhook may have, as far as the text tells. Where the name leads is looked up at each sending."""

from urllib.parse import urlsplit

from registry.rules.problems import Problem
from registry.rules.public_addresses import is_public


def refuse_target(url: str, *, private: bool = False) -> None:
    """Raises Problem (webhook_url_…) for an address that is never sent to.

    `private` allows plain HTTP and addresses that are not public: for tests and closed networks.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("https", "http"):
        raise Problem(
            "webhook_url_malformed", "Địa chỉ nhận không đọc được. Hãy ghi như https://doi-tac.vn/nhan-tin."
        )
    if parts.username or parts.password or parts.fragment:
        raise Problem(
            "webhook_url_extra", "Địa chỉ nhận không được chứa tên, mật khẩu hay dấu #. Hãy bỏ các phần đó."
        )
    if parts.scheme != "https" and not private:
        raise Problem("webhook_url_plain", "Địa chỉ nhận phải bắt đầu bằng https://.")
    if not private and _points_inside(host):
        raise Problem(
            "webhook_url_private",
            "Địa chỉ nhận phải ở trên mạng công cộng: không nhận địa chỉ nội bộ, máy chủ này hay địa chỉ dành riêng.",
        )


def _points_inside(host: str) -> bool:
    """An address that is not public, or a name that never leaves the machine or the house."""
    name = host.rstrip(".").lower()
    try:
        return not is_public(name)
    except ValueError:
        return "." not in name or name.endswith((".localhost", ".local", ".internal", ".home.arpa"))
