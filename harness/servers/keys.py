"""Environment variables that hold keys for servers: which a config may name."""

from __future__ import annotations

import os
import re

_KEY = re.compile(r"(\w+_)?API_(KEY|TOKEN)|HF_TOKEN|HARNESS_\w+|\w+_KEY")
_OTHER = re.compile(r"SECRET|PRIVATE|ACCESS|SESSION|SIGNING|ENCRYPTION|DEPLOY|MASTER|SSH|GPG|AWS")
"""Words of names that are keys to something else than a language model."""


def allowed() -> frozenset[str]:
    """The variables that the user allows by name: ``HARNESS_ALLOW_ENV=NAME,NAME``."""
    return frozenset(name.strip() for name in os.environ.get("HARNESS_ALLOW_ENV", "").split(","))


def is_key(name: str) -> bool:
    """Whether a variable's name says that it holds a key for a server, or the user allows it."""
    return name in allowed() or (_KEY.fullmatch(name) is not None and _OTHER.search(name) is None)
