import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from registry.actions.api_keys import create_api_key, revoke_api_key
from registry.models import ApiKey, LedgerEntry, LedgerPayload
from registry.queries.api_keys import find
from registry.rules.problems import Problem
from tests.management.calling import manage

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
#: 31/12/2099 ends in Hà Nội seven hours before it does in UTC.
END = datetime(2099, 12, 31, 16, 59, 59, 999999, tzinfo=UTC)


def test_the_key_stands_alone_on_the_last_line_and_opens_the_api():
    ended = manage("create_api_key", "Ngân hàng A", "--expires", "31/12/2099")
    raw_key = ended.out.splitlines()[-1]
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"hpr_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", raw_key)
    key = find(raw_key, AT)
    assert (key.name, key.scopes, key.expires_at) == ("Ngân hàng A", "read", END)


def test_neither_the_table_nor_the_ledger_holds_the_key():
    raw_key = manage("create_api_key", "A").out.splitlines()[-1]
    secret = raw_key.split("_", 2)[2]
    key = ApiKey.objects.get()
    assert secret not in str(key.__dict__)
    texts = [text for text in LedgerPayload.objects.values_list("after", flat=True) if text]
    assert any(key.prefix in text for text in texts)
    assert not any(secret in text or key.digest in text for text in texts)
    assert LedgerEntry.objects.get(table_name="registry_apikey").actor == "system"


def test_a_key_ends_with_the_moment_it_expires():
    _, raw_key = create_api_key("A", at=AT, expires_at=END)
    assert find(raw_key, END - timedelta(microseconds=1)) is not None
    assert find(raw_key, END) is None


def test_a_revoked_key_opens_nothing_and_keeps_its_first_moment():
    key, raw_key = create_api_key("A", at=AT)
    revoke_api_key(key, at=AT + timedelta(days=1), by="lan")
    revoke_api_key(key, at=AT + timedelta(days=2), by="lan")
    assert find(raw_key, AT + timedelta(days=3)) is None
    assert ApiKey.objects.get().revoked_at == AT + timedelta(days=1)


def test_a_changed_letter_anywhere_opens_nothing_and_one_query_says_so(django_assert_num_queries):
    _, raw_key = create_api_key("A", at=AT)
    for place in (5, 14, len(raw_key) - 1):
        wrong = raw_key[:place] + ("b" if raw_key[place] == "a" else "a") + raw_key[place + 1 :]
        with django_assert_num_queries(1):
            assert find(wrong, AT) is None
    with django_assert_num_queries(1):
        assert find(raw_key, AT) is not None


@pytest.mark.parametrize("text", ["", "hpr", "hpr_", "hpr_abcd_", "sk_abcdefgh_" + "x" * 43, "hpr_ABCD_" + "x" * 43,
                                  "hpr_abcdefgh_" + "ă" * 43, " hpr_abcdefgh_" + "x" * 43])  # fmt: skip
def test_what_has_not_the_shape_of_a_key_asks_the_database_nothing(text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert find(text, AT) is None


def test_another_pepper_makes_every_key_useless():
    _, raw_key = create_api_key("A", at=AT)
    with override_settings(API_KEY_PEPPER="another"):
        assert find(raw_key, AT) is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["  "], "api_key_unnamed"),
        (["A", "--scope", "write"], "scope_unknown"),
        (["A", "--expires", "hôm nào đó"], "date_unreadable"),
        (["A", "--expires", "tháng 12/2099"], "expiry_not_a_day"),
        (["A", "--expires", "31/12/2020"], "expiry_passed"),
    ],
)
def test_a_refusal_is_exit_code_one_and_makes_no_key(arguments, code):
    ended = manage("create_api_key", *arguments)
    assert (ended.code, ended.out) == (1, "")
    assert f"{code} · " in ended.err
    assert not ApiKey.objects.exists()


def test_two_keys_of_one_name_are_two_keys():
    assert create_api_key("A", at=AT)[1] != create_api_key("A", at=AT)[1]
    assert ApiKey.objects.filter(name="A").count() == 2


def test_an_unknown_scope_is_refused_at_every_door():
    with pytest.raises(Problem, match="write"):
        create_api_key("A", at=AT, scopes=["read", "write"])


def test_a_wrong_call_is_exit_code_two():
    assert manage("create_api_key").code == 2
