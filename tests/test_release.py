"""One release, one number."""

import re
import tomllib
from pathlib import Path

from registry import RELEASE

ROOT = Path(__file__).resolve().parent.parent


def test_the_release_is_the_one_of_the_project_and_of_the_changelog():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == RELEASE
    newest = re.search(r"^## (\S+) ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == RELEASE
