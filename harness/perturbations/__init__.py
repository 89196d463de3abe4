"""Typed edits of English text: errors of named kinds, and paraphrases that are none.

edits("Acme hired 30 people on Monday.", rng, context=article)    every edit that applies, by kind
false_versions("Acme hired 30 people.", rng, context=article)     what cannot be true if the statement is
signature()                                                       what both depend on: code, word lists, parser
"""

from __future__ import annotations

from harness.perturbations.edit import ALL, HARMLESS, Edit, Kind
from harness.perturbations.making import edits, false_versions, signature

__all__ = ["ALL", "HARMLESS", "Edit", "Kind", "edits", "false_versions", "signature"]
