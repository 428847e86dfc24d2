from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("api/", include("registry.api.urls")),
    path("", include("registry.api.health")),
    path("", include("registry.api.metrics")),
    path("admin/", admin.site.urls),
]

# Under /api/ every refusal is a problem document, also those that no view made.
handler400 = "registry.api.errors.bad_request"
handler404 = "registry.api.errors.not_found"
handler500 = "registry.api.errors.server_error"
