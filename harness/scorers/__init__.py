"""Scorers: numbers about a summary, one file per kind.

To add a kind, add a file with a class derived from a base in ``measure``: ``metrics`` names its numbers and ``measure``
computes them for one summary; ``length`` is a plain example. ``fact_f1`` shows how to combine other scorers' numbers,
``rubric`` how to ask a language model.
"""

PARTS = frozenset({"judged", "measure", "overlap", "stems", "verdicts"})
"""Modules of shared code, which define no kind; scorers in other packages may import them too."""
