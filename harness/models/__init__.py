"""Models, one file for each kind, and the parts that they share."""

PARTS = frozenset({"context", "extractive", "local", "outputs"})
"""Modules that are not kinds."""
