from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = "Sổ đăng ký đầu tư Hải Phòng"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from registry.admin import log_ins
        from registry.ledger import beside, install
        from registry.management import checks

        install.connect()
        beside.connect()
        log_ins.connect()
        checks.register()
