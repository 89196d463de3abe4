"""Models: one file for each kind, and the code that they share."""

PARTS = frozenset({"context", "extractive", "local", "outputs"})
"""Modules of shared code, which define no kind."""
