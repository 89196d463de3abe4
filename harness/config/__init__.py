"""YAML → RunConfig → plan: which systems summarise which articles, and how they are judged."""

from harness.config.resolved import resolved, resolved_judging
from harness.config.run_config import RunConfig, Settings, check_judging, load, load_judging, source, verifier, warnings

__all__ = [
    "RunConfig",
    "Settings",
    "check_judging",
    "load",
    "load_judging",
    "resolved",
    "resolved_judging",
    "source",
    "verifier",
    "warnings",
]
