"""A registry as the first release leaves it: `python -m tests.upgrade.first_release FOLDER`, run by that release.

Made once, at commit 5caeb8c, on both engines; the tables were then written down as SQL in first_release.*.sql.xz
(sqlite3's iterdump; pg_dump --inserts --no-owner --no-privileges), and what its API answered, with the contents of
its statements, in first_release.*.json.xz. Nobody runs it again: it stands here to tell what those files hold.
"""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

#: Days around those on which decisions act, and one before and after all of them.
DAYS = ("2022-01-17", "2022-03-20", "2022-03-31", "2023-06-30", "2027-06-01")
PUBLICATIONS = 4
KINDS = ("authorities", "clusters", "decisions", "investors", "legal-instruments", "places", "sources")


def work() -> None:
    """Four publications and everything that can be under way between them."""
    from django.conf import settings
    from django.core.management import call_command

    from registry.actions.publish import publish, withdraw
    from registry.actions.review import return_for_changes, submit
    from registry.actions.seed import seed
    from registry.ledger.context import recorded
    from registry.models import Citation, Cluster, Decision, Effect, Investor, OperatingReport, SourceDocument
    from tests.world import clerk, leader

    call_command("migrate", verbosity=0)
    seed(Path(settings.BASE_DIR) / "fixtures", at=datetime(2026, 1, 5, 2, tzinfo=UTC), today=date(2026, 1, 5))
    lan, hung = clerk().username, leader().username
    by = {"proposed_by": lan, "approved_by": hung}

    # 2: a decision corrected, with a cited report of operation.
    paper = Decision.objects.get(number=1013)
    cluster = Cluster.objects.get(code="giang-bien")
    with recorded(actor=lan, reason="Đối chiếu bản gốc"):
        effect = paper.effects.get()
        effect.area_ha, effect.area_qualifier = "50.5", "about"
        effect.save()
        paper.citations.update(locator="đoạn 8, câu cuối")
        OperatingReport.objects.create(
            cluster=cluster,
            as_of_latest=date(2023, 6, 30),
            industrial_land_ha="35.25",
            source=SourceDocument.objects.get(),
            locator="đoạn 10",
        )
    publish([paper, cluster], **by, at=datetime(2026, 2, 2, 3, tzinfo=UTC), today=date(2026, 2, 2))

    # 3: one paper withdrawn.
    withdraw(
        [Decision.objects.get(number=790)],
        **by,
        at=datetime(2026, 3, 3, 3, tzinfo=UTC),
        today=date(2026, 3, 3),
        reason="Chưa có bản gốc",
        note="Chờ đối chiếu bản gốc.",
    )

    # 4: an expansion whose day has not come, by a paper with a place and a developer.
    with recorded(actor=lan, reason="Nhập quyết định mở rộng"):
        developer = Investor.objects.create(name="Công ty cổ phần Shinec", enterprise_code="0200547361")
        larger = Decision(
            issuer=paper.issuer,
            number=15,
            symbol="QĐ-UBND",
            issued_earliest=date(2026, 3, 20),
            issued_latest=date(2026, 3, 20),
            issued_stated_as="20/03/2026",
            effective_earliest=date(2027, 1, 1),
            effective_latest=date(2027, 1, 1),
            effective_stated_as="01/01/2027",
        )
        larger.save()
        grown = Effect.objects.create(
            decision=larger, cluster=cluster, effect_code="expanded", area_ha=60, developer=developer
        )
        grown.places.set(cluster.places.all(), through_defaults={"decision": larger})
        Citation.objects.create(
            decision=larger,
            effect_position=1,
            field="area_ha",
            source=SourceDocument.objects.get(),
            locator="đoạn 8",
            as_stated="60 ha",
        )
    publish([developer, larger], **by, at=datetime(2026, 3, 25, 3, tzinfo=UTC), today=date(2026, 3, 25))

    # Under way: a draft, a published decision edited, one submitted, one returned, a withdrawal asked for.
    with recorded(actor=lan, reason="Nhập dở"):
        Investor.objects.create(name="Công ty Nhập Dở")
        edited = Decision.objects.get(number=202)
        edited.signer = "Nguyễn Văn A"
        edited.save()
        submitted = Decision.objects.get(number=607)
        submitted.signer = "Nguyễn Văn B"
        submitted.save()
        returned = Decision.objects.get(number=791)
        returned.signer = "Nguyễn Văn C"
        returned.save()
    at = datetime(2026, 4, 1, 3, tzinfo=UTC)
    submit(submitted, by=lan, at=at, note="Bổ sung người ký")
    submit(returned, by=lan, at=at, note="Bổ sung người ký")
    return_for_changes(returned, by=hung, at=at, comment="Ghi cả chức vụ")
    submit(Decision.objects.get(number=1012), by=lan, at=at, note="Trùng", withdrawal=True)


@cache
def client() -> Any:
    # One for all: each would start the application anew.
    from django.test import Client

    return Client(SERVER_NAME="localhost")


def ask(address: str) -> list[object]:
    """Status, ETag and text of one answer."""
    answer = client().get(address)
    return [answer.status_code, answer.headers.get("ETag"), answer.content.decode()]


def answers() -> dict[str, list[object]]:
    """Every answer about every record of the four publications, by address."""
    found: dict[str, list[object]] = {}
    for kind in KINDS:
        listed = set()
        for seq in range(1, PUBLICATIONS + 1):
            for day in DAYS:
                address = f"/api/v1/{kind}/?valid_on={day}&known_seq={seq}&page_size=100"
                found[address] = ask(address)
                for row in json.loads(str(found[address][2]))["results"]:
                    listed.add(row.get("code") or row["id"])
        for code in sorted(listed):
            for seq in range(1, PUBLICATIONS + 1):
                for day in DAYS:
                    address = f"/api/v1/{kind}/{code}/?valid_on={day}&known_seq={seq}"
                    found[address] = ask(address)
            address = f"/api/v1/{kind}/{code}/history/?known_seq={PUBLICATIONS}"
            found[address] = ask(address)
    return found


def statements() -> list[list[object]]:
    from registry.models import Statement

    rows = Statement.objects.order_by("publication_id", "kind", "subject_id")
    return [list(row) for row in rows.values_list("kind", "subject_id", "content_version", "content")]


def dump() -> str:
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return "\n".join(sqlite3.connect(name).iterdump())
    told = connection.settings_dict
    words = [
        "pg_dump",
        "--inserts",
        "--no-owner",
        "--no-privileges",
        "-h",
        told["HOST"],
        "-U",
        told["USER"],
        name,
    ]
    return subprocess.run(words, check=True, capture_output=True).stdout.decode()


def main(folder: str) -> None:
    django.setup()
    from django.db import connection

    work()
    said = json.dumps(
        {"answers": answers(), "statements": statements()}, ensure_ascii=False, sort_keys=True, indent=0
    )
    for ending, text in (("json", said), ("sql", dump())):
        path = Path(folder) / f"first_release.{connection.vendor}.{ending}.xz"
        path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main(sys.argv[1])
