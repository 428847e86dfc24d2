from pathlib import Path

import pytest

from tests.house import circles, complaints

ROOT = Path(__file__).resolve().parent.parent
# Modules below the doors that stamp rows at the moment they are written, each with its reason.
CLOCK_READERS = frozenset(
    {
        # What now() is to PostgreSQL's triggers: SQLite calls it when it writes an entry of the ledger.
        "registry.ledger.sqlite",
        # Keys that had no end are given one, a year from the day of the upgrade.
        "registry.migrations.0008_partners",
    }
)
UPWARDS = "registry/models/a.py:1: imports registry.api.b: it is not on a lower floor"
INSIDE = "registry/actions/a.py:2: imports registry.api.b inside a function: it is not on a lower floor"


def test_every_module_keeps_to_its_floor():
    assert complaints(ROOT, CLOCK_READERS) == []


@pytest.fixture
def house(tmp_path):
    def build(files: dict[str, str]) -> list[str]:
        for name, text in {"registry/__init__.py": "", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return complaints(tmp_path)

    return build


def test_a_house_in_order_has_no_complaint(house):
    files = {
        "registry/clock.py": "from registry.rules import dates\n\ndef today(): return date.today()\n",
        "registry/rules/areas.py": "import decimal\nfrom registry.rules import dates\n",
        "registry/rules/dates.py": "from datetime import date, datetime\nfrom stdnum.vn import mst\n",
        "registry/models/clusters.py": "from django.db import models\nfrom registry.rules import areas\n",
        "registry/queries/clusters.py": "from ..models.clusters import Cluster\n",
        "registry/admin/clusters.py": "from registry import clock\nfrom registry.queries import clusters\n",
        "registry/apps.py": "def ready():\n    from registry.ledger import install\n",
        "registry/ledger/install.py": "from registry.models import clusters\n",
        "registry/models/typed.py": (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from registry.admin import clusters\n"
        ),
    }
    assert house(files) == []


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("models/a.py", "from registry.api import b", UPWARDS),
        ("models/a.py", "import registry.api.b", UPWARDS),
        ("models/a.py", "from ..api import b", UPWARDS),
        ("models/a.py", "from ..api.b import X", UPWARDS),
        ("actions/a.py", "def f():\n    from registry.api import b", INSIDE),
        ("actions/a.py", "class A:\n    f = lambda s: __import__('registry.api.b')", INSIDE),
        ("actions/a.py", "import importlib\nimportlib.import_module('registry.api.b')", INSIDE),
        ("actions/a.py", "if 1:\n    import registry.api.b", "a.py:2: imports registry.api.b: it is not on"),
        (
            "actions/a.py",
            "if TYPE_CHECKING: pass\nelse: import registry.api.b",
            "a.py:2: imports registry.api",
        ),
        ("queries/a.py", "from registry.ledger import b", "a.py:1: imports registry.ledger.b: it is not"),
        ("admin/a.py", "from registry.api import b", "doors do not import each other"),
        ("management/commands/a.py", "from registry.api import b", "doors do not import each other"),
        ("actions/a.py", "from registry import clock", "imports registry.clock: time is an argument"),
        ("rules/a.py", "from registry.clock import today", "imports registry.clock: time is an argument"),
        ("rules/a.py", "from django.db import models", "imports django.db: floor 0 knows the standard"),
        ("rules/a.py", "def f():\n    import rest_framework", "a.py:2: imports rest_framework: floor 0"),
        ("clock.py", "from django.utils import timezone", "clock.py:1: imports django.utils: floor 0"),
        ("models/a.py", "from config import settings", "imports config: the registry does not know"),
        ("models/a.py", "default = timezone.now", "a.py:1: reads the clock"),
        ("models/a.py", "from django.utils.timezone import now", "a.py:1: reads the clock"),
        ("models/a.py", "at = DateTimeField(auto_now=True)", "a.py:1: reads the clock"),
        ("rules/a.py", "x = datetime.datetime.now(UTC)", "a.py:1: reads the clock"),
        ("rules/a.py", "def f():\n    return date.today()", "a.py:2: reads the clock"),
        ("actions/a.py", "x = functions.Now()", "a.py:1: reads the clock"),
        ("utils.py", "", "registry/utils.py: registry/utils is on no floor"),
        ("things/a.py", "", "registry/things is on no floor of the house"),
        ("models/helpers.py", "", "registry/models/helpers.py: the name says nothing"),
        ("models/a.py", "x = 1\n" * 401, "registry/models/a.py: 401 lines hide a concept"),
    ],
)
def test_it_names_the_line_that_breaks_the_house(house, path, text, complaint):
    found = house(
        {
            "registry/api/b.py": "",
            "registry/ledger/b.py": "",
            "registry/clock.py": "",
            f"registry/{path}": text,
        }
    )
    assert any(complaint in line for line in found), found


def test_it_finds_a_circle_that_goes_through_a_function(house):
    found = house(
        {
            "registry/models/a.py": "from registry.models import b\n",
            "registry/models/b.py": "from . import c\n",
            "registry/models/c.py": "def later():\n    from registry.models.a import A\n",
            "registry/models/d.py": "from registry.models import a\n",
        }
    )
    assert found == ["circle: registry.models.a → registry.models.b → registry.models.c → registry.models.a"]


def test_it_finds_a_circle_through_the_front_of_a_package(house):
    found = house(
        {
            "registry/models/__init__.py": "from registry.models.a import A\n",
            "registry/models/a.py": "from registry.models import B\n",
        }
    )
    assert found == ["circle: registry.models → registry.models.a → registry.models"]


def test_two_knots_are_two_circles():
    assert circles({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}, "e": {"a", "c"}}) == [
        ["a", "b", "a"],
        ["c", "d", "c"],
    ]
