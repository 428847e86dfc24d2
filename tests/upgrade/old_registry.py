"""A database that an earlier release left (see first_release.py, second_release.py), on the engine of the tests."""

import contextlib
import json
import lzma
import os
import re
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from django.db import connection

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ASK = """
from registry.ledger.entries import head
from registry.models import SUBJECTS, Publication
from registry.queries.reviews import reviews
from tests.upgrade.first_release import PUBLICATIONS, answers, ask
from tests.upgrade.old_registry import shape
said, last = answers(), f"known_seq={PUBLICATIONS}"
states = {}
for kind, model in SUBJECTS.items():
    rows = dict(model.objects.values_list("pk", "code"))
    states |= {f"{kind}:{rows[pk]}": review.state for pk, review in reviews(kind, rows).items()}
print(json.dumps({
    "answers": said,
    "adopted": {
        address: ask(address.replace(last, f"known_seq={PUBLICATIONS + 1}"))
        for address in said if last in address and address.count("/") == 5
    },
    "states": states,
    "publications": list(map(list, Publication.objects.order_by("seq").values_list(
        "seq", "composer", "proposed_by", "approved_by", "imported"))),
    "shape": shape(),
}))
"""


def shape() -> list[list[str]]:
    """Kind, name and text of everything the database holds beside rows, as far as its text is always the same."""
    questions = {
        "sqlite": "SELECT type, name, CASE type WHEN 'table' THEN '' ELSE coalesce(sql, '') END FROM sqlite_master",
        "postgresql": """
            SELECT 'constraint', conname::text, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger
            WHERE NOT tgisinternal
            UNION ALL SELECT 'function', proname, prosrc FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND prolang IN (SELECT oid FROM pg_language WHERE lanispl)
            UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT 'column', table_name || '.' || column_name,
              concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default, collation_name)
            FROM information_schema.columns WHERE table_schema = 'public'
        """,
    }
    with connection.cursor() as cursor:
        cursor.execute(questions[connection.vendor])
        rows = [[str(value) for value in row] for row in cursor.fetchall()]
    # A dump that is read back has other brackets and casts round the same condition.
    return sorted([kind, name, re.sub(r"[() ]|::[a-z ]+(\[\])?", "", text)] for kind, name, text in rows)


def kept(ending: str, release: str = "first_release") -> str:
    """The text of a file that the release wrote on this engine."""
    return lzma.decompress((HERE / f"{release}.{connection.vendor}.{ending}.xz").read_bytes()).decode()


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry reached as its owner reaches it: through programs."""

    url: str
    folder: Path
    #: settings beside those of the tests
    settings: Mapping[str, str] = field(default_factory=dict)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "VAR_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ANONYMOUS_READING": "1",
            **self.settings,
        }
        return subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
        )

    def manage(self, *words: str) -> str:
        """What the command printed. It must end well."""
        ran = self.run("manage.py", *words)
        assert ran.returncode == 0, f"{words}\n{ran.stdout}{ran.stderr}"
        return ran.stdout

    def python(self, text: str) -> str:
        """What that prints, in a process of its own that knows json, django and Decision."""
        beginning = "import json\nimport django\ndjango.setup()\nfrom registry.models import Decision\n"
        ran = self.run("-c", beginning + text)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def asked(self, question: str = ASK) -> dict[str, Any]:
        """Answers about every record of the old release, and where the registry stands."""
        found: dict[str, Any] = json.loads(self.python(question))
        return found


class Upgraded(NamedTuple):
    registry: Registry
    #: what the check said between `migrate` and `prepare`
    pending: str
    printed: str
    before: dict[str, Any]
    after: dict[str, Any]
    #: the shape of a database that had no past
    new: list[list[str]]


def upgraded_by_today(
    registry: Registry, before: dict[str, Any], new: list[list[str]], question: str = ASK
) -> Upgraded:
    """Upgrade it as the pages say; between the two commands the check has something to say."""
    registry.manage("migrate")
    pending = registry.run("manage.py", "check_registry")
    assert pending.returncode == 1
    printed = registry.manage("prepare")
    return Upgraded(registry, pending.stdout + pending.stderr, printed, before, registry.asked(question), new)


@contextlib.contextmanager
def old_registry(
    folder: Path, release: str = "first_release", settings: Mapping[str, str] | None = None
) -> Iterator[Registry]:
    (folder / "static").mkdir()
    if connection.vendor == "sqlite":
        path = folder / "old.sqlite3"
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.executescript(kept("sql", release))
        yield Registry(f"sqlite:///{path}", folder, settings or {})
        return
    import psycopg

    told, name = connection.settings_dict, f"old_{uuid.uuid4().hex}"
    reached: dict[str, Any] = {"host": told["HOST"], "user": told["USER"]}
    with psycopg.connect(**reached, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        try:
            # Lines with a backslash are for psql.
            text = re.sub(r"(?m)^\\.*$", "", kept("sql", release))
            with psycopg.connect(**reached, dbname=name, autocommit=True) as database:
                database.execute(text)  # type: ignore[call-overload]
            url = f"postgresql://{told['USER']}@{quote(told['HOST'], safe='')}/{name}"
            yield Registry(url, folder, settings or {})
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]
