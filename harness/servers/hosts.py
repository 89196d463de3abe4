"""Which hosts are asked: said once each, before the first question, unless it is this machine or OpenAI itself."""

from __future__ import annotations

import ipaddress
import sys
from urllib.parse import urlsplit

from harness.servers.line import Address
from harness.servers.no_answer import shown

_said: set[str] = set()


def announce(address: Address, provider: str) -> None:
    """A line on standard error: where texts go, and with which key. ``provider`` is the one whose key it is anyway."""
    host = urlsplit(address.url).hostname or ""
    if address.url in _said or host == urlsplit(provider).hostname or _is_loopback(host):
        return
    _said.add(address.url)
    key = f", with the key in {address.key_variable}" if address.key else ""
    sys.stderr.write(f"harness: asking {shown(host)} ({shown(address.url)}){key}\n")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
