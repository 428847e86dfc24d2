"""What was typed outlives the session it was typed in: a form refused for its session is offered again, whole.

Logging out, logging in again in another tab, or a session that ran out makes Django refuse the next form. Here
the refusal carries the form back as hidden fields with a fresh token; nothing is saved before a person who is
logged in presses the button. Only for a form of our own pages: another site's never gets a button to press.
The same holds for a form that came while the database was full, read-only, busy or away.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import is_same_domain

UNAVAILABLE = "Chưa lưu: cơ sở dữ liệu đang bận"
NOTHING_SAVED = "Chưa lưu gì: cơ sở dữ liệu đang bận, đầy đĩa, chỉ cho đọc hoặc mất kết nối (not_ready)."
WAIT = "Hãy đợi một phút rồi thử lại; nếu vẫn thấy trang này, hãy báo người quản trị kèm giờ xảy ra."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The setting CSRF_FAILURE_VIEW."""
    if request.method == "POST" and may_be_sent_again(request):
        return resend_page(request, no_cookies=reason == REASON_NO_CSRF_COOKIE)
    return render(request, "403_csrf.html", status=403)


def may_be_sent_again(request: HttpRequest) -> bool:
    """A form of the admin, from one of our own pages, without a password in it."""
    front, entrance, leaving = (reverse(f"admin:{name}") for name in ("index", "login", "logout"))
    return (
        request.path.startswith(front)
        and request.path not in (entrance, leaving)
        and _from_here(request)
        and not any("password" in name for name in request.POST)
    )


def resend_page(request: HttpRequest, no_cookies: bool = False) -> HttpResponse:
    """Everything of the form except its old token and its files, and a button that sends it again."""
    return _offered_again(
        request,
        "Chưa lưu: phiên làm việc đã đổi",
        "Chưa lưu gì: trang này được mở trong một phiên làm việc khác.",
        403,
        session_changed=True,
        allowed=site.has_permission(request),
        no_cookies=no_cookies,
    )


def send_later_page(request: HttpRequest) -> HttpResponse:
    """The same for a form that the database could not take just now."""
    return _offered_again(request, UNAVAILABLE, f"{NOTHING_SAVED} {WAIT}", 503)


def _offered_again(
    request: HttpRequest, title: str, said: str, status: int, **context: object
) -> HttpResponse:
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    page = {
        **site.each_context(request),
        "title": title,
        "said": said,
        "fields": fields,
        "address": request.get_full_path(),
        "files_left_out": bool(request.FILES),
        # The menu leads away from what was typed.
        "is_nav_sidebar_enabled": False,
        **context,
    }
    response = render(request, "admin/resend.html", page, status=status)
    add_never_cache_headers(response)
    return response


def _from_here(request: HttpRequest) -> bool:
    """Browsers name the page that a form was sent from; who names none is not believed."""
    said = urlsplit(request.headers.get("Origin", request.headers.get("Referer", "")))
    # Where a proxy does not pass on the host that the browser asked, the settings name it, also as https://*.example.
    ours = map(urlsplit, (f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS))
    return any(
        said.scheme == one.scheme and is_same_domain(said.netloc, one.netloc.lstrip("*")) for one in ours
    )
