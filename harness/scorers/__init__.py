"""Scorers: numbers about a summary, one file per kind.

To add a kind, add a file with a class derived from a base in ``measure``: ``metrics`` names its numbers and
``measure`` computes them for one summary; ``length`` is a plain example. ``fact_f1`` is an example of a number made
from other scorers' numbers, ``rubric`` of one that a language model gives.
"""

PARTS = frozenset({"judged", "measure", "overlap", "stems", "verdicts"})
"""Modules that are not kinds, but shared by scorers, those of other packages included."""
