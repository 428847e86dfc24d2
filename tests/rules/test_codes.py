import re
import subprocess
import sys
from pathlib import Path

from registry.rules import codes

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_codes_is_what_the_generator_prints():
    printed = subprocess.run(
        [sys.executable, "-m", "registry.rules.codes"],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert printed == (ROOT / "docs/api/codes.md").read_text(encoding="utf-8")


def test_every_list_of_the_module_is_in_the_page():
    lists = [value for value in vars(codes).values() if isinstance(value, codes.CodeList)]
    assert len(lists) > 10
    assert set(lists) == set(codes.ALL)
    assert len({codes_list.name for codes_list in lists}) == len(lists)


def test_codes_are_snake_case_or_iso_once_each_and_have_both_labels():
    for codes_list in codes.ALL:
        iso = codes_list in (codes.COUNTRY, codes.CURRENCY)
        assert len(set(codes_list)) == len(codes_list)
        for code, vi, en in codes_list.entries:
            assert re.fullmatch(r"[A-Z]{2,3}" if iso else r"[a-z]+(_[a-z]+)*", code)
            assert vi.strip()
            assert en.strip()


def test_the_codes_promised_to_clients_are_kept():
    assert codes.LEGAL_STAGE.codes == (
        "unknown", "planned", "policy_approved", "established", "revoked", "annulled", "removed_from_plan",
    )  # fmt: skip
    assert codes.OPERATING_STATUS.codes == (
        "unknown", "not_operating", "building", "operating", "suspended", "ended",
    )  # fmt: skip
    assert codes.EFFECT.codes == (
        "planned", "policy_approved", "investor_approved", "developer_appointed", "established", "expanded",
        "adjusted", "corrected", "revoked", "annulled", "removed_from_plan",
    )  # fmt: skip
    assert codes.QUALIFIER.codes == ("exact", "about", "over", "nearly", "up_to", "range")


def test_a_code_list_answers_labels_choices_and_membership():
    assert codes.LEGAL_STAGE.labels("established") == {"vi": "Đã thành lập", "en": "Established"}
    assert codes.LEGAL_STAGE.vi("planned") == "Trong quy hoạch"
    assert codes.LEGAL_STAGE.choices[0] == ("unknown", "Chưa rõ")
    assert "planned" in codes.LEGAL_STAGE
    assert "expanded" not in codes.LEGAL_STAGE


def test_a_code_that_a_list_no_longer_knows_labels_itself():
    assert codes.EFFECT.labels("merged") == {"vi": "merged", "en": "merged"}
