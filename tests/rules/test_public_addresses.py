"""Which addresses a webhook may be sent to."""

import pytest

from registry.rules.problems import Problem
from registry.rules.public_addresses import is_public
from registry.rules.webhook_targets import refuse_target

PUBLIC = ["1.1.1.1", "8.8.8.8", "113.160.0.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
          "192.167.255.255", "2001:ee0::1", "2404:6800:4005::200e", "2606:4700:4700::1111"]  # fmt: skip
INSIDE = [
    "0.0.0.0", "0.1.2.3",
    "10.0.0.1", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.1.1",
    "100.64.0.0", "100.127.255.255",
    "127.0.0.1", "127.255.255.254",
    "169.254.0.1", "169.254.169.254",
    "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1",
    "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_in_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_that_is_reserved_or_hides_another_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    ["https://doi-tac.vn/nhan", "https://doi-tac.vn:8443/nhan?tu=so", "https://1.1.1.1/", "https://đối-tác.vn/",
     "https://[2606:4700:4700::1111]/"],
)  # fmt: skip
def test_an_address_of_a_receiver_in_the_internet_is_accepted(url):
    refuse_target(url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://doi-tac.vn/", "webhook_url_plain"),
        ("ftp://doi-tac.vn/", "webhook_url_malformed"),
        ("https:///nhan", "webhook_url_malformed"),
        ("https://doi-tac.vn:99999/", "webhook_url_malformed"),
        ("https://[::1/", "webhook_url_malformed"),
        ("https://an:matkhau@doi-tac.vn/", "webhook_url_extra"),
        ("https://doi-tac.vn/#nhan", "webhook_url_extra"),
        ("https://localhost/", "webhook_url_private"),
        ("https://LOCALHOST./", "webhook_url_private"),
        ("https://kho.localhost/", "webhook_url_private"),
        ("https://kho.internal/", "webhook_url_private"),
        ("https://may-in.local/", "webhook_url_private"),
        ("https://kho/", "webhook_url_private"),
        *((f"https://{f'[{address}]' if ':' in address else address}/", "webhook_url_private")
          for address in INSIDE if "%" not in address),
    ],
)  # fmt: skip
def test_an_address_of_a_receiver_that_is_never_sent_to_is_refused_in_words(url, code):
    with pytest.raises(Problem) as refused:
        refuse_target(url)
    assert refused.value.code == code
    assert not refused.value.message.isascii()


def test_a_closed_network_may_allow_its_own_addresses_but_not_nonsense():
    refuse_target("http://10.0.0.7:8080/nhan", private=True)
    for url in ("ftp://10.0.0.7/", "http://an:b@10.0.0.7/", "http:///"):
        with pytest.raises(Problem):
            refuse_target(url, private=True)
