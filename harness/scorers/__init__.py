"""Scorers: numbers about a summary.

To add a kind, list its class in ``KINDS``. Derive the class from a base class in ``measure``: ``metrics`` names its
numbers, and ``measure`` computes them for one summary. ``Length`` is a simple example, ``Rouge`` compares with the
references, and ``Rubric`` asks a language model.
"""

KINDS = {
    "bertscore": "bertscore:Bertscore",
    "completeness": "generation:Completeness",
    "cost": "generation:Cost",
    "evaluate": "evaluate:Evaluate",
    "extractiveness": "wording:Extractiveness",
    "fact_contradicted": "verdicts:FactContradicted",
    "fact_recall": "verdicts:FactRecall",
    "faithfulness": "verdicts:Faithfulness",
    "length": "wording:Length",
    "novelty": "wording:Novelty",
    "preference": "preference:Preference",
    "repetition": "wording:Repetition",
    "rouge": "rouge:Rouge",
    "rubric": "rubric:Rubric",
}
"""Kind → its module and class."""
