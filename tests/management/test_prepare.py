import io
import os
import re
import subprocess
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from registry import clock
from registry.actions import webhooks
from registry.ledger.entries import head
from registry.models import ApiKey, LedgerPayload, Partner, PepperMark, Webhook
from registry.queries.api_keys import find, mark_of_pepper
from registry.rules.problems import Problem
from tests.keys import new_key
from tests.plugins.world import undone


def prepare(*options: str) -> str:
    printed = io.StringIO()
    call_command("prepare", *options, stdout=printed)
    return printed.getvalue()


@pytest.fixture(scope="module")
def first(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """What the first run prints."""
    with django_db_blocker.unblock(), undone():
        yield prepare()


@pytest.fixture
def prepared(first: str) -> Iterator[str]:
    """A registry after that; what a test writes is gone after it."""
    with undone():
        yield first


def test_the_printed_passwords_open_a_clerks_and_a_leaders_account(prepared):
    passwords = dict(re.findall(r"Tài khoản (\S+) .*chỉ in một lần: (\S+)", prepared))
    groups = {}
    for name, password in passwords.items():
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.is_staff
        assert not user.is_superuser
        groups[name] = [group.name for group in user.groups.all()]
    assert groups == {"nhap-lieu": ["Nhập liệu"], "lanh-dao": ["Duyệt"]}


def test_the_accounts_stand_in_the_ledger_and_their_passwords_do_not(prepared):
    passwords = re.findall(r"chỉ in một lần: (\S+)", prepared)
    assert len(passwords) == 2
    texts = [text for text in LedgerPayload.objects.values_list("after", flat=True) if text]
    assert any('"nhap-lieu"' in text for text in texts)
    assert not any(secret in text or "argon2" in text for text in texts for secret in passwords)


def test_preparing_twice_changes_nothing(prepared):
    before = head()
    printed = prepare()
    assert head() == before
    assert "chỉ in một lần" not in printed
    assert "Tài khoản lanh-dao (lãnh đạo duyệt) đã có." in printed


@pytest.mark.parametrize("local", [True, False])
def test_who_forgot_a_password_can_type_what_is_printed(prepared, settings, local, monkeypatch, tmp_path):
    settings.LOCAL = local
    for folder in (settings.BASE_DIR, tmp_path):
        monkeypatch.chdir(folder)
        (line,) = re.findall(r"Quên mật khẩu: (.*) TÀI-KHOẢN", prepare())
        assert line.startswith("LOCAL=1 ") == local
        environment = {name: value for name, value in os.environ.items() if name != "LOCAL"}
        if not local:
            line = f"LOCAL=1 {line}"  # what a deployment sets otherwise
        asked = subprocess.run(
            ["sh", "-c", f"{line} --help"], cwd=folder, env=environment, capture_output=True, text=True
        )
        assert (asked.returncode, asked.stderr) == (0, "")
        assert "changepassword" in asked.stdout


def test_an_account_whose_password_was_changed_keeps_it(prepared):
    user = User.objects.get(username="nhap-lieu")
    user.set_password("một câu dài mà chỉ tôi biết")
    user.save()
    prepare()
    assert User.objects.get(username="nhap-lieu").check_password("một câu dài mà chỉ tôi biết")


def test_a_revoked_demonstration_key_is_not_made_again(prepared):
    assert ApiKey.objects.count() == 1
    ApiKey.objects.update(revoked_at="2026-01-02T03:04:05Z")
    prepare()
    assert ApiKey.objects.count() == 1


@pytest.fixture
def another_pepper(prepared, settings):
    """The server is started with another pepper than the one its keys were made under."""
    ours = settings.API_KEY_PEPPER
    settings.API_KEY_PEPPER = "hat-tieu-khac-" * 4
    return ours


def readiness() -> tuple[int, str]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json().get("failed", "")


def test_a_wrong_pepper_is_told_and_not_only_by_keys_that_no_longer_fit(another_pepper, settings):
    before = head()
    with pytest.raises(CommandError, match="pepper_other"):
        prepare()
    checked = io.StringIO()
    with pytest.raises(CommandError, match=r"registry\.W003"):
        call_command("check", databases=["default"], fail_level="WARNING", stderr=checked)
    assert readiness() == (503, "pepper")
    assert head() == before
    settings.API_KEY_PEPPER = another_pepper
    assert readiness() == (200, "")
    prepare()


def test_no_key_and_no_secret_is_made_under_a_wrong_pepper(another_pepper):
    """It would fit no more once the pepper is put right."""
    partner = Partner.objects.get()
    for by_whom in (
        lambda: new_key(partner.name, at=clock.now()),
        lambda: webhooks.subscribe(
            Webhook(partner=partner, url="https://doi-tac.vn/", scopes="sources"), at=clock.now()
        ),
    ):
        with pytest.raises(Problem) as refused:
            by_whom()
        assert refused.value.code == "pepper_other"
    assert not Webhook.objects.exists()


def test_where_the_pepper_is_lost_the_registry_goes_on_with_another(another_pepper, prepared, settings):
    lost = re.search(r"^hpr_\S+$", prepared, re.MULTILINE)[0]
    prepare("--other-pepper")
    assert readiness() == (200, "")
    assert find(lost, clock.now()) is None
    _, given = new_key(Partner.objects.get().name, at=clock.now())
    assert find(given, clock.now())
    # Only a mark is kept, and of one pepper at a time.
    assert [row.mark for row in PepperMark.objects.all()] == [mark_of_pepper()]
    assert settings.API_KEY_PEPPER not in PepperMark.objects.get().mark
