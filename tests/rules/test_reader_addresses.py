"""Who sent a request, whether a network holds it, what a key looks like, what a scope opens."""

from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as some

from registry.rules.addresses import (
    beginnings,
    client_address,
    home_of,
    parse_network,
    typed_network,
    within,
)
from registry.rules.api_keys import KEY, holds_key, without_keys
from registry.rules.codes import SUBJECT_KIND
from registry.rules.problems import Problem
from registry.rules.scopes import CATALOGUES, EVERY_KIND, SCOPE, kinds_of, scopes_for

RAW = "hpr_abcdefgh_" + "x" * 43


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "sender"),
    [
        ("203.0.113.7", "", 0, "203.0.113.7"),
        ("203.0.113.7", "10.0.0.1", 0, "203.0.113.7"),  # anybody can write the header
        ("10.0.0.2", "203.0.113.7", 1, "203.0.113.7"),
        ("10.0.0.2", "1.1.1.1, 203.0.113.7", 1, "203.0.113.7"),
        ("10.0.0.2", "1.1.1.1,203.0.113.7,10.0.0.1", 2, "203.0.113.7"),
        ("203.0.113.7", "", 1, "203.0.113.7"),  # past the proxy
        ("203.0.113.7", "1.1.1.1", 2, "203.0.113.7"),
        ("10.0.0.2", "unknown", 1, None),
        ("", "", 0, None),  # a Unix socket
        ("::ffff:203.0.113.7", "", 0, "203.0.113.7"),
        ("fe80::1%eth0", "", 0, "fe80::1"),
        ("2001:db8::1", "2001:DB8::2", 1, "2001:db8::2"),
        ("10.0.0.2", "203.0.113.7:50412", 1, "203.0.113.7"),
        ("10.0.0.2", "1.1.1.1, [2001:db8::2]:443", 1, "2001:db8::2"),
        ("10.0.0.2", "[2001:db8::2]", 1, "2001:db8::2"),
        ("10.0.0.2", "[::ffff:203.0.113.7]:1", 1, "203.0.113.7"),
        ("10.0.0.2", "203.0.113.7:", 1, "203.0.113.7"),
        ("10.0.0.2", "[203.0.113.7", 1, "203.0.113.7"),
        ("10.0.0.2", ":443", 1, None),
    ],
)
def test_the_sender_is_whom_our_own_proxies_heard_from(remote, forwarded, proxies, sender):
    expected = None if sender is None else ip_address(sender)
    assert client_address(remote, forwarded, proxies) == expected


@pytest.mark.parametrize(
    ("address", "home"),
    [("203.0.113.7", "203.0.113.7/32"), ("2a00:1450:1:2:3::9", "2a00:1450:1:2::/64"), ("::1", "::/64")],
)
def test_one_sender_has_an_address_or_a_network_of_ipv6(address, home):
    assert home_of(ip_address(address)) == ip_network(home)


groups = some.lists(some.sampled_from([0, 1, 0x20, 0xFFFF]), min_size=8, max_size=8)


@given(groups, groups)
def test_a_network_of_ipv6_is_known_by_how_its_addresses_begin(one, other):
    address, stranger = (
        IPv6Address(bytes(byte for group in g for byte in divmod(group, 256))) for g in (one, other)
    )
    home = home_of(address)
    assert isinstance(home, IPv6Network)
    assert str(address).startswith(tuple(beginnings(home)))
    if stranger not in home and any(one[1:3]):
        assert not str(stranger).startswith(tuple(beginnings(home)))


def test_a_list_of_networks_holds_what_any_of_them_holds():
    networks = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"), ip_network("203.0.113.7")]
    assert within(ip_address("10.255.255.255"), networks)
    assert within(ip_address("2001:db8:1::1"), networks)
    assert within(ip_address("203.0.113.7"), networks)
    assert not within(ip_address("11.0.0.0"), networks)
    assert not within(ip_address("203.0.113.8"), networks)
    assert not within(None, networks)
    assert within(ip_address("11.0.0.0"), [])
    assert within(None, [])


def test_bits_beyond_the_mask_are_dropped_and_words_are_no_network():
    assert parse_network(" 10.1.2.3/8 ") == ip_network("10.0.0.0/8")
    assert parse_network("::ffff:203.0.113.7") == ip_network("203.0.113.7")
    assert parse_network("::ffff:10.1.0.0/112") == ip_network("10.1.0.0/16")
    assert parse_network("::/0") == ip_network("::/0")
    for text in ("", "example.org", "10.0.0.0/33", "10.0.0", "2001:db8::/129"):
        with pytest.raises(ValueError):  # noqa: PT011  (the words are Python's)
            parse_network(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("203.0.113.7", "203.0.113.7/32"), ("10.0.0.0/8", "10.0.0.0/8"), ("10.0.0.0/255.255.0.0", "10.0.0.0/16"),
        ("2001:DB8::/32", "2001:db8::/32"), ("2001:db8::7/128", "2001:db8::7/128"), ("fe80::1", "fe80::1/128"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"), ("::ffff:10.1.0.0/112", "10.1.0.0/16"),
        ("0.0.0.0/1", "0.0.0.0/1"), ("::fffe:0:0/96", "::fffe:0:0/96"),
    ],
)  # fmt: skip
def test_what_is_typed_in_full_is_taken(typed: str, stored: str) -> None:
    assert str(typed_network(typed)) == stored
    assert parse_network(stored) == ip_network(stored)


@pytest.mark.parametrize(
    ("typed", "code", "named"),
    [
        ("10.0.0.1/8", "network_ambiguous", ["ghi 10.0.0.1;", "ghi 10.0.0.0/8."]),
        ("2001:db8::7/64", "network_ambiguous", ["ghi 2001:db8::7;", "ghi 2001:db8::/64."]),
        ("::ffff:10.1.2.3/112", "network_ambiguous", ["ghi 10.1.2.3;", "ghi 10.1.0.0/16."]),
        ("203.0.113.7/0", "network_of_everything", ["mọi địa chỉ IPv4", "ghi 203.0.113.7.", "để trống"]),
        ("0.0.0.0/0", "network_of_everything", ["mọi địa chỉ IPv4", "để trống"]),
        ("::ffff:0:0/96", "network_of_everything", ["mọi địa chỉ IPv4"]),
        ("::ffff:1.2.3.4/96", "network_of_everything", ["mọi địa chỉ IPv4", "ghi 1.2.3.4."]),
        ("::/0", "network_of_everything", ["mọi địa chỉ IPv6", "để trống"]),
        ("::ffff:0:0/95", "network_straddles", ["cả địa chỉ IPv4 lẫn IPv6"]),
        ("::/64", "network_straddles", ["cả địa chỉ IPv4 lẫn IPv6"]),
        ("fe80::1%eth0", "address_zoned", ["sau dấu %"]),
        ("fe80::%eth0/64", "address_zoned", ["sau dấu %"]),
        ("010.0.0.1", "address_unreadable", []),
        ("24", "address_unreadable", []),
        ("10.0.0.0/33", "address_unreadable", []),
    ],
)
def test_what_could_be_a_slip_is_refused_with_both_readings(typed: str, code: str, named: list[str]) -> None:
    with pytest.raises(Problem) as refused:
        typed_network(typed)
    assert refused.value.code == code
    assert refused.value.message.startswith(f"“{typed}” ")
    assert [part for part in named if part not in refused.value.message] == []


@pytest.mark.parametrize(
    ("stored", "sender"),
    [
        ("0.0.0.0/0", "1.2.3.4"),
        ("10.0.0.0/8", "10.9.9.9"),
        ("::fffe:0:0/95", "::fffe:0:1"),
        ("fe80::1%eth0/128", None),
    ],
)
def test_what_was_stored_before_is_still_read(stored: str, sender: str | None) -> None:
    network = parse_network(stored)
    assert sender is None or within(ip_address(sender), [network])


def test_a_key_is_found_anywhere_in_a_text_and_taken_out_of_it():
    assert KEY.fullmatch(RAW)
    for text in (
        RAW,
        f"?api_key={RAW}&x=1",
        f"/a/{RAW}/",
        f"Bearer {RAW}",
        RAW[:20],
        RAW.replace("_", "%25255F"),
    ):
        assert holds_key(text)
        assert "xxx" not in without_keys(text)
        assert "hpr_abcdefgh_…" in without_keys(text)
    assert without_keys(f"a={RAW}&b={RAW}") == "a=hpr_abcdefgh_…&b=hpr_abcdefgh_…"
    for text in ("", "hpr", "hpr_", "hpr_abcdefgh", "chpr-1_2", "clusters", "100%", "%25%255F"):
        assert not holds_key(text)
        assert without_keys(text) == text


def test_scopes_open_their_kinds_and_every_scope_the_catalogues():
    assert set(SUBJECT_KIND) == EVERY_KIND == kinds_of(SCOPE)
    assert kinds_of(["decisions"]) == {"decision", "assignment", *CATALOGUES}
    assert kinds_of([]) == kinds_of(["read"]) == frozenset()
    for kind in EVERY_KIND:
        assert scopes_for(kind)
        assert all(kind in kinds_of([scope]) for scope in scopes_for(kind))
        assert not any(kind in kinds_of([scope]) for scope in SCOPE if scope not in scopes_for(kind))
