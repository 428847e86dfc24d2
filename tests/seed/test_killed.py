"""A seed that is killed leaves nothing, whenever it happens."""

import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from registry.ledger.entries import head as ledger_head
from registry.ledger.verify import verify
from registry.models import Announcement, ClusterEdition, Decision, Publication, SeedMark
from tests.world import load

ROOT = Path(__file__).resolve().parent.parent.parent
SEED_AND_DIE = """
import os, signal, sys
import django
from django.core.management import call_command
django.setup()
from django.apps import apps
from django.db.models.signals import post_save
model, count = apps.get_model("registry", sys.argv[1]), int(sys.argv[2])
def die(**kwargs):
    if model.objects.count() == count:
        os.kill(os.getpid(), signal.SIGKILL)
post_save.connect(die, sender=model)
call_command("seed")
"""


def database_url() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgresql://{settings['USER']}@{quote(settings['HOST'], safe='')}/{settings['NAME']}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("model", "count"), [("Decision", 7), ("Publication", 1)])
def test_a_seed_killed_in_the_middle_leaves_nothing_and_can_be_run_again(model, count, monkeypatch):
    before = ledger_head()
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    ended = subprocess.run([sys.executable, "-c", SEED_AND_DIE, model, str(count)], cwd=ROOT, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    for table in (Decision, SeedMark, Publication, ClusterEdition, Announcement):
        assert not table.objects.exists()
    assert ledger_head() == before
    load()
    assert Decision.objects.count() == 12
    assert verify(connection).problems == []
