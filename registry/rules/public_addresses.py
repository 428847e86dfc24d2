"""Which addresses lie in the public internet: the only ones that a webhook may be sent to.

Source: the special-purpose registries of IANA (RFC 6890 and its updates). IPv4 names what is refused; IPv6 names
what is allowed, because nothing else has been given out. Ways to say an IPv4 address in IPv6 (mapped, 6to4, Teredo,
NAT64) are refused altogether: what lies behind them is another address.
"""

from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network

_NOT_PUBLIC_4 = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's translation
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local: clouds tell their secrets at 169.254.169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # measuring
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GIVEN_OUT_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    ip_network(network)
    for network in (
        "2001::/23",  # protocols, Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether that IP address, as text, belongs to anybody in the public internet. Raises ValueError for no address."""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _NOT_PUBLIC_4)
    # One with a zone (fe80::1%eth0) is of a link.
    return found.scope_id is None and found in _GIVEN_OUT_6 and not any(found in n for n in _NOT_PUBLIC_6)
