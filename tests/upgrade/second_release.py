"""A registry as release 0.2.0 leaves it: `python -m tests.upgrade.second_release FOLDER`, run by that release.

Made once, at commit ffce982, on both engines, with the settings of `SETTINGS`; the files second_release.*.xz are like
those of first_release.py. Nobody runs it again: it stands here to tell what those files hold.
"""

import json
import lzma
import os
import re
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

#: What keys, secrets of webhooks and checkpoints are made with, and read with after the upgrade.
SETTINGS = {
    "SECRET_KEY": "m3Zr9vQe6TjXw1YbL8sDn4KfG7uHcA0pR5iOt2Vx-upgrade",
    "API_KEY_PEPPER": "Ky4rT8vZs2WmQx7NpL0bHcJdF5gUaE9oiXtV1yRw",
    "CHECKPOINT_ORIGIN": "so-dang-ky.example/0.2.0",
    "ANONYMOUS_READING": "1",
    "ANONYMOUS_REQUESTS_PER_MINUTE": "100000",
}
PUBLICATIONS = 3
#: Before, between and after the days of the statuses and decisions.
DAYS = ("2012-01-01", "2022-03-31", "2023-12-31", "2026-06-01")
KINDS = (
    "zones indicators projects incentives assignments sectors investors clusters decisions sources legal-instruments"
).split()
EVERYTHING = "clusters decisions investors indicators incentives"


def fixtures(folder: Path) -> Path:
    """What that release seeds, of its places only those that another record needs: the others made half of the file."""
    import yaml
    from django.conf import settings

    files = {path.name: path.read_text() for path in (Path(settings.BASE_DIR) / "fixtures").iterdir()}
    places = yaml.load(files.pop("places.yaml"), yaml.BaseLoader)
    said, needed = "\n".join(files.values()), set[str]()
    while found := {code for code in places.keys() - needed if re.search(rf"\b{code}\b(?!-)", said)}:
        needed |= found
        said = "\n".join(json.dumps(places[code], ensure_ascii=False) for code in found)
    kept = {code: place for code, place in places.items() if code in needed}
    files["places.yaml"] = yaml.safe_dump(kept, allow_unicode=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def work() -> dict[str, str]:
    """Three publications, a partner with a key and a webhook, three checkpoints, and what is under way."""
    from django.core.management import call_command
    from django.db import connection

    from registry.actions.api_keys import create_api_key, create_partner
    from registry.actions.publish import publish, withdraw
    from registry.actions.review import submit
    from registry.actions.seed import seed
    from registry.actions.webhooks import subscribe
    from registry.ledger.checkpoints import checkpoint, verifier_keys
    from registry.ledger.context import recorded
    from registry.models import (
        Citation,
        Decision,
        Indicator,
        IndicatorValue,
        Investor,
        Project,
        SourceDocument,
        Webhook,
        Zone,
        ZoneStatus,
    )
    from tests.world import clerk, leader

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        seed(fixtures(Path(folder)), at=datetime(2026, 1, 5, 2, tzinfo=UTC), today=date(2026, 1, 5))
    lan, hung = clerk().username, leader().username
    by = {"proposed_by": lan, "approved_by": hung}
    source = SourceDocument.objects.get(code="vietnamnet-2358339")
    checkpoint(connection, datetime(2026, 1, 5, 17, tzinfo=UTC))

    at = datetime(2026, 1, 20, 3, tzinfo=UTC)
    partner = create_partner("Ngân hàng A", contact="Phòng dữ liệu", purpose="Thẩm định", by=hung)
    key = create_api_key(
        partner,
        at=at,
        expires_at=datetime(2099, 12, 31, 17, tzinfo=UTC),
        scopes=["clusters"],
        name="Kho",
        by=hung,
    )[1]
    webhook = Webhook(
        partner=partner, name="Kho", url="https://93.184.216.34/hook", scopes="clusters decisions"
    )
    secret = subscribe(webhook, at=at, by=hung)

    # 2: what a zone was earlier and later, entered in another order than that of the days; one more figure.
    zone, figures = (
        Zone.objects.get(code="kcn-trang-due"),
        Indicator.objects.get(code="so-cum-dang-hoat-dong"),
    )
    with recorded(actor=lan, reason="Đối chiếu báo cáo"):
        for status, day in (("existing", date(2025, 12, 31)), ("planned", date(2011, 6, 30))):
            ZoneStatus.objects.create(zone=zone, status=status, as_of_latest=day)
        IndicatorValue.objects.create(
            indicator=figures,
            position=2,
            scope="city",
            value_kind="actual",
            value=7,
            period_latest=date(2025, 12, 31),
            period_stated_as="đến hết năm 2025",
        )
        Citation.objects.create(
            indicator=figures,
            row_position=2,
            field="value",
            source=source,
            locator="đoạn 2",
            as_stated="7 cụm",
        )
    publish([zone, figures], **by, at=datetime(2026, 2, 2, 3, tzinfo=UTC), today=date(2026, 2, 2))
    checkpoint(connection, datetime(2026, 2, 2, 17, tzinfo=UTC))

    # 3: one paper withdrawn.
    withdraw(
        [Decision.objects.get(number=790)],
        **by,
        at=datetime(2026, 3, 3, 3, tzinfo=UTC),
        today=date(2026, 3, 3),
        reason="Chưa có bản gốc",
        note="Chờ đối chiếu bản gốc.",
    )

    # Under way: a draft, a published project edited, a zone submitted, a withdrawal asked for.
    with recorded(actor=lan, reason="Nhập dở"):
        Investor.objects.create(name="Công ty Nhập Dở")
        edited = Project.objects.get(code="nha-may-h3")
        edited.project_code = "4368652487"
        edited.save()
        submitted = Zone.objects.get(code="cang-nam-do-son")
        submitted.area_ha = 100
        submitted.save()
        ZoneStatus.objects.create(zone=submitted, status="existing", as_of_latest=date(2024, 1, 1))
    at = datetime(2026, 4, 1, 3, tzinfo=UTC)
    submit(submitted, by=lan, at=at, note="Bổ sung diện tích")
    submit(Decision.objects.get(number=1012), by=lan, at=at, note="Trùng", withdrawal=True)
    last = checkpoint(connection, datetime(2026, 4, 1, 17, tzinfo=UTC))
    assert last is not None
    return {"key": key, "secret": secret, "checkpoint": last.note, "verifier": verifier_keys()[0]}


def answers() -> dict[str, list[object]]:
    """The lists of every publication and every record of the last one, by address."""
    from tests.upgrade.first_release import ask

    found: dict[str, list[object]] = {}
    for kind in KINDS:
        for seq in range(1, PUBLICATIONS + 1):
            for day in DAYS:
                address = f"/api/v1/{kind}/?valid_on={day}&known_seq={seq}&page_size=100"
                found[address] = ask(address)
        day = DAYS[-1]
        for row in json.loads(str(found[f"/api/v1/{kind}/?valid_on={day}&known_seq=1&page_size=100"][2]))[
            "results"
        ]:
            for seq in (1, PUBLICATIONS):
                address = f"/api/v1/{kind}/{row.get('code') or row['id']}/?valid_on={day}&known_seq={seq}"
                found[address] = ask(address)
    return found


def main(folder: str) -> None:
    os.environ |= SETTINGS
    django.setup()
    from django.db import connection

    from tests.upgrade.first_release import dump

    given = work()
    said = json.dumps({"answers": answers(), "given": given}, ensure_ascii=False, sort_keys=True, indent=0)
    for ending, text in (("json", said), ("sql", dump())):
        path = Path(folder) / f"second_release.{connection.vendor}.{ending}.xz"
        path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main(sys.argv[1])
