"""Which addresses may be fetched: none inside our own network, however they are written.

A host name is judged by what it resolves to, inside the connector's own resolver: what was checked is what is connected
to. aiohttp does not resolve literal addresses, so those are judged before each request.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = 0x5EFE  # before the last 32 bits, two bits aside


class ForbiddenAddress(OSError):
    """A name leads into a private network."""


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the open internet's; an IPv6 address may carry an IPv4 one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _carried(found)
        if inner is not None:
            return _is_open(inner)
    return _is_open(found)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside a mapped, a 6to4, a NAT64 or an ISATAP one."""
    if address in _NAT64 or int(address) >> 32 & 0xFCFFFFFF == _ISATAP:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    closed = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not (closed or address.is_private or address.is_link_local)


def literal(url: URL) -> str | None:
    """The host of an address that names it by number, in whatever form ("127.1", "0x7f000001"), else None."""
    host = (url.host or "").partition("%")[0].rstrip(".")
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def is_local_name(url: URL) -> bool:
    """Whether the host is named as this very machine, whatever a DNS says of that name."""
    return (url.host or "").rstrip(".").lower().rpartition(".")[2] == "localhost"


def shown(source: str | URL) -> str:
    """An address fit for logs and messages: without user, password, query and fragment."""
    try:
        url = URL(source)
        return str(url.with_user(None).with_query(None).with_fragment(None)) if url.host else str(source)[:200]
    except (ValueError, TypeError):
        return str(source).partition("?")[0].rpartition("@")[2][:200]


class GuardedResolver(AbstractResolver):
    """Names to addresses; a name of which any address is private is refused whole."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not found:
            raise OSError(f"{host} has no address")
        for each in found:
            if not is_public(each["host"]):
                raise ForbiddenAddress(f"{host} leads to the private address {each['host']}")
        return found

    async def close(self) -> None:
        await self._inner.close()
