"""Which Host headers are this server's own: it keeps out a foreign name that was made to lead here (DNS rebinding)."""

from __future__ import annotations

import ipaddress
import re

from aiohttp import web

LISTENING = web.AppKey("LISTENING", str)  # the host that the server was told to listen on

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    address = _address(host)
    return address.is_loopback if address is not None else host.lower() == "localhost"


def is_own(header: str, listening: str) -> bool:
    """Whether a Host header names this server: this machine; beyond it only if the server was told to listen there,
    and then by that name or by a bare address, which no foreign name can pretend to be."""
    found = _HOST.fullmatch(header)
    if found is None:
        return False
    name = found["name"].strip("[]")
    if name.lower() == "localhost" or name in ("127.0.0.1", "::1"):
        return True
    return not is_loopback(listening) and (_address(name) is not None or name.lower() == listening.lower())


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
