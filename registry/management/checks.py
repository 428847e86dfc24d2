"""What Django's `check` is told of a registry: what a restore left behind, what a deployment forgot."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections

from registry.queries.api_keys import PEPPER_OTHER, is_other_pepper
from registry.queries.unproved import UNPROVED, is_unproved


def register() -> None:
    """Called once, when the app is ready."""
    checks.register(check_restored, checks.Tags.database)
    checks.register(check_pepper, checks.Tags.database)
    checks.register(check_static_files, checks.Tags.staticfiles, deploy=True)


def check_restored(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning, which `check_registry` fails for: `restore` itself migrates what it has not proved yet."""
    unproved = any(is_unproved(connections[alias]) for alias in databases or ())
    return [checks.Warning(UNPROVED, id="registry.W001")] if unproved else []


def check_pepper(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning when no key here fits any more: partners only see that they are refused."""
    other = DEFAULT_DB_ALIAS in (databases or ()) and is_other_pepper()
    return [checks.Warning(PEPPER_OTHER, id="registry.W003")] if other else []


def check_static_files(**kwargs: Any) -> list[checks.CheckMessage]:
    """A warning when pages name files that `collectstatic` has not collected from this release: they fail with 500."""
    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:  # a person's own machine serves them from where they are
        return []
    ignored = apps.get_app_config("staticfiles").ignore_patterns
    ours = {path for finder in get_finders() for path, _ in finder.list(ignored)}
    if not (missing := sorted(ours - set(collected))):
        return []
    return [
        checks.Warning(
            f"Thiếu {len(missing)} tệp tĩnh trong {settings.STATIC_ROOT}, ví dụ {missing[0]}: trang sẽ báo lỗi.",
            hint="manage.py collectstatic --noinput",
            id="registry.W002",
        )
    ]
