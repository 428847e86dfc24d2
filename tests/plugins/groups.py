"""The groups of staff come by migration. A transactional test's flush takes them; this puts them back."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def _groups_survive_a_flush() -> Iterator[None]:
    from django.apps import apps
    from django.contrib.auth.models import Group
    from django.db import connections
    from django.db.models.signals import post_migrate

    create_groups = import_module("registry.migrations.0002_groups").create_groups
    permit_later_kinds = import_module("registry.migrations.0006_more_kinds_kept").permit
    permit_keys = import_module("registry.migrations.0008_partners").permit
    permit_webhooks = import_module("registry.migrations.0009_webhooks").permit
    permit_redactions = import_module("registry.migrations.0013_redactions").permit
    create_auditors = import_module("registry.migrations.0015_security_events").create_auditors
    config = apps.get_app_config("registry")

    def put_back(using: str, plan: Sequence[Any] = (), **_: Any) -> None:
        # Django sends this after a flush too, then without a plan of migrations.
        if not plan and using == "default" and not Group.objects.using(using).exists():
            module = config.models_module
            granted = (permit_later_kinds, permit_keys, permit_webhooks, permit_redactions, create_auditors)
            for step in (create_groups, *granted):
                step(apps, connections[using].schema_editor())
            config.models_module = module

    post_migrate.connect(put_back, sender=config, weak=False)
    yield
    post_migrate.disconnect(put_back, sender=config)
