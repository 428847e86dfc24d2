"""docs/commands.md has every command with its options; its examples and those of docs/audit.md run as shown."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import DjangoHelpFormatter
from django.db import connection

from registry.ledger.context import recorded
from registry.models import Investor
from tests.seed.test_killed import database_url

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
AUDIT = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
OURS = sorted(name for name, app in get_commands().items() if app == "registry")
INHERITED = DjangoHelpFormatter.show_last | {"-h", "--help"}


def test_every_command_has_its_section_and_a_line_in_the_table():
    assert sorted(SECTIONS) == OURS
    assert sorted(re.findall(r"^\| \[(\w+)\]\(#\1\)", PAGE, re.MULTILINE)) == OURS


@pytest.mark.parametrize("name", OURS)
def test_a_section_names_every_option_and_no_other_and_the_exit_codes(name):
    parser = load_command_class("registry", name).create_parser("manage.py", name)
    options = {option for action in parser._actions for option in action.option_strings} - INHERITED
    own = {option for option in options if option.startswith("--")}
    others = re.compile(rf"^python (?!manage\.py {name}\b).*$", re.MULTILINE)
    assert set(re.findall(r"(?<!-)--[a-z][a-z-]*", others.sub("", SECTIONS[name]))) == own
    assert "Exit codes: 0 " in SECTIONS[name]


def examples(page: str) -> list[str]:
    return "".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL)).splitlines()


@pytest.mark.django_db(transaction=True)
def test_the_examples_run_as_they_are_shown(tmp_path, monkeypatch):
    call_command("migrate", verbosity=0)
    call_command("prepare", stdout=io.StringIO())
    with recorded(actor="nhap-lieu"):
        Investor.objects.create(name="Công ty mới")
    connection.close()
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert len(examples(PAGE)) >= len(OURS)
    # What an auditor keeps one day is checked another day: the page of commands writes in between.
    for line in [*examples(AUDIT)[:4], *examples(PAGE), *examples(AUDIT)[4:]]:
        command = re.sub(r"(manage\.py|registry/\S+\.py)", rf"{ROOT}/\1", line)
        ran = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == 0, f"{line}\n{ran.stdout}{ran.stderr}"
        assert "Traceback" not in ran.stderr
        if "| tail -1" in line:
            assert re.fullmatch(r"hpr_[a-z0-9]{8}_\S+\n", ran.stdout)
