"""Suggest facts for an article, and false versions of a statement; a person reviews them."""

from __future__ import annotations

from harness.suggest.facts import Suggestion, suggest_facts, suggest_versions, write_facts
from harness.suggest.model import ModelAnswer, ask_model

__all__ = ["ModelAnswer", "Suggestion", "ask_model", "suggest_facts", "suggest_versions", "write_facts"]
