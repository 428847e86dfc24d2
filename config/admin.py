from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class RegistryAdminConfig(AdminConfig):
    default_site = "registry.admin.site.RegistryAdminSite"

    def ready(self) -> None:
        super().ready()
        import_module("registry.admin.pages")
