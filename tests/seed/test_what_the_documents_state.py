"""Every value of the seed is traced to its paragraph, and says what stands there."""

import io
import json
from pathlib import Path

from django.core.management import call_command

from registry.models import EDITIONS, Citation
from registry.models.editions import OPEN_SEQ
from registry.queries.seed_facts import seed_facts, unsourced
from registry.rules.composition.world import OPEN_DAY

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENTS = ("vneconomy-2023-10", "vietnamnet-2358339", "bai-nghi-quyet-57-2025")
#: Fields whose values the registry's own parsers read.
MEASURED = {
    "amount",
    "area_ha",
    "as_of",
    "issued_on",
    "land_area_ha",
    "number",
    "period",
    "programme",
    "value",
}
MEASURED |= {"rate_percent", "years"}
#: Words for a time that name no day.
NO_DAY = {"Hiện", "hiện nay", "mới đây", "vừa qua"}


def test_the_page_is_what_a_fresh_registry_prints(whole_seed):
    printed = io.StringIO()
    call_command("seed_facts", stdout=printed)
    assert printed.getvalue() == (DOCS / "seed-facts.md").read_text(encoding="utf-8")


def test_every_fact_is_stated_by_a_source_or_is_reference_data(whole_seed):
    assert unsourced(seed_facts()) == []


def test_every_value_as_stated_reads_as_the_value_beside_it(whole_seed):
    published = (model.objects.filter(known_to=OPEN_SEQ, valid_to=OPEN_DAY) for model in EDITIONS.values())
    rows = [
        (edition.code, row)
        for editions in published
        for edition in editions
        for row in json.loads(bytes(edition.body)).get("sources", ())
        if row["source"]["id"] in DOCUMENTS
    ]
    assert len(rows) > 400
    for code, row in rows:
        assert row["agrees"] is not False, (code, row)
        if row["field"].rpartition(".")[2] in MEASURED and row["as_stated"] not in NO_DAY:
            assert row["agrees"] is True, (code, row)


def test_no_sentence_of_the_documents_is_copied(whole_seed):
    assert all(len(row.as_stated) <= 120 for row in Citation.objects.all())
