"""Verifiers: does a premise support a hypothesis? The package has one file per kind of verifier, and the parts that
they share.

To add a kind, add a file with a class derived from ``PredictiveVerifier`` that implements ``predict``, or from
``StatementVerifier``, which weighs accepted wordings against false versions and lets you implement
``predict_statements`` instead; ``lexical`` is the simplest example. Thresholds, calibration, cascades and ``harness
calibrate`` then work without further code.

locale_values, value_conflicts   values that differ, in languages that a verifier does not read
prediction    ``Prediction``, what ``predict`` returns
predictive    ``PredictiveVerifier``: from pairs to verdicts
statements    ``StatementVerifier``
windowed      ``WindowedVerifier``, which reads long premises in windows
decide        from probabilities to a label; every threshold
facts         claims checked against the facts of their article
calibration   the file that ``harness calibrate`` writes
model_card    how well fitted weights agree with people
"""

PARTS = frozenset(
    {"calibration", "decide", "facts", "locale_values", "model_card", "prediction", "predictive", "statements"}
    | {"value_conflicts", "windowed"}
)
"""Modules of shared code, which define no kind."""
