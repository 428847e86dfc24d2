"""After too many wrong passwords for one name from one address, that pair waits. (django-axes counts.)

What it counts by (name, address, browser) is kept for that long only: each later log-in, and `clear_expired` each
night, removes what is older. A name that no account has is kept as a keyed mark: it may be a password. What is to
stay is noted as a security event (log_ins.py).
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.utils.timezone import localtime

from registry import clock
from registry.ledger.middleware import address_of
from registry.rules.addresses import home_of, parse_address


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The setting AXES_USERNAME_CALLABLE: the name of an account; of what is none, a mark that only we can make."""
    typed = str((credentials or request.POST).get("username") or "")
    if not typed or User.objects.filter(username=typed).exists():
        return typed
    return f"?{salted_hmac('registry.lockout', typed, algorithm='sha256').hexdigest()[:32]}"


def place_of(request: HttpRequest) -> str | None:
    """The setting AXES_CLIENT_IP_CALLABLE: the address, of IPv6 the first of its /64."""
    found = parse_address(address_of(request) or "")
    return str(home_of(found).network_address) if found else None


def locked_page(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any]) -> HttpResponse:
    """The setting AXES_LOCKOUT_CALLABLE: a page that says until when, the same whether the account exists or not."""
    username, now = str((credentials or {}).get("username") or ""), clock.now()
    until = locked_until(name_of(request, credentials), place_of(request)) or now + settings.AXES_COOLOFF_TIME
    message = (
        f"Đã nhập sai mật khẩu {settings.AXES_FAILURE_LIMIT} lần cho tài khoản “{username[:150]}” từ máy này; ở máy "
        f"này tài khoản tạm khóa đến {localtime(until):%H:%M ngày %d/%m/%Y}. Hãy đăng nhập lại sau lúc đó; nếu quên "
        "mật khẩu hoặc cần gấp, hãy liên hệ người quản trị."
    )
    context = {**site.each_context(request), "title": "Tạm khóa đăng nhập", "message": message}
    context["is_nav_sidebar_enabled"] = False  # there is nothing in the menu of nobody
    page = render(request, "admin/locked.html", context, status=429)
    page["Retry-After"] = str(max(1, ceil((until - now).total_seconds())))
    add_never_cache_headers(page)
    return page


def locked_until(username: str, address: str | None) -> datetime | None:
    """The first whole minute after the wait; None when nothing failed."""
    failed = AccessAttempt.objects.filter(username=username, ip_address=address)
    last = failed.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    if last is None:
        return None
    until: datetime = last + settings.AXES_COOLOFF_TIME
    return until.replace(second=0, microsecond=0) + timedelta(minutes=1)
