"""What the server was started with, noted as a security event when it differs from the last time."""

import logging
from hashlib import sha256
from hmac import digest
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from config.environment import VARIABLES, text
from registry import RELEASE
from registry.ledger.security_events import note_settings

log = logging.getLogger(__name__)
#: Of these only a mark is noted, that says whether they changed and from which nobody gets back to them.
SECRETS = ("SECRET_KEY", "API_KEY_PEPPER", "METRICS_TOKEN", "EMAIL_PASSWORD")


def settings_in_force() -> dict[str, str]:
    """Every name of config/environment.py that has a value, and the release; secrets as marks."""
    found = {name: text(name) for name in VARIABLES}
    found |= {"SECRET_KEY": settings.SECRET_KEY, "API_KEY_PEPPER": settings.API_KEY_PEPPER}
    for name in SECRETS:
        if found.get(name):
            # Under SECRET_KEY: the mark of a short one cannot be guessed by trying.
            mark = digest(settings.SECRET_KEY.encode(), f"{name}:{found[name]}".encode(), sha256)
            found[name] = f"({mark.hex()[:12]})"
    if found["DATABASE_URL"]:
        url = urlsplit(found["DATABASE_URL"])
        found["DATABASE_URL"] = (
            f"{url.scheme}://{url.username or ''}@{url.hostname or ''}:{url.port or ''}{url.path}"
        )
    return {"RELEASE": RELEASE, **{name: value for name, value in sorted(found.items()) if value}}


def note_start() -> None:
    """Never stops a start: a database that is not there yet, or not migrated, is told by /readyz."""
    try:
        note_settings(settings_in_force())
    except (DatabaseError, ValueError) as error:
        log.warning("The settings in force could not be noted: %s", error)
