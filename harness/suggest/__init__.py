"""Suggestions for an article's facts: statements, and false versions of a statement. A person reviews them.

suggest_facts(item, verify)                    statements that no fact makes yet, the most important first
suggest_versions(fact, article, facts, rng)    what a summary could get wrong about a fact
unreviewed.write_facts(items, verify, limit)   facts for articles that have none, marked as unreviewed
"""

from __future__ import annotations

from harness.suggest.facts import Suggestion, suggest_facts
from harness.suggest.versions import suggest_versions

__all__ = ["Suggestion", "suggest_facts", "suggest_versions"]
