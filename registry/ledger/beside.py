"""The guards of a file beside the ledger (config/databases.py): nothing is recorded there, its rows only stay."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation
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


class Executor(MigrationExecutor):
    """Django's, for a file beside the ledger: of migrations that pass it by it is only noted that they were applied.

    Django would make every model anew for each of their steps, and then see that the step is for the other database:
    half of what preparing a new registry took.
    """

    def _migrate_all_forwards(
        self, state: Any, plan: Any, full_plan: Any, fake: bool, fake_initial: bool
    ) -> Any:
        wanted = {migration for migration, _ in plan}
        for migration in (migration for migration, _ in full_plan if migration in wanted):
            if self._passes_by(migration):
                # Models made for a migration before this one would be made anew at each change.
                vars(state).pop("apps", None)
                state = migration.mutate_state(state, preserve=False)
                self.record_migration(migration)  # type: ignore[call-arg]
            else:
                one = [(migration, False)]
                state = super()._migrate_all_forwards(state, one, one, fake, fake_initial)  # type: ignore[misc]
        return state

    def _passes_by(self, migration: Migration) -> bool:
        return not any(self._is_for_us(migration.app_label, step) for step in migration.operations)

    def _is_for_us(self, app: str, step: Any) -> bool:
        """What the step itself would ask the router; of a step that we do not know, yes: Django decides."""
        alias = self.connection.alias
        if isinstance(step, ModelOperation):
            return router.allow_migrate(alias, app, model_name=step.name_lower)
        if isinstance(step, FieldOperation):
            return router.allow_migrate(alias, app, model_name=step.model_name_lower)
        if isinstance(step, IndexOperation):
            return router.allow_migrate(alias, app, model_name=step.model_name_lower)
        if isinstance(step, RunPython | RunSQL):
            return router.allow_migrate(alias, app, **step.hints)
        return True
