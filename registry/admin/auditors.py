"""Auditors read all and change nothing, whatever other groups they are in."""

from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model

#: What makes an account an auditor's. The migration gives it to the group “Kiểm toán”.
AUDIT = "registry.audit"


class Rights(ModelBackend):
    """Django's accounts and groups. Who has the right to audit may see every page there is, also those of kinds to
    come, and has no other right: an auditor who could change things would audit himself.
    """

    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        granted = super().get_all_permissions(user_obj, obj)
        return reading() if AUDIT in granted and not user_obj.is_superuser else granted


def reading() -> set[str]:
    """The right to audit, and to see every table of the registry, the accounts and their groups."""
    models = [
        *apps.get_app_config("registry").get_models(),
        apps.get_model("auth", "User"),
        apps.get_model("auth", "Group"),
    ]
    return {AUDIT, *(f"{model._meta.app_label}.view_{model._meta.model_name}" for model in models)}
