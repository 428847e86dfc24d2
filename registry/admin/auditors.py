"""Auditors read all and change nothing, whatever other groups they are in."""

from typing import Any

from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model
from django.http import HttpRequest

#: What makes an account an auditor's. The migration gives it to the group “Kiểm toán”.
AUDIT = "registry.audit"


class Rights(ModelBackend):
    """Django's accounts and groups. Who has the right to audit may see every page there is, also those of kinds to
    come, and has no other right: an auditor who could change things would audit himself.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """As Django does, but an old hash is not renewed: that writes the account, under the ledger's lock, and a
        log-in waits for nobody. The next password that is set gets the hash of today."""
        if username is None or password is None:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            User().set_password(password)  # takes as long as for a name that is there
            return None
        return user if check_password(password, user.password) and self.user_can_authenticate(user) else None

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
