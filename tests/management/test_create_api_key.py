import re
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest
from django.test import override_settings

from registry import clock
from registry.actions.api_keys import create_api_key, create_partner, revoke_api_keys
from registry.ledger.context import recorded
from registry.models import ApiKey, LedgerEntry, LedgerPayload, Partner
from registry.queries.api_keys import find
from registry.rules.api_keys import last_expiry
from registry.rules.hanoi import end_of
from registry.rules.problems import Problem
from registry.rules.scopes import EVERY_KIND
from tests.keys import new_key, partner_named
from tests.management.calling import manage

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
#: 31/12/2030 ends in Hà Nội seven hours before it does in UTC.
END = datetime(2030, 12, 31, 16, 59, 59, 999999, tzinfo=UTC)
#: The command goes by the real clock.
LAST_DAY = clock.today() + timedelta(days=365)
EXPIRES = ("--expires", f"{LAST_DAY:%d/%m/%Y}")
NEW = ("--contact", "Phòng CNTT", "--purpose", "Tra cứu")
RAW = "hpr_abcdefgh_" + "x" * 43


def test_the_key_stands_alone_on_the_last_line_and_opens_the_api():
    ended = manage("create_api_key", "Ngân hàng A", *EXPIRES, *NEW)
    raw_key = ended.out.splitlines()[-1]
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"hpr_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", raw_key)
    key = ApiKey.objects.get()
    assert find(raw_key, AT).key_id == key.pk
    assert find(raw_key, AT).kinds == EVERY_KIND
    assert (key.scopes, key.expires_at) == ("clusters decisions investors sources", end_of(LAST_DAY))
    assert (key.partner.name, key.partner.contact, key.partner.purpose) == ("Ngân hàng A", *NEW[1::2])


def test_scopes_addresses_and_a_name_are_kept_in_one_spelling():
    words = ["--scope", "sources", "--scope", "clusters", "--address", "10.0.0.0/8", "--name", " Máy  1 "]
    told, raw_key = manage("create_api_key", "A", *EXPIRES, *NEW, *words).out.splitlines()
    assert "dùng được từ 10.0.0.0/8." in told
    key = ApiKey.objects.get()
    assert (key.scopes, key.addresses, key.name) == ("clusters sources", "10.0.0.0/8", "Máy 1")
    assert find(raw_key, AT, ip_address("10.9.9.9")) is not None
    assert find(raw_key, AT, ip_address("11.0.0.1")) is None
    assert find(raw_key, AT, None) is None


def test_neither_the_table_nor_the_ledger_holds_the_key():
    raw_key = manage("create_api_key", "A", *EXPIRES, *NEW).out.splitlines()[-1]
    secret = raw_key.split("_", 2)[2]
    key = ApiKey.objects.get()
    assert secret not in str(key.__dict__)
    texts = [text for text in LedgerPayload.objects.values_list("after", flat=True) if text]
    assert any(key.prefix in text for text in texts)
    assert not any(secret in text or key.digest in text for text in texts)
    assert LedgerEntry.objects.get(table_name="registry_apikey").actor == "system"


def test_a_key_ends_with_the_moment_it_expires():
    _, raw_key = new_key("A", at=AT, expires_at=END)
    assert find(raw_key, END - timedelta(microseconds=1)) is not None
    assert find(raw_key, END) is None


def test_a_new_key_lasts_at_most_five_years_and_an_older_one_as_long_as_it_was_given_for():
    """AT is 05/01/2026, 09:00 in Hà Nội."""
    assert new_key("A", at=AT, expires_at=end_of(date(2031, 1, 5)))
    with pytest.raises(Problem) as refused:
        new_key("A", at=AT, expires_at=end_of(date(2031, 1, 6)))
    assert refused.value.code == "expiry_too_far"
    assert "không sau 05/01/2031" in refused.value.message
    key, raw_key = new_key("A", at=AT)
    with recorded():
        ApiKey.objects.filter(pk=key.pk).update(expires_at=end_of(date(2099, 12, 31)))
    assert find(raw_key, end_of(date(2099, 12, 31)) - timedelta(microseconds=1)) is not None
    assert last_expiry(date(2028, 2, 29)) == date(2033, 2, 28)


def test_a_revoked_key_opens_nothing_and_keeps_its_first_moment():
    key, raw_key = new_key("A", at=AT)
    assert revoke_api_keys([key], at=AT + timedelta(days=1), by="lan") == 1
    assert revoke_api_keys([key], at=AT + timedelta(days=2), by="lan") == 0
    assert find(raw_key, AT + timedelta(days=3)) is None
    assert ApiKey.objects.get().revoked_at == AT + timedelta(days=1)


def test_a_changed_letter_anywhere_opens_nothing_and_one_query_says_so(django_assert_num_queries):
    _, raw_key = new_key("A", at=AT)
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
    _, raw_key = new_key("A", at=AT)
    with override_settings(API_KEY_PEPPER="another"):
        assert find(raw_key, AT) is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["  ", *NEW], "partner_incomplete"),
        (["A", "--contact", "Phòng CNTT"], "partner_incomplete"),
        (["A"], "partner_unknown"),
        (["A", *NEW, "--scope", "write"], "scope_unknown"),
        (["A", *NEW, "--address", "10.0.0.0/33"], "address_unreadable"),
        (["A", *NEW, "--address", "example.org"], "address_unreadable"),
        (["A", *NEW, "--address", "203.0.113.7/0"], "network_of_everything"),
        (["A", *NEW, "--address", "10.0.0.1/8", "--address", "example.org"], "network_ambiguous"),
        (["A", *NEW, "--name", RAW], "key_in_text"),
        (["A", "--contact", RAW, "--purpose", "Vay"], "key_in_text"),
        (["A", *NEW, "--address", RAW], "key_in_text"),
        (["A", *NEW, "--expires", "hôm nào đó"], "date_unreadable"),
        (["A", *NEW, "--expires", "tháng 12/2099"], "expiry_not_a_day"),
        (["A", *NEW, "--expires", "31/12/2020"], "expiry_passed"),
        (["A", *NEW, "--expires", "31/12/2099"], "expiry_too_far"),
    ],
)
def test_a_refusal_is_exit_code_one_and_makes_neither_key_nor_partner(arguments, code):
    words = arguments if "--expires" in arguments else [*arguments, *EXPIRES]
    ended = manage("create_api_key", *words)
    assert (ended.code, ended.out) == (1, "")
    assert f"{code} · " in ended.err
    assert RAW not in ended.err
    assert not ApiKey.objects.exists()
    assert not Partner.objects.exists()


def test_a_partner_has_two_keys_while_it_changes_them_and_never_three():
    (first, old), (_, new) = new_key("A", at=AT), new_key("A", at=AT)
    assert find(old, AT).key_id != find(new, AT).key_id
    with pytest.raises(Problem) as refused:
        new_key("A", at=AT)
    assert refused.value.code == "two_keys_live"
    assert new_key("B", at=AT)
    revoke_api_keys([first], at=AT, by="lan")
    assert (find(old, AT), find(new, AT).key_id) == (None, ApiKey.objects.get(prefix=new[4:12]).pk)
    assert new_key("A", at=AT)


def test_an_expired_key_takes_no_place():
    for _ in range(2):
        new_key("A", at=AT, expires_at=AT + timedelta(days=1))
    with pytest.raises(Problem, match="2 khóa"):
        new_key("A", at=AT + timedelta(days=1, microseconds=-1))
    assert new_key("A", at=AT + timedelta(days=1))


def test_a_partner_is_there_once():
    partner_named("A")
    with pytest.raises(Problem) as refused:
        create_partner(" A ", contact="Phòng khác", purpose="Khác")
    assert refused.value.code == "partner_taken"


def test_what_no_scope_opens_is_refused_at_every_door():
    partner = partner_named("A")
    for scopes, code in ((["clusters", "write"], "scope_unknown"), ([], "scopes_missing")):
        with pytest.raises(Problem) as refused:
            create_api_key(partner, at=AT, expires_at=END, scopes=scopes)
        assert refused.value.code == code


@pytest.mark.parametrize("words", [[], ["A"]])
def test_a_wrong_call_is_exit_code_two(words):
    assert manage("create_api_key", *words).code == 2
