"""YAML → RunConfig → plan: which systems summarise which articles, and how they are judged."""

from harness.config.resolve import resolve, resolve_judging
from harness.config.run_config import (
    RunConfig,
    check_judging,
    list_unread,
    list_warnings,
    load,
    load_judging,
    load_source,
    load_verifier,
)
from harness.config.settings import Settings, explain_cannot_suggest

__all__ = [
    "RunConfig",
    "Settings",
    "check_judging",
    "explain_cannot_suggest",
    "list_unread",
    "list_warnings",
    "load",
    "load_judging",
    "load_source",
    "load_verifier",
    "resolve",
    "resolve_judging",
]
