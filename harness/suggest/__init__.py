"""What a person may want to add to an article's facts: statements, and false versions of a statement.

``unreviewed`` writes statements beside articles that have no facts, marked, so that a run can start with them.

suggested_facts(item, verify)                          what article and references say and no fact does yet
suggested_versions(statement, article, facts, rng)     what a summary could get wrong about it

Suggestions are read, accepted or edited by a person; only ``unreviewed``, when it is asked to, writes them first.
"""

from __future__ import annotations

from harness.suggest.facts import Suggestion, suggested_facts
from harness.suggest.versions import suggested_versions

__all__ = ["Suggestion", "suggested_facts", "suggested_versions"]
