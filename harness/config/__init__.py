"""YAML → RunConfig → plan: which systems summarise which articles, and how they are judged."""

from harness.config.run_config import RunConfig, list_warnings, load, load_judging, load_verifier

__all__ = ["RunConfig", "list_warnings", "load", "load_judging", "load_verifier"]
