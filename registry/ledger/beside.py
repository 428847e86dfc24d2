"""The guards of a file beside the ledger (config/databases.py): nothing is recorded there, its rows only stay."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate

from registry.ledger.arming import arm, disagreements, tables


def connect() -> None:
    """Called once, when the app is ready."""
    post_migrate.connect(_guard, sender=apps.get_app_config("registry"), dispatch_uid="beside")
    checks.register(check_guards, checks.Tags.database)


def _guard(using: str, **kwargs: Any) -> None:
    if using != DEFAULT_DB_ALIAS:
        arm(connections[using], tables(connections[using]))


def check_guards(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning for each guard that is not what it should be, as `check_triggers` gives of the ledger's own."""
    return [
        checks.Warning(f"Nhật ký an ninh: {name} ({code}).", hint="manage.py migrate", id="ledger.W002")
        for alias in set(databases or ()) - {DEFAULT_DB_ALIAS}
        for code, name in disagreements(connections[alias])
    ]
