"""Scorers, one file a kind, and the public parts that they are built from."""

PARTS = frozenset({"measure", "references", "verdicts"})
"""Modules that are no kinds: what built-in scorers and those of other packages share."""
