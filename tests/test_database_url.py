"""A DATABASE_URL that cannot be read stops the start with its name, and without the password that is in it."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.databases import databases_of
from tests.test_repository import ROOT, deployment


@pytest.mark.parametrize(
    "url",
    [
        "registry.example",
        "postgres//registry:geheim@db/registry",
        "mysql://registry:geheim@db/registry",
        "postgis://registry:geheim@db/registry",
        "postgresql://registry:ge/heim@db:x/registry",
        "postgresql://registry:geheim@db:abc/registry",
        "postgresql://registry:geheim@db:70000/registry",
        "postgresql://registry:geheim@[db/registry",
        "postgresql://registry:geheim@db",
        "postgresql://registry:geheim@db/",
        # A / or ? in a password that begins with figures: its rest passed for the database's name.
        "postgresql://registry:12/geheim@db/registry",
        "postgresql://registry:12/3?geheim@db/registry",
        "postgresql://registry:geheim@db/registry?sslmod=require",
        "sqlite://geheim.sqlite3",
        "sqlite:///",
    ],
)
def test_an_address_that_is_none_is_named_and_its_password_is_not(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot be read") as refused:
        databases_of(url, conn_max_age=0)
    assert "heim" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://registry:ge%2Fh%40eim@db:5432/registry?sslmode=require&connect_timeout=5",
        "postgres://registry@%2Frun%2Fpostgresql/registry",
        "postgresql:///registry",
        "postgresql:///?service=registry",
    ],
)
def test_an_address_of_a_server_is_taken_as_it_is(url: str) -> None:
    (main,) = databases_of(url, conn_max_age=7).values()
    assert (main["ENGINE"], main["CONN_MAX_AGE"]) == ("django.db.backends.postgresql", 7)
    assert main["NAME"] == ("" if "service" in url else "registry")


@pytest.mark.parametrize("words", [["migrate"], ["prepare"], ["check", "--deploy"]])
def test_a_start_says_so_in_a_sentence(tmp_path, words) -> None:
    env = deployment(tmp_path, DATABASE_URL="postgresql://registry:geheim@db:abc/registry")
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("ImproperlyConfigured: DATABASE_URL cannot be read")
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stdout + done.stderr
