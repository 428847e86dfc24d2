from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.views.i18n import JavaScriptCatalog


class RegistryAdminSite(admin.AdminSite):
    site_header = "Sổ đăng ký đầu tư Hải Phòng"
    site_title = "Sổ đăng ký đầu tư Hải Phòng"
    index_title = "Công việc hôm nay"

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        """Django's own texts for scripts, with ours where Django has none (the days of the calendar)."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "registry"])(request)
