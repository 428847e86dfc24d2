from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("api/", include("registry.api.urls")),
    path("", include("registry.api.health")),
    path("admin/", admin.site.urls),
]
