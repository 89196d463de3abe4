"""Scorers: numbers of a summary, one file a kind, and the public parts that they are built from.

A new kind is a file here (``length`` is a plain one) with a class derived from ``SummaryScorer``: ``metrics`` names its
numbers, and ``measure`` gives them for one summary.

measure      the bases ``SummaryScorer`` and ``BatchScorer``; ``Measure``, and ``missing`` for one that cannot be had
verdicts     a case's verdicts by fact or claim
references   what comparisons with references share

Modules with an underscore are parts of kinds: ``_pyramid`` of fact recall and fact F1, ``_ngrams`` of novelty and
repetition, the others of ROUGE.
"""

PARTS = frozenset({"measure", "references", "verdicts"})
"""Modules that are no kinds: what built-in scorers and those of other packages share."""
