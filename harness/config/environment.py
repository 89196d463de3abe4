"""Which environment variables a config may send away: what a config names is put into requests, and it may be a
stranger's.

A variable stands in ``base_url`` or ``extra`` only where its name says that it is meant for that, and none that looks
like a secret stands in a prompt or in another option of what asks a server. ``HARNESS_ALLOW_ENV=NAME,NAME`` allows
others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from harness import plugins
from harness.config.layers import Layers, variables
from harness.data.yaml.file import Key, children
from harness.errors import Problem
from harness.servers.options import AsksServer, allowed_variables

_SENT = ("prompts", "models", "verifier", "scorers")
_ADDRESS = re.compile(r"HARNESS_\w+|(\w+_)?(API_URL|API_BASE|BASE_URL|SERVER_URL|HOST|PORT)")
_EXTRA = re.compile(r"HARNESS_\w+")
_SECRET = re.compile(
    r"(?i)(.*(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|CREDENTIALS?|COOKIE|DATABASE_URL|DSN)|(.*_)?(PASS|AUTH|PRIVATE))(_.*)?"
)
"""GITHUB_TOKEN and DB_PASS are, MAX_TOKENS and AUTHOR are not."""


def problems(layers: Layers) -> Iterator[Problem]:
    """The variables of a config that it may not send away, each at its place."""
    for section in _SENT:
        for key, name in _used(layers.written.get(section), (section,), section == "prompts"):
            message = (
                f"the environment variable {name} is not put in here, as it would be sent away; where it is meant "
                f"to be, allow it: HARNESS_ALLOW_ENV={name}"
            )
            yield layers.problem(key, message)


def _used(value: Any, key: Key, served: bool) -> Iterator[tuple[Key, str]]:
    """(key, variable) for every variable below a key that may not be sent; ``served``: of what asks a server."""
    if isinstance(value, str):
        yield from ((key, name) for name in variables(value) if not _may_be_sent(key, name, served))
    if isinstance(value, dict) and "kind" in value:
        served = _may_ask_server(value["kind"])
    for part, below in children(value):
        yield from _used(below, (*key, part), served)


def _may_ask_server(kind: object) -> bool:
    """Whether a plugin of this kind may send its options to a server: true for any that is not built in."""
    seams = [seam for seam in plugins.SEAMS if plugins.is_built_in(seam, str(kind))]
    return not seams or any(issubclass(plugins.find(seam, str(kind)), AsksServer) for seam in seams)


def _may_be_sent(key: Key, name: str, served: bool) -> bool:
    if name in allowed_variables():
        return True
    if "base_url" in key:
        return _ADDRESS.fullmatch(name) is not None
    if "extra" in key:
        return _EXTRA.fullmatch(name) is not None
    is_sent = served and key[-1] != "api_key_env"  # the name of a key is no part of a request
    return not is_sent or _SECRET.fullmatch(name) is None
