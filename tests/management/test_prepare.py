import io
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from registry.ledger.entries import head
from registry.models import ApiKey, LedgerPayload
from tests.plugins.world import undone


def prepare() -> str:
    printed = io.StringIO()
    call_command("prepare", stdout=printed)
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
