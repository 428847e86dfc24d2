"""Hooks the ledger into Django: connections, migrations, system checks."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate

from registry.ledger import migrating
from registry.ledger.arming import disagreements, exists
from registry.ledger.checkpoints import KeyMissing, signing_key
from registry.ledger.engines import engine_of
from registry.ledger.roles import RoleRefused, entrust, entrusted, refuse_others, too_much


def connect() -> None:
    """Called once, when the app is ready."""
    sender = apps.get_app_config("registry")
    connection_created.connect(_connected, dispatch_uid="ledger")
    pre_migrate.connect(_before_migrate, sender=sender, dispatch_uid="ledger")
    post_migrate.connect(_after_migrate, sender=sender, dispatch_uid="ledger")
    checks.register(check_triggers, checks.Tags.database)
    checks.register(check_checkpoint_key, checks.Tags.security, deploy=True)
    checks.register(check_role, checks.Tags.security, deploy=True)


def _connected(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    engine_of(connection).connected(connection)


def _before_migrate(using: str, plan: Sequence[Any] = (), apps: Any = None, **kwargs: Any) -> None:
    if not plan:
        return
    try:
        refuse_others(connections[using])
        _refuse_to_go_back(plan, apps)
        migrating.begin(connections[using], _names(plan))
    except (migrating.MigrateRefused, RoleRefused) as refusal:
        raise CommandError(f"{refusal.code} · {refusal.message}") from refusal


def _refuse_to_go_back(plan: Sequence[Any], apps: Any) -> None:
    """Before any step of the plan: one in the middle of it would refuse when others are undone already. All that an
    earlier release could not keep is told at once.
    """
    refusals = []
    for migration, backwards in plan:
        if backwards and hasattr(migration, "refuse_to_go_back"):
            try:
                migration.refuse_to_go_back(apps)
            except CommandError as refusal:
                refusals.append(str(refusal))
    if refusals:
        raise CommandError("\n".join(refusals))


def _after_migrate(using: str, plan: Sequence[Any] = (), **kwargs: Any) -> None:
    connection = connections[using]
    try:
        migrating.finish(connection, _names(plan))
        if plan:
            for role in entrusted(connection):
                entrust(connection, role)
    except RoleRefused as refusal:
        raise CommandError(f"{refusal.code} · {refusal.message}") from refusal


def _names(plan: Sequence[Any]) -> list[str]:
    return [f"-{migration}" if backwards else str(migration) for migration, backwards in plan]


def check_triggers(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning for each trigger that is not what the models ask for.

    Not an error: `migrate` runs this check first, and is what puts triggers right.
    """
    return [
        checks.Warning(
            f"Sổ cái: {name} ({code}).", hint="manage.py migrate, manage.py verify_ledger", id="ledger.W001"
        )
        for alias in databases or ()
        if exists(connections[alias])
        for code, name in disagreements(connections[alias])
    ]


def check_checkpoint_key(**kwargs: Any) -> list[checks.CheckMessage]:
    """An error when there should be a key that signs checkpoints, and it cannot be read."""
    try:
        if settings.CHECKPOINT_KEY_FILE:
            signing_key()
    except KeyMissing as missing:
        return [checks.Error(str(missing), hint="manage.py checkpoint --new-key", id="ledger.E001")]
    return []


def check_role(**kwargs: Any) -> list[checks.CheckMessage]:
    """A warning when what the application connects as could change the ledger."""
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        power = too_much(connection) if exists(connection) else []
    except DatabaseError:  # `readyz` says so
        return []
    if not power:
        return []
    return [
        checks.Warning(
            f"Sổ cái: vai trò PostgreSQL mà ứng dụng đang dùng {'; '.join(power)}.",
            hint="manage.py application_role; docs/operations.md#postgresql",
            id="ledger.W002",
        )
    ]
