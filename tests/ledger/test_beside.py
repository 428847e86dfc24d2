"""What is migrated in the file beside the ledger, and what passes it by. On PostgreSQL there is no such file."""

import pytest
from django.db import connections, router

from config.databases import SECURITY
from registry.ledger.beside import Executor


@pytest.mark.skipif(SECURITY not in connections, reason="Only SQLite has a second file.")
@pytest.mark.django_db
def test_no_migration_passes_by_a_file_that_has_a_table_of_it():
    executor = Executor(connections[SECURITY])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    ours = {migration for migration, _ in plan if not executor._passes_by(migration)}
    assert {(m.app_label, m.name) for m in ours if m.app_label == "registry"} == {
        ("registry", "0015_security_events")
    }
    assert {m for m, _ in plan if m.app_label in ("axes", "sessions")} <= ours
    # And each table of that file is made by one that is run.
    state = executor.loader.project_state()
    tables = {
        model for model in state.models if router.allow_migrate(SECURITY, model[0], model_name=model[1])
    }
    made = {
        (migration.app_label, step.name_lower)
        for migration in ours
        for step in migration.operations
        if type(step).__name__ == "CreateModel"
    }
    assert tables <= made
