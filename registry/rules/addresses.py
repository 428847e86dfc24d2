"""Addresses of the network: who really sent a request, and whether a list of networks holds it."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_interface,
    ip_network,
)

from registry.rules.problems import Problem

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: IPv4 within IPv6; who sends from there counts as IPv4 (`parse_address`).
_MAPPED = IPv6Network("::ffff:0:0/96")


@lru_cache(maxsize=10_000)
def parse_address(text: str) -> Address | None:
    """The address that the text writes, None when it writes none. An IPv4 address within IPv6 is that IPv4."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_address(remote: str, forwarded: str, trusted_proxies: int) -> Address | None:
    """Who sent the request that came from `remote` through that many proxies of ours.

    Each proxy appends to X-Forwarded-For (`forwarded`) whom it heard from; what stands further left, anybody can
    write. With fewer entries than proxies the request did not come through them: then `remote` counts.
    None when that is no address, as with a Unix socket.
    """
    hops = [hop for hop in forwarded.split(",") if hop.strip()]
    if 0 < trusted_proxies <= len(hops):
        return parse_address(_without_port(hops[-trusted_proxies]))
    return parse_address(remote)


def _without_port(hop: str) -> str:
    """Some proxies write `203.0.113.7:50412`, `[2001:db8::1]` or `[2001:db8::1]:50412`."""
    hop = hop.strip().strip('"')
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    # A colon alone parts a port; an address of IPv6 has two at least.
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def parse_network(text: str) -> Network:
    """The network or single address that the text writes; bits beyond the mask are dropped. Raises ValueError.

    For what is stored: of what is typed, `typed_network` refuses more.

    IPv4 within IPv6 is that IPv4, as senders are (`parse_address`): else it would hold nobody.
    """
    network = ip_network(text.strip(), strict=False)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < 96:
        return network
    return ip_network((mapped, network.prefixlen - 96))


def typed_network(text: str) -> Network:
    """The network or single address that somebody means who types it. What could be read as a wider one is refused.

    Raises Problem: address_unreadable, address_zoned, network_of_everything, network_straddles, network_ambiguous.
    """
    said = text[:60]
    if "%" in text:
        raise Problem(
            "address_zoned",
            f"“{said}” có vùng mạng (phần sau dấu %), mà người gửi đến đây không mang vùng. Hãy ghi địa chỉ không có "
            "phần đó.",
        )
    try:
        network, typed = parse_network(text), ip_interface(text.strip()).ip
    except ValueError:
        raise Problem(
            "address_unreadable",
            f"“{said}” không phải địa chỉ mạng. Hãy ghi như 203.0.113.7 hoặc 10.1.0.0/16, mỗi dòng một địa chỉ.",
        ) from None
    address = getattr(typed, "ipv4_mapped", None) or typed
    if network.prefixlen == 0:
        only = f" Chỉ địa chỉ {address} thì ghi {address}." if int(address) else ""
        raise Problem(
            "network_of_everything",
            f"“{said}” là mọi địa chỉ IPv{network.version}.{only} Cho dùng ở mọi nơi thì để trống.",
        )
    if isinstance(network, IPv6Network) and _MAPPED.subnet_of(network):
        raise Problem(
            "network_straddles",
            f"“{said}” gồm cả địa chỉ IPv4 lẫn IPv6. Hãy ghi riêng từng mạng, mạng IPv4 ghi như 10.1.0.0/16.",
        )
    if address != network.network_address:
        raise Problem(
            "network_ambiguous",
            f"“{said}” hiểu được hai cách. Chỉ địa chỉ {address} thì ghi {address}; cả mạng thì ghi {network}.",
        )
    return network


def within(address: Address | None, networks: Iterable[Network]) -> bool:
    """Whether one of the networks holds the address; without any network every sender is within."""
    # All are asked: how long it takes does not tell which one holds it.
    asked = [address is not None and address in network for network in networks]
    return not asked or any(asked)


def home_of(address: Address) -> Network:
    """All that one sender can send from: the address; of IPv6 the /64, for who has one has 2^64 of them."""
    return ip_network((address, 64 if isinstance(address, IPv6Address) else 32), strict=False)


def beginnings(home: IPv6Network) -> set[str]:
    """How the addresses of a /64 begin as they are written (RFC 5952): each of them with one of these.

    Others do not, but for some whose second and third group are zero.
    """
    groups = home.network_address.exploded.split(":")[:4]
    plain = "".join(f"{int(group, 16):x}:" for group in groups)
    return {plain, str(home.network_address), str(home.broadcast_address).removesuffix("ffff:" * 3 + "ffff")}
