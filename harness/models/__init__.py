"""Models, one file a kind, and the public parts that they are built from."""

PARTS = frozenset({"extractive"})
"""Modules that are no kinds: what built-in models and those of other packages share."""
