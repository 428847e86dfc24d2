"""Every curl of the documentation is run as printed, against a real server."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from registry.api.filters_page import as_markdown
from registry.api.urls import RESOURCES
from tests.api.conftest import NOW
from tests.keys import new_key
from tests.world import WHOLE, load

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "docs" / "api" / "README.md"
PAGES = (
    README,
    ROOT / "docs" / "api" / "questions.md",
    ROOT / "docs" / "api" / "exports.md",
    ROOT / "README.md",
)
#: Where the front page says that `make run` serves.
SERVED = "http://localhost:8000"
BLOCKS = re.compile(r"^```sh\n(curl .*?)^```\n\n?(?:^```json\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    return [block for page in PAGES for block in BLOCKS.findall(page.read_text(encoding="utf-8"))]


def shown_in(shown, answered) -> bool:
    """Whether the answer says everything that is shown: an example may leave fields out, never invent one."""
    if isinstance(shown, dict):
        return all(key in answered and shown_in(value, answered[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(answered) and all(map(shown_in, shown, answered))
    return shown == answered


def test_every_curl_command_is_in_a_block_that_is_run():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert len(commands()) == len(re.findall(r"^curl ", text, re.MULTILINE)) > 10


@pytest.mark.django_db(transaction=True)
def test_every_curl_command_answers_what_the_page_shows(live_server):
    if not shutil.which("curl"):
        if os.environ.get("ALLOW_SKIP") == "1":
            pytest.skip("curl is not installed")
        pytest.fail("curl is not installed: apt-get install curl, or ALLOW_SKIP=1")
    load(WHOLE)
    environment = {
        "PATH": os.environ["PATH"],
        "REGISTRY": live_server.url,
        "KEY": new_key("Tài liệu", at=NOW)[1],
        "no_proxy": "*",
    }
    for command, shown in commands():
        done = subprocess.run(
            ["bash", "-ec", command.replace("curl ", "curl -sS ", 1).replace(SERVED, live_server.url)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        body = json.loads(done.stdout.rpartition("\n\n")[2])
        expected = json.loads(shown) if shown else {}
        assert shown_in(expected, body), f"{command}\n{done.stdout}"
        assert body.get("status", "ok") in (expected.get("status"), "ok"), f"{command}\n{done.stdout}"


def test_the_page_names_every_resource():
    text = README.read_text(encoding="utf-8")
    assert [resource.name for resource in RESOURCES if f"{resource.name}/" not in text] == []


def test_the_page_of_filters_is_what_the_code_says():
    page = ROOT / "docs" / "api" / "filters.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), (
        "print it again: see registry/api/filters_page.py"
    )
